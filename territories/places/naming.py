"""Recognise communes in the words by which people say who owns, pays or takes part; what is not sure is not guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from cooperation.spelling import fold_words

OF_A_COMMUNE = re.compile(r"^(?:la )?(?:commune|mairie|ville)(?: de| du| des| d)? ")
# What follows says what the money is: « Bréauval — emprunt », « Communes (clé : nombre d’élèves) ».
DETAIL = re.compile(r"\s[—–-]\s|[(,:;]")
BROUGHT = re.compile(
    r"^(?:la |les |l )?(?:appels? de fonds|apports?|contributions?|cotisations?|fonds de concours|(?:quote )?parts?|"
    r"participations?|subventions?) (?:de|du|des|d) "
)
HOW_MANY = (
    r"\d+|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|"
    r"quarante|cinquante|soixante|et|chaque|plusieurs|toutes"
)
# « Communes », « les six communes », « 9 communes adhérentes »; not « communauté de communes », nor « caisse commune ».
COMMUNES = re.compile(rf"^(?:.+ et )?(?:(?:{HOW_MANY}|la|les|des|nos|autres|petites|grandes) )*communes?(?: |$)")


def known_names(names: Iterable[str]) -> frozenset[str]:
    """What communes are recognised by, from their official names."""
    return frozenset(map(fold_words, names))


def names_of_a_commune(words: str) -> list[str]:
    """The folded names under which a commune may be known: « commune du Havre » is « le havre »."""
    told = fold_words(words)
    bare = OF_A_COMMUNE.sub("", told)
    return [told, bare, f"le {bare}", f"les {bare}"]


def is_a_commune(words: str, communes: Collection[str]) -> bool:
    """Whether words name one of these communes, given by their `known_names`."""
    return any(name in communes for name in names_of_a_commune(words))


def tells_communes(words: str, communes: Collection[str]) -> bool:
    """Whether whoever brings money is one of these communes, or some communes that are not named one by one."""
    who = BROUGHT.sub("", fold_words(DETAIL.split(words)[0]))
    return is_a_commune(who, communes) or COMMUNES.match(who) is not None
