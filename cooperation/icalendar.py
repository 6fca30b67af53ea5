"""Write a calendar that any diary reads (RFC 5545): folded lines, escaped words, times in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

OCTETS = 75


@dataclass(frozen=True)
class Event:
    """What is written: two times that know their zone, or two days, the last one included."""

    uid: str
    start: datetime | date
    end: datetime | date
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    is_cancelled: bool = False
    sequence: int | None = None  # grows whenever the appointment changes
    organizer: str = ""  # an address; an appointment that is sent has one, and names its reader
    attendee: str = ""


def calendar_of(events: Iterable[Event], *, name: str, now: datetime, method: str = "") -> str:
    """The whole file, lines ended by CRLF (RFC 5545, 3.1). Raises ValueError on a time without a zone.

    `method` makes it an appointment that a diary enters, moves or crosses out: REQUEST, CANCEL (RFC 5546, 3.2).
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Commun'accord//FR", "CALSCALE:GREGORIAN"]
    lines += [f"METHOD:{method}"] if method else [f"X-WR-CALNAME:{escape(name)}"]
    for event in events:
        lines += lines_of(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def lines_of(event: Event, now: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escape(event.uid)}",
        f"DTSTAMP:{utc(now)}",
        f"DTSTART{moment(event.start)}",
        f"DTEND{moment(event.end, is_last_day=True)}",
        f"SUMMARY:{escape(event.summary)}",
    ]
    if event.description:
        lines.append(f"DESCRIPTION:{escape(event.description)}")
    if event.location:
        lines.append(f"LOCATION:{escape(event.location)}")
    if event.url:
        lines.append("URL:" + "".join(event.url.splitlines()))  # a URI is not escaped, and never breaks a line
    if event.sequence is not None:
        lines.append(f"SEQUENCE:{event.sequence}")
    for role, address in (("ORGANIZER", event.organizer), ("ATTENDEE;ROLE=REQ-PARTICIPANT", event.attendee)):
        if address:
            lines.append(f"{role}:mailto:{''.join(address.split())}")
    if event.is_cancelled:
        lines.append("STATUS:CANCELLED")
    return [*lines, "END:VEVENT"]


def moment(value: datetime | date, *, is_last_day: bool = False) -> str:
    """A time in UTC, or a whole day; the end of days is the day after the last (RFC 5545, 3.6.1)."""
    if isinstance(value, datetime):
        return f":{utc(value)}"
    return f";VALUE=DATE:{date.fromordinal(value.toordinal() + is_last_day):%Y%m%d}"


def utc(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("A time of a calendar knows its zone.")
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    """Backslash, semicolon, comma and line ends (RFC 5545, 3.3.11); other control characters are dropped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(one for one in text if one in "\n\t" or (one >= " " and one != "\x7f"))
    for raw, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(raw, written)
    return text


def fold(line: str) -> str:
    """Cut a line at 75 octets at most, never inside a character; the next begins with a space (RFC 5545, 3.1)."""
    parts, part, size = [], "", 0
    for one in line:
        width = len(one.encode())
        if size + width > OCTETS:
            parts.append(part)
            part, size = " ", 1
        part, size = part + one, size + width
    return "\r\n".join([*parts, part])
