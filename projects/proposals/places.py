"""The places an actor may hold in a project: who is touched, who decides, who does, who pays, who uses.

What nobody holds yet is told as a hole, in words. A hole bears on the project and on organisations, never on a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from cooperation.french import NBSP, counted, listed


class Place(models.TextChoices):
    """What an actor is to the project; one may hold several. The value names the column that holds it."""

    TOUCHED = "is_touched", "est touché"
    DECIDES = "decides", "décide"
    DOES = "does", "fait"
    PAYS = "pays", "paie"
    USES = "uses", "utilise"


QUESTIONS = {
    Place.TOUCHED: "Qui est touché ?",
    Place.DECIDES: "Qui décide ?",
    Place.DOES: "Qui fait ?",
    Place.PAYS: "Qui paie ?",
    Place.USES: "Qui utilise ?",
}
EXPLAINED = {
    Place.TOUCHED: f"Il est touché{NBSP}: le projet change quelque chose chez lui.",
    Place.DECIDES: f"Il décide{NBSP}: sans son accord, rien ne se fait.",
    Place.DOES: f"Il fait{NBSP}: il agit, il prête des personnes, des locaux, un savoir-faire.",
    Place.PAYS: f"Il paie{NBSP}: il apporte de l’argent.",
    Place.USES: f"Il utilise{NBSP}: il se sert du service rendu.",
}
NOBODY = {
    Place.TOUCHED: "Personne n’est encore nommé parmi ceux que le projet touche.",
    Place.DECIDES: "Personne n’est encore nommé parmi ceux qui décident.",
    Place.DOES: "Personne n’est encore nommé parmi ceux qui font.",
    Place.PAYS: "Personne n’est encore nommé parmi ceux qui paient.",
    Place.USES: "Personne n’est encore nommé parmi ceux qui utilisent le service.",
}
UNLED = "Aucun acteur ne porte encore le projet."
NOBODY_YET = "Personne pour l’instant"
LEADS = "porte le projet"
UNSAID_ROLE = "place à préciser"
# How a form names whoever takes part: « epci », « commune:12 », « partner:7 », or a group named in words.
EPCI = "epci"
WORDS = "words"


class Placed(models.Model):
    """The six columns of an actor: whether it leads, and each of its places."""

    leads = models.BooleanField(LEADS, default=False)
    is_touched = models.BooleanField(Place.TOUCHED.label, default=False)
    decides = models.BooleanField(Place.DECIDES.label, default=False)
    does = models.BooleanField(Place.DOES.label, default=False)
    pays = models.BooleanField(Place.PAYS.label, default=False)
    uses = models.BooleanField(Place.USES.label, default=False)

    class Meta:
        abstract = True

    @property
    def places(self) -> list[Place]:
        return places_of(self)

    @property
    def role(self) -> str:
        """« porte le projet, décide, paie », or that it is not said yet."""
        return role_of(self) or UNSAID_ROLE

    @property
    def placed(self) -> str:
        """The same where no heading says that it is a place: « place : décide, paie »."""
        role = role_of(self)
        return f"place{NBSP}: {role}" if role else UNSAID_ROLE


class Named(Protocol):
    """What a hole is read from: an actor, or a row of its history."""

    name: str
    leads: bool
    has_relay: bool


def places_of(row: object) -> list[Place]:
    return [place for place in Place if getattr(row, place.value)]


def role_of(row: object) -> str:
    """The words of a row, whether of today or of the history; empty when nothing was said."""
    said = [LEADS] if getattr(row, "leads", False) else []
    return ", ".join([*said, *(str(place.label) for place in places_of(row))])


def who_of(actor: Any) -> str:
    """The structure of an actor, as a form names it."""
    if actor.is_intercommunality:
        return EPCI
    if actor.commune_id:
        return f"commune:{actor.commune_id}"
    return f"partner:{actor.partner_id}" if actor.partner_id else WORDS


@dataclass(frozen=True)
class Row:
    """One question of the table « qui est qui »: who answers it, or the hole."""

    question: str
    names: Sequence[str]
    hole: str = ""

    @property
    def said(self) -> str:
        return ", ".join(self.names) or NOBODY_YET


@dataclass(frozen=True)
class Identification:
    """Who is who in a project, in the order of the five questions, and what is not answered yet.

    `is_written`: its author still writes the project, and is told that an empty place does not hold it back.
    """

    rows: Sequence[Row]
    others: Sequence[str] = ()  # holes that no question tells
    is_written: bool = False
    is_empty: bool = False  # no actor at all

    @property
    def holes(self) -> list[str]:
        return [*(row.hole for row in self.rows if row.hole), *self.others]

    @property
    def sentence(self) -> str:
        """How many places nobody holds, in a few words; what else is not answered is told apart, one by one."""
        if self.is_empty:
            return "Aucun acteur n’est encore nommé."
        if empty := sum(not row.names for row in self.rows):
            freely = " (cela n’empêche pas de déposer)" if self.is_written else ""
            return f"{counted(empty, 'place')} à pourvoir{freely}."
        relays = "" if self.others else ", et chaque acteur a une personne relais"
        return f"Chaque place est tenue{relays}."


def identify(actors: Iterable[Named], *, is_written: bool = False) -> Identification:
    """Read who is who from the actors of a project.

    Whoever writes it reads among what it lacks that nobody leads it: it is not told a second time.
    """
    known = list(actors)
    rows = []
    for place, question in QUESTIONS.items():
        names = [actor.name for actor in known if getattr(actor, place.value)]
        rows.append(Row(question, names, "" if names else NOBODY[place]))
    others = list(_others(known)) if known else []
    others = [one for one in others if not (is_written and one == UNLED)]
    return Identification(rows, others, is_written, is_empty=not known)


def _others(actors: Sequence[Named]) -> Iterable[str]:
    if not any(actor.leads for actor in actors):
        yield UNLED
    if lost := [actor.name for actor in actors if not actor.leads and not places_of(actor)]:
        yield f"Place à préciser : {listed(lost)}."
    if lone := [actor.name for actor in actors if not actor.has_relay]:
        yield f"Personne relais à trouver : {listed(lone)}."
