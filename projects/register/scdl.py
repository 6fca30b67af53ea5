"""Open data of the deliberations (SCDL Délibérations 2.1.5): columns, values of an act, checks read in the schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stdnum.fr import siret as siret_number

from projects.register.matters import NAMES

VERSION = "2.1.5"
# UTF-8, comma, this header in this order.
COLUMNS = (
    "COLL_NOM", "COLL_SIRET", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM", "DELIB_OBJET",
    "BUDGET_ANNEE", "BUDGET_NOM", "PREF_ID", "PREF_DATE", "VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE",
    "VOTE_ABSTENTION", "DELIB_URL",
)  # fmt: skip
# The forms of text that schemas name, and what they are in French.
FORMS = {
    "uri": (r"https?://\S+", "une adresse"),
    "uuid": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "un identifiant UUID"),
    "email": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "une adresse électronique"),
}
VOTES = ("VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION")
Row = Mapping[str, str]


@dataclass(frozen=True)
class Deliberation:
    """A deliberation as open data tells it; votes are all there or none."""

    number: str
    day: date
    matter: str
    subject: str
    budget_year: str = ""
    budget_name: str = ""
    prefecture: str = ""
    received_on: date | None = None
    in_office: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None
    url: str = ""


def row_of(one: Deliberation, *, name: str, siret: str) -> dict[str, str]:
    """The seventeen columns of an act. `VOTE_REEL` is the sum of the three counts: blanks are not told there."""
    counts = (one.votes_for, one.votes_against, one.abstentions)
    votes = [""] * len(VOTES)
    if one.in_office is not None and None not in counts:
        told = (one.in_office, sum(count or 0 for count in counts), *counts)
        votes = [str(count) for count in told]
    received = one.received_on.isoformat() if one.received_on else ""
    return {
        "COLL_NOM": name,
        "COLL_SIRET": siret,
        "DELIB_ID": one.number,
        "DELIB_DATE": one.day.isoformat(),
        "DELIB_MATIERE_CODE": one.matter,
        "DELIB_MATIERE_NOM": NAMES[one.matter].replace("’", "'"),
        "DELIB_OBJET": one.subject,
        "BUDGET_ANNEE": one.budget_year,
        "BUDGET_NOM": one.budget_name,
        "PREF_ID": one.prefecture,
        "PREF_DATE": received,
        **dict(zip(VOTES, votes, strict=True)),
        "DELIB_URL": one.url,
    }


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line: its number in the file (the header is line 1), the column, and a French sentence."""

    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"Ligne {self.line}, {self.column} : {self.sentence}"


def faults_of(schema: Mapping[str, Any], header: Sequence[str], rows: Iterable[Row]) -> list[Fault]:
    """Everything that a table breaks in a Table Schema: header, types, patterns, and the checks across columns."""
    expected = [field["name"] for field in schema["fields"]]
    if list(header) != expected:
        return [Fault(1, "en-tête", f"les colonnes attendues sont, dans l’ordre : {', '.join(expected)}.")]
    checks = [one for one in schema.get("custom_checks", []) if one["name"] in ACROSS]
    return [fault for line, row in enumerate(rows, start=2) for fault in faults_of_row(schema, checks, line, row)]


def unknown_checks(schema: Mapping[str, Any]) -> list[str]:
    """The checks that a schema asks for and that we do not know: none is passed over in silence."""
    return [one["name"] for one in schema.get("custom_checks", []) if one["name"] not in ACROSS]


def faults_of_row(
    schema: Mapping[str, Any], checks: Sequence[Mapping[str, Any]], line: int, row: Row
) -> Iterator[Fault]:
    for field in schema["fields"]:
        if sentence := fault_of_cell(field, row.get(field["name"], "")):
            yield Fault(line, field["name"], sentence)
    for check in checks:
        if sentence := ACROSS[check["name"]](check["params"], row):
            yield Fault(line, check["params"]["column"], sentence)


def fault_of_cell(field: Mapping[str, Any], value: str) -> str:
    """What is wrong in a cell by its own column, in French; "" when nothing is."""
    rules = field.get("constraints", {})
    if not value:
        return "cette valeur est obligatoire." if rules.get("required") else ""
    if (pattern := rules.get("pattern")) and not re.search(pattern, value):
        return f"«\u00a0{value}\u00a0» n’a pas la forme attendue."
    if field["type"] == "date" and day_of(value) is None:
        return f"«\u00a0{value}\u00a0» n’est pas une date AAAA-MM-JJ."
    if field["type"] == "integer" and not re.fullmatch(r"-?\d+", value):
        return f"«\u00a0{value}\u00a0» n’est pas un nombre entier."
    if (known := rules.get("enum")) and value not in known:
        return f"«\u00a0{value}\u00a0» n’est pas l’une des valeurs prévues : {', '.join(known)}."
    form, name = FORMS.get(field.get("format", ""), ("", ""))
    if form and not re.fullmatch(form, value):
        return f"«\u00a0{value}\u00a0» n’est pas {name}."
    if field["type"] == "array":
        return fault_of_list(field.get("items", {}), value)
    return ""


def fault_of_list(item: Mapping[str, Any], value: str) -> str:
    """A list is written as JSON, and each of its items is a cell of its own."""
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return f"«\u00a0{value}\u00a0» n’est pas une liste de textes."
    return next((sentence for one in found if (sentence := fault_of_cell(item, one))), "")


def day_of(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None
    except ValueError:
        return None


def siret_holds(params: Mapping[str, Any], row: Row) -> str:
    value = row[params["column"]]
    return "" if not value or siret_number.is_valid(value) else "ce n’est pas un numéro SIRET : la clé est fausse."


def years_follow(params: Mapping[str, Any], row: Row) -> str:
    years = row[params["column"]].split("/")
    return "la seconde année doit suivre la première." if len(years) == 2 and years[0] >= years[1] else ""


def together(params: Mapping[str, Any], row: Row) -> str:
    """All of the columns, or none."""
    columns = [params["column"], *params["othercolumns"]]
    filled = [name for name in columns if row[name]]
    return f"ces colonnes vont ensemble : {', '.join(columns)}." if filled and len(filled) != len(columns) else ""


def compared(params: Mapping[str, Any], row: Row) -> str:
    first, second = row[params["column"]], row[params["column2"]]
    if not first or not second:
        return ""
    if first.isdigit() and second.isdigit():
        holds = int(first) >= int(second)
    else:
        holds = first >= second  # two days in ISO order
    return "" if holds else f"doit être au moins égal à {params['column2']}."


def summed(params: Mapping[str, Any], row: Row) -> str:
    told = [row[params["column"]], *(row[name] for name in params["columns"])]
    if not all(value.isdigit() for value in told):
        return ""
    total, *parts = (int(value) for value in told)
    return "" if total == sum(parts) else f"doit être la somme de {', '.join(params['columns'])}."


def matter_holds(params: Mapping[str, Any], row: Row) -> str:
    """A code of the nomenclature goes with its own name."""
    expected = NAMES.get(row.get("DELIB_MATIERE_CODE", ""))
    told = row[params["column"]].replace("'", "’").lower()
    return (
        "" if expected is None or told == expected.lower() else f"la matière de ce code est «\u00a0{expected}\u00a0»."
    )


ACROSS: dict[str, Callable[[Mapping[str, Any], Row], str]] = {
    "french-siret-value": siret_holds,
    "year-interval-value": years_follow,
    "cohesive-columns-value": together,
    "compare-columns-value": compared,
    "sum-columns-value": summed,
    "nomenclature-actes-value": matter_holds,
}
