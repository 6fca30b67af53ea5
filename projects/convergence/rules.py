"""When interests converge, as pure rules: each group must agree, whatever the size of the others (belief B2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices

from cooperation.french import listed, quoted


class Group(TextChoices):
    """The groups whose agreement counts, each for itself."""

    COMMUNES = "communes", "Communes"
    EPCI = "epci", "Intercommunalité"
    PARTNERS = "partners", "Partenaires"
    OTHERS = "others", "Autres acteurs"


DECIDING_GROUPS = (Group.COMMUNES, Group.EPCI, Group.PARTNERS)


class LinkKind(TextChoices):
    """How two interests stand to one another."""

    COMMON = "common", "commun"
    CROSSED = "crossed", "croisé"
    COMPLEMENTARY = "complementary", "complémentaire"
    ANTAGONISTIC = "antagonistic", "antagoniste"


class Standing(TextChoices):
    """Where a group stands on the objective in force."""

    ABSENT = "absent", "absent du projet"
    AWAITED = "awaited", "réponse attendue"
    DIVIDED = "divided", "pas encore d’accord"
    AGREES = "agrees", "d’accord"


@dataclass(frozen=True)
class Voice:
    """One actor: its group, its answer on the objective in force (None: no answer), whether it stated an interest."""

    key: int
    name: str
    group: Group
    endorses: bool | None
    has_interest: bool


@dataclass(frozen=True)
class Link:
    """Two actors whose interests were compared."""

    first: int
    second: int
    kind: LinkKind


def standing_of(voices: Iterable[Voice]) -> Standing:
    """A group agrees when all its actors do; one refusal divides it, one silence keeps it awaited."""
    answers = [voice.endorses for voice in voices]
    if not answers:
        return Standing.ABSENT
    if False in answers:
        return Standing.DIVIDED
    return Standing.AWAITED if None in answers else Standing.AGREES


def standing_said(standing: Standing, voices: Iterable[Voice]) -> str:
    """« D’avis partagés » takes two opinions: actors that all said « pas encore » do not differ."""
    if standing == Standing.DIVIDED and any(voice.endorses for voice in voices):
        return "d’avis partagés"
    return standing.label


def standings_of(voices: Sequence[Voice]) -> dict[Group, Standing]:
    return {group: standing_of([voice for voice in voices if voice.group == group]) for group in Group}


def converges(voices: Sequence[Voice], links: Sequence[Link]) -> bool:
    """Every group that takes part agrees, and no two interests are antagonistic; groups named in words do not vote."""
    if any(link.kind == LinkKind.ANTAGONISTIC for link in links):
        return False
    standings = standings_of(voices)
    present = [standings[group] for group in DECIDING_GROUPS if standings[group] != Standing.ABSENT]
    return len(present) > 1 and all(standing == Standing.AGREES for standing in present)


def next_step(voices: Sequence[Voice], links: Sequence[Link], own: Collection[int] = ()) -> str:
    """The one thing to do now: know the interests, then compare them, then agree on the objective.

    Nobody is told to ask themselves: the actors for which the reader speaks (`own`) are told to say.
    """
    names = {voice.key: voice.name for voice in voices}
    if len(voices) < 2:
        return "Nommez au moins deux acteurs : il n’y a pas de coopération à un seul."
    silent = [voice for voice in voices if not voice.has_interest]
    if silent:
        mine = [quoted(voice.name) for voice in silent if voice.key in own]
        others = [voice.name for voice in silent if voice.key not in own]
        said = [f"Dites ce qui vous intéresse dans le projet, au nom de {listed(mine)}."] if mine else []
        also = " aussi" if mine else ""
        said += [f"Demandez{also} ce qui les intéresse dans le projet : {listed(others)}."] if others else []
        return " ".join(said)
    for link in links:
        if link.kind == LinkKind.ANTAGONISTIC:
            return (
                f"Réunissez {names[link.first]} et {names[link.second]} : leurs intérêts s’opposent, "
                "et la coopération n’avance pas tant qu’ils ne se le sont pas dit."
            )
    alone = {voice.key for voice in voices} - {key for link in links for key in (link.first, link.second)}
    if len(alone) == len(voices):
        return "Comparez les intérêts deux à deux : où se rejoignent-ils, où s’écartent-ils ?"
    if refusing := [voice.name for voice in voices if voice.endorses is False]:
        return f"Reprenez l’objectif avec ceux qui ne le partagent pas encore : {listed(refusing)}."
    awaited = [voice.name for voice in voices if voice.endorses is None and voice.group in DECIDING_GROUPS]
    if awaited:
        return f"Demandez s’ils partagent l’objectif : {listed(awaited)}."
    if converges(voices, links):
        return "Les intérêts convergent : le projet peut être présenté aux élus."
    return "Faites entrer un acteur d’un autre groupe : communes, intercommunalité ou partenaires."
