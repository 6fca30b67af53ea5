"""What the EPCI exercises on a given day, gathered by category for the page that lists it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cooperation.french import NBSP, counted, plural, quoted
from cooperation.spelling import fold
from territories.competences.models import CommunityInterest, Competence
from territories.competences.words import matches
from territories.places.models import Intercommunality

HEADINGS = {
    Competence.Category.OBLIGATORY: "Obligatoires",
    Competence.Category.ADDITIONAL: "Supplémentaires",
    Competence.Category.OPT_IN: "À la carte",
    Competence.Category.UNSTATED: "Catégorie à préciser",
    Competence.Category.MUNICIPAL: "Restées aux communes",
}
EXPLANATIONS = {
    Competence.Category.OBLIGATORY: "La loi les confie à l’intercommunalité ; leur mise en œuvre se convient avec les "
    "communes.",
    Competence.Category.ADDITIONAL: "Les communes les ont confiées à l’intercommunalité. On les dit encore "
    "« optionnelles ».",
    Competence.Category.OPT_IN: "Quelques communes seulement les ont confiées à l’intercommunalité.",
    Competence.Category.UNSTATED: "La base nationale les déclare exercées, sans dire dans quelle catégorie.",
    Competence.Category.MUNICIPAL: "Chaque commune les exerce chez elle.",
}
NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Line:
    """One competence on the day looked at."""

    competence: Competence
    interest: str
    communes: str
    codes: str
    domain: str


@dataclass(frozen=True, slots=True)
class Section:
    """The competences of one category."""

    key: str
    heading: str
    explanation: str
    lines: list[Line]


def situation_of(epci: Intercommunality, day: date, words: str = "") -> list[Section]:
    """The competences of an EPCI on a day, by category; those not exercised that day come last."""
    found: dict[str, list[Line]] = {}
    for competence in sorted(epci.competences.with_standing(), key=lambda one: fold(one.label)):
        line = line_of(competence, day)
        if matches(words, f"{competence.label} {competence.get_category_display()} {line.interest} {competence.note}"):
            is_municipal = competence.category == Competence.Category.MUNICIPAL
            key = competence.category if is_municipal or competence.is_in_force(day) else NOT_IN_FORCE
            found.setdefault(key, []).append(line)
    sections = [
        Section(category, heading, EXPLANATIONS[category], found[category])
        for category, heading in HEADINGS.items()
        if category in found
    ]
    if NOT_IN_FORCE in found:
        text = "L’intercommunalité ne les exerçait pas encore, ou ne les exerce plus."
        sections.append(Section(NOT_IN_FORCE, "Non exercées ce jour-là", text, found[NOT_IN_FORCE]))
    return sections


def line_of(competence: Competence, day: date) -> Line:
    interest = competence.interest_on(day)
    subject = competence.subject_to_community_interest
    number = len(competence.communes.all())
    opt_in = competence.category == Competence.Category.OPT_IN
    national = sorted(competence.national.all(), key=lambda one: (one.nomenclature, one.code))
    return Line(
        competence=competence,
        interest=told_of(interest) if subject else "sans objet",
        communes=f"{number}{NBSP}{plural(number, 'commune')}" if opt_in else "toutes",
        codes=", ".join(f"{one.code}{NBSP}({one.nomenclature})" for one in national),
        domain=next((one.group_label for one in national if one.group_label), ""),
    )


def told_of(interest: CommunityInterest | None) -> str:
    """The definition of the day; without a date, nothing says that it was the one of that day."""
    if interest is None:
        return "à définir par le conseil communautaire"
    return interest.text if interest.decided_on else f"{interest.text} (définition sans date)"


def found_words(sections: Sequence[Section], words: str) -> str:
    """« 1 compétence répond à « sport » »: the summary counts them all, the lists those that were looked for."""
    found = sum(len(section.lines) for section in sections)
    return (
        f"{counted(found, 'compétence répond', 'compétences répondent')} à {quoted(words)}" if words and found else ""
    )


def summary_of(epci: Intercommunality, day: date) -> str:
    """« 18 compétences exercées : 8 obligatoires, 9 supplémentaires, 1 à la carte »."""
    categories = list(epci.competences.in_force(day).values_list("category", flat=True))
    if not categories:
        return "aucune compétence inscrite n’est exercée"
    parts = [said(category, number) for category in HEADINGS if (number := categories.count(category))]
    return f"{counted(len(categories), 'compétence exercée').replace(' ', NBSP, 1)} : {', '.join(parts)}"


def said(category: str, number: int) -> str:
    """« 8 obligatoires », « 1 à la carte »."""
    if category in {Competence.Category.OBLIGATORY, Competence.Category.ADDITIONAL}:
        return f"{number}{NBSP}{plural(number, Competence.Category(category).label)}"
    return f"{number}{NBSP}{'à la carte' if category == Competence.Category.OPT_IN else 'de catégorie à préciser'}"
