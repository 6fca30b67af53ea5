"""What the page of a body tells: its rules of the day, who sits, who sat, and what surprises in its composition."""

from __future__ import annotations

from datetime import date
from typing import Any

from cooperation.french import counted
from partners.governance import conduct, plausibility
from partners.governance.models import Body, Seat
from territories.places.models import Population


def page_of(body: Body, today: date) -> dict[str, Any]:
    """Gathered in a number of queries that does not grow with the seats."""
    seats = list(body.seats.select_related("member__commune", "substitute", "commune"))
    present = [seat for seat in seats if seat.ends_on is None or seat.ends_on >= today]
    written = list(body.rules.all())
    in_force = [rule for rule in written if rule.starts_on <= today]
    return {
        "body": body,
        "rules": rules_told(body, today),
        "rule": in_force[-1] if in_force else None,
        "coming_rules": [rule for rule in written if rule.starts_on > today],
        "former_rules": in_force[:-1],
        "seats": present,
        "former": [seat for seat in seats if seat not in present],
        "order": [{"id": seat.pk, "label": name_of(seat)} for seat in present if seat.ends_on is None],
        "warnings": warnings_of(body, present),
    }


def rules_told(body: Body, today: date) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in conduct.in_words(body.conduct_on(today))]


def name_of(seat: Seat) -> str:
    holder = str(seat.member) if seat.member else "Siège à pourvoir"
    return f"{holder} — {seat.commune}" if seat.commune else holder


def warnings_of(body: Body, seats: list[Seat]) -> list[str]:
    """What to check, said and never refused."""
    found = []
    if seats and not any(seat.is_chair for seat in seats):
        found.append("Personne ne préside cette instance : nommez qui la préside avant sa prochaine séance.")
    if body.legal_seats and len(seats) > body.legal_seats:
        found.append(
            f"{counted(len(seats), 'siège est tenu', 'sièges sont tenus')} ou à pourvoir, pour "
            f"{counted(body.legal_seats, 'écrit')} : l’un des deux est faux."
        )
    if body.is_council:
        vice_chairs = sum(seat.is_vice_chair for seat in seats)
        found.append(plausibility.warning_of_vice_chairs(vice_chairs, body.legal_seats))
        found.append(plausibility.warning_of_seats(body.legal_seats, municipal_populations(body)))
    return [warning for warning in found if warning]


def municipal_populations(body: Body) -> list[int]:
    """The last population municipale of each commune, the largest first (CGCT, art. R. 5211-1)."""
    rows = Population.objects.filter(commune__intercommunality=body.intercommunality_id).order_by("year_in_force")
    return sorted(dict(rows.values_list("commune_id", "municipal")).values(), reverse=True)
