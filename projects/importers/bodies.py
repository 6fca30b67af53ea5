"""Recognise what an organisation is in law from the name a sheet gives it; what is not sure is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from cooperation.spelling import fold_words
from projects.funding.models import FundingLine
from projects.proposals.models import Project
from territories.places.models import Intercommunality
from territories.places.naming import is_a_commune, known_names

WORDS_OF_BODIES = Path(__file__).with_name("bodies.yaml")
OWNER, NATURE = Project.OwnerKind, FundingLine.Nature
# How people name their own EPCI in a sheet of their own.
OURSELVES = {"cc", "ca", "cu", "epci", "communaute de communes", "communaute d agglomeration", "communaute urbaine"}
SMALL_WORDS = {"de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "sur", "a", "au", "aux"}


@dataclass(frozen=True, slots=True)
class Territory:
    """The folded names under which a sheet may call the EPCI and its communes."""

    epci: frozenset[str]
    communes: frozenset[str]


def territory_of(epci: Intercommunality) -> Territory:
    """The EPCI under its name, its acronym and its initials (« CC Nièvre et Somme », « CCNS »), and its communes."""
    name = fold_words(epci.name)
    long_name = re.sub(rf"^{epci.kind.casefold()} ", f"{fold_words(epci.get_kind_display())} ", name)
    kind, *words = name.split()
    initials = kind + "".join(word[0] for word in words if word not in SMALL_WORDS)
    names = {name, long_name, initials, fold_words(epci.short_name), *OURSELVES} - {""}
    return Territory(frozenset(names), known_names(epci.communes.values_list("name", flat=True)))


def owner_kind_of(name: str, territory: Territory) -> str:
    """What the owner is, when its name says it: our EPCI, one of its communes, an association…; "" otherwise."""
    if _is_ours(name, territory):
        return OWNER.EPCI
    if is_a_commune(name, territory.communes):
        return OWNER.COMMUNE
    return _only(_kinds_of("owners", name))


def nature_of(funder: str, *, owner: str, territory: Territory) -> str:
    """The legal nature of a resource; "" when the name of the funder does not say it.

    Between an EPCI and its communes, money is a fonds de concours (CGCT, art. L. 5214-16 V).
    """
    folded, kind = fold_words(funder), owner_kind_of(owner, territory)
    named = _kinds_of("natures", funder)
    if (folded and folded == fold_words(owner)) or named == {NATURE.OWN}:
        return NATURE.OWN
    if NATURE.CONTRIBUTION in named and NATURE.PRIVATE not in named:
        return NATURE.CONTRIBUTION
    if _is_ours(funder, territory):
        return {str(OWNER.EPCI): NATURE.OWN, str(OWNER.COMMUNE): NATURE.CONTRIBUTION}.get(kind, NATURE.PUBLIC)
    if is_a_commune(funder, territory.communes):
        return NATURE.CONTRIBUTION if kind == OWNER.EPCI else NATURE.PUBLIC
    return _only(named)


def _is_ours(name: str, territory: Territory) -> bool:
    return re.sub(r"^(?:la|l|notre) ", "", fold_words(name)) in territory.epci


def _kinds_of(subject: str, name: str) -> set[str]:
    folded = f" {fold_words(name)} "
    return {kind for kind, words in _words()[subject].items() if any(f" {word} " in folded for word in words)}


def _only(kinds: Iterable[str]) -> str:
    found = list(kinds)
    return found[0] if len(found) == 1 else ""


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load(WORDS_OF_BODIES.read_text(encoding="utf-8"))
