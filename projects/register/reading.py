"""Reading deliberations that others published: the national schema, or the columns of a town of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cooperation.spreadsheets import SpreadsheetError, read_rows
from projects.register.scdl import day_of

# What each fact may be called, folded: the national name first.
NAMES = {
    "number": ("delib id", "numero de deliberation", "numero deliberation"),
    "day": ("delib date", "date cm", "date de la seance", "date"),
    "subject": ("delib objet", "titre", "objet"),
    "matter": ("delib matiere code", "matiere"),
    "rapporteur": ("elu s", "rapporteur"),
    "state": ("etat",),
}
NEEDED = {"number": "le numéro", "day": "la date", "subject": "l’objet"}
FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True)
class PublishedDeliberation:
    """A deliberation read in somebody's file."""

    line: int
    number: str
    day: date
    subject: str
    matter: str = ""
    rapporteur: str = ""
    state: str = ""


@dataclass
class Reading:
    """What was read, and the lines that were refused with the reason: none is dropped in silence."""

    kept: list[PublishedDeliberation] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def read_deliberations(path: Path) -> Reading:
    """Read a CSV, XLSX or ODS file; raises `SpreadsheetError` when it is no list of deliberations at all."""
    reading = Reading()
    numbers: dict[tuple[str, date], int] = {}
    for line, row in read_rows(path):
        facts = {name: next((row[key] for key in keys if key in row), None) for name, keys in NAMES.items()}
        if missing := [said for name, said in NEEDED.items() if facts[name] is None]:
            raise SpreadsheetError(f"aucune colonne ne donne {', '.join(missing)}.")
        told = {name: value or "" for name, value in facts.items()}
        day = any_day(told["day"])
        if day is None or (reason := why_refused(told, day, numbers)):
            reading.refused.append((line, why_no_day(told) if day is None else reason))
            continue
        del told["day"]
        numbers[(told["number"], day)] = line
        reading.kept.append(PublishedDeliberation(line=line, day=day, **told))
    return reading


def why_no_day(told: dict[str, str]) -> str:
    return f"«\u00a0{told['day']}\u00a0» n’est pas une date" if told["day"] else "il manque la date"


def why_refused(told: dict[str, str], day: date, numbers: dict[tuple[str, date], int]) -> str:
    """Why a dated line is not a deliberation that can be told apart, in French; "" when it is."""
    for name, said in NEEDED.items():
        if not told[name]:
            return f"il manque {said}"
    if first := numbers.get((told["number"], day)):
        return f"la délibération n° {told['number']} est déjà à la ligne {first}"
    return ""


def any_day(value: str) -> date | None:
    """A day written as the schema asks, or as people write it (25/11/2013)."""
    if found := FRENCH_DAY.fullmatch(value):
        day, month, year = (int(part) for part in found.groups())
        return day_of(f"{year:04d}-{month:02d}-{day:02d}")
    return day_of(value)
