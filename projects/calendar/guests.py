"""Whom a meeting expects: who is told of it, who may come, and how the list reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cooperation.french import counted
from partners.people.acting import acting_for, held_for
from projects.calendar.models import Guest, Meeting
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User


@dataclass(frozen=True)
class Invited:
    """A guest, and in words how many persons are told of the meeting through them."""

    guest: Guest
    told: str
    is_alone: bool = False  # nobody has an account: they must be told otherwise


def organisations(meeting: Meeting, on: date, guests: Iterable[Guest]) -> dict[str, Any]:
    """The guests of a meeting as they are asked of the memberships of a day."""
    rows = list(guests)
    return {
        "intercommunality_id": meeting.intercommunality_id,
        "on": on,
        "communes": [one.commune_id for one in rows],
        "partners": [one.partner_id for one in rows],
    }


def people_expected(meeting: Meeting, on: date, guests: Iterable[Guest] | None = None) -> QuerySet[User]:
    """The persons with an account whom a meeting, or these of its guests, expect."""
    rows = list(meeting.guests.all() if guests is None else guests)
    return acting_for(**organisations(meeting, on, rows), persons=[one.person_id for one in rows])


def invited_to(meeting: Meeting, on: date) -> list[Invited]:
    """Everybody whom a meeting expects, in the order of the invitations; of an organisation, how many are told."""
    guests = list(meeting.guests.select_related("person", "commune", "partner"))
    people: dict[tuple[str, int | None], set[int]] = defaultdict(set)
    held = held_for(**organisations(meeting, on, guests))
    for commune, partner, person in held.values_list("commune", "partner", "user"):
        people["commune", commune].add(person)
        people["partner", partner].add(person)
    return [invited(one, people) for one in guests]


def invited(guest: Guest, people: dict[tuple[str, int | None], set[int]]) -> Invited:
    if guest.person:
        is_open = guest.person.is_active
        return Invited(guest, "a un compte ici" if is_open else "n’a plus de compte ici", is_alone=not is_open)
    acting = people["commune", guest.commune_id] if guest.commune_id else people["partner", guest.partner_id]
    told = counted(len(acting), "personne prévenue", "personnes prévenues") if acting else "personne n’y a de compte"
    return Invited(guest, told, is_alone=not acting)


def why_not(guest: Guest, on: date) -> str:
    """Why a meeting may not expect somebody: they have accounts, and none sees the project that it is about."""
    project = guest.meeting.project
    if project is None:
        return ""
    people = list(people_expected(guest.meeting, on, [guest]))
    if not people or any(Project.objects.visible_to(one).filter(pk=project.pk).exists() for one in people):
        return ""
    if guest.person:
        return f"{guest} ne voit pas ce projet : invitez l’organisation pour laquelle cette personne y prend part."
    return f"Personne, à « {guest} », ne voit ce projet : inscrivez d’abord cette organisation parmi ses acteurs."
