"""A calendar is written so that any diary reads it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cooperation.icalendar import Event, calendar_of

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def written(**said):
    given = {
        "uid": "1@commun",
        "start": datetime(2026, 7, 1, 18, 30, tzinfo=PARIS),
        "end": datetime(2026, 7, 1, 20, tzinfo=PARIS),
        "summary": "Comité",
    }
    return calendar_of([Event(**(given | said))], name="Val d’Orvelle", now=NOW)


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_times_are_told_in_utc_and_days_end_on_the_next_one():
    summer = unfolded(written())
    assert "DTSTART:20260701T163000Z" in summer
    assert "DTEND:20260701T180000Z" in summer
    days = unfolded(written(start=date(2026, 12, 30), end=date(2026, 12, 31)))
    assert "DTSTART;VALUE=DATE:20261230" in days
    assert "DTEND;VALUE=DATE:20270101" in days
    with pytest.raises(ValueError, match="zone"):
        written(start=datetime(2026, 7, 1))


def test_lines_hold_75_octets_and_no_character_is_cut():
    words = "Réunion à l’école élémentaire de Saint-Étienne — préfiguration ; " * 4
    text = written(summary=words)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert f"SUMMARY:{words.replace(';', chr(92) + ';')}" in unfolded(text)


def test_words_never_become_lines_of_the_file():
    lines = unfolded(written(summary="a\r\nEND:VEVENT\x00", description="un, deux; trois\\", url="https://x/\r\nA:b"))
    assert "SUMMARY:a\\nEND:VEVENT" in lines
    assert "DESCRIPTION:un\\, deux\\; trois\\\\" in lines
    assert lines.count("END:VEVENT") == 1
    assert "A:b" not in lines


def test_an_appointment_that_is_sent_says_who_asks_whom_and_how_often_it_changed():
    told = {"sequence": 2, "organizer": "a@ccvo.example", "attendee": "b@ccvo.example\r\nX-TRAP:1"}
    event = Event(uid="1@commun", start=date(2026, 7, 1), end=date(2026, 7, 1), summary="Conseil", **told)
    lines = unfolded(calendar_of([event], name="", now=NOW, method="REQUEST"))
    assert "METHOD:REQUEST" in lines and "SEQUENCE:2" in lines
    assert "ORGANIZER:mailto:a@ccvo.example" in lines and not any(line.startswith("X-TRAP") for line in lines)
    assert not any(line.startswith(("METHOD", "SEQUENCE", "ORGANIZER")) for line in unfolded(written()))
