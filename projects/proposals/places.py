"""The places an actor may hold in a project: who is touched, who decides, who does, who pays, who uses.

What nobody holds yet is told as a hole, in words. A hole bears on the project and on organisations, never on a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from cooperation.french import NBSP, listed


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
LEADS = "porte le projet"
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
        return role_of(self) or "place à préciser"


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
        return ", ".join(self.names)


@dataclass(frozen=True)
class Identification:
    """Who is who in a project, in the order of the five questions, and what is not answered yet."""

    rows: Sequence[Row]
    others: Sequence[str] = ()  # holes that no question tells

    @property
    def holes(self) -> list[str]:
        return [*(row.hole for row in self.rows if row.hole), *self.others]

    @property
    def sentence(self) -> str:
        """How many holes there are, in a few words."""
        if not any(row.names for row in self.rows) and not self.others:
            return "Aucun acteur n’est encore nommé."
        if not self.holes:
            return "Chaque place est tenue, et chaque acteur a une personne relais."
        return "Il reste un manque." if len(self.holes) == 1 else f"Il reste {len(self.holes)} manques."


def identify(actors: Iterable[Named]) -> Identification:
    """Read who is who from the actors of a project."""
    known = list(actors)
    rows = []
    for place, question in QUESTIONS.items():
        names = [actor.name for actor in known if getattr(actor, place.value)]
        rows.append(Row(question, names, "" if names else NOBODY[place]))
    return Identification(rows, [] if not known else list(_others(known)))


def _others(actors: Sequence[Named]) -> Iterable[str]:
    if not any(actor.leads for actor in actors):
        yield "Aucun acteur ne porte encore le projet."
    if lost := [actor.name for actor in actors if not actor.leads and not places_of(actor)]:
        yield f"Place à préciser : {listed(lost)}."
    if lone := [actor.name for actor in actors if not actor.has_relay]:
        yield f"Personne relais à trouver : {listed(lone)}."
