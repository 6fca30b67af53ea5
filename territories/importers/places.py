"""Read communes, their EPCI and their populations from a national file, and store the differences only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import models
from stdnum.fr import siren as siren_number

from cooperation.french import counted
from cooperation.spreadsheets import SpreadsheetError, read_rows
from territories.importers.statistics import count_again
from territories.places.models import Commune, Intercommunality, Population

# Departments 01 to 95 with 2A and 2B, then overseas: 971 to 978, 984 to 989.
INSEE_CODE = re.compile(r"^(?:0[1-9]|[1-8]\d|9[0-5]|2[AB])\d{3}$|^97[1-8]\d{2}$|^98[4-9]\d{2}$")
FICTIONAL_CODE = re.compile(r"^96\d{3}$")
ARTICLES = (("l'", "5"), ("l’", "5"), ("le ", "2"), ("la ", "3"), ("les ", "4"), ("aux ", "6"), ("las ", "7"))
TOTAL_LINE = re.compile(r"(?:sous[- ]?)?tota(?:l|ux)\b|ensemble\b", re.IGNORECASE)
SUBJECTS = ("communes", "intercommunalités", "populations")
KINDS = frozenset(Intercommunality.Kind.values)
TAX_REGIMES = frozenset({"", *Intercommunality.TaxRegime.values})
SILENT_STARTS = "aeiouyhàâäéèêëîïôöùûüœæ"

# The name of each column in the table of this product's data, then in the workbook of the DGCL.
COLUMNS = {
    "insee": ("code insee", "insee"),
    "name": ("nom", "nom membre"),
    "siren": ("siren commune", "siren membre"),
    "municipal": ("population municipale", "pmun {year}"),
    "total": ("population totale", "ptot {year}"),
    "epci_siren": ("siren epci", "siren"),
    "epci_name": ("nom epci", "raison sociale"),
    "kind": ("nature juridique", "nature juridique"),
    "tax_regime": ("mode financement", "mode financ"),
}


class Refused(ValueError):
    """Why a line is refused, and what it fails to give: « communes », « intercommunalités » or « populations »."""

    def __init__(self, subject: str, reason: str) -> None:
        self.subject = subject
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A commune as a line of the file gives it, once validated."""

    line: int
    insee: str
    name: str
    siren: str
    region: str
    municipal: int
    total: int
    epci_siren: str
    epci_name: str
    kind: str
    tax_regime: str
    seat_department: str

    @property
    def department(self) -> str:
        return self.insee[:3] if self.insee.startswith(("97", "98")) else self.insee[:2]


@dataclass(slots=True)
class Reading:
    """What a file holds: rows to import, lines refused with their reason, lines put aside, codes put right."""

    rows: list[PlaceRow] = field(default_factory=list)
    refused: list[tuple[int, Refused]] = field(default_factory=list)
    padded: list[str] = field(default_factory=list)
    empty: int = 0
    totals: int = 0

    @property
    def refused_by_subject(self) -> dict[str, int]:
        """How many lines are refused for their commune, their EPCI, their populations."""
        counts = Counter(refusal.subject for _, refusal in self.refused)
        return {subject: counts[subject] for subject in SUBJECTS}


@dataclass(slots=True)
class Tally:
    """How many objects of one kind an import touched."""

    label: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def in_words(self, e: str) -> str:
        """« communes : 1 créée, 2 modifiées, 0 inchangée »; `e` is « e » where what is counted is feminine."""
        counts = ((self.created, "créé"), (self.updated, "modifié"), (self.unchanged, "inchangé"))
        return f"{self.label} : " + ", ".join(counted(count, f"{word}{e}") for count, word in counts)


def read_places(path: Path | str, *, year: int, allow_fictional: bool = False) -> Reading:
    """Read and validate the whole file: nothing is stored before every line is known."""
    reading = Reading()
    columns: dict[str, str] = {}
    lines_of_codes: dict[str, int] = {}
    epci_seen: dict[str, tuple[int, str, str]] = {}
    for line, raw in read_rows(path):
        columns = columns or _columns_of(raw, year)
        if not any(raw.values()):
            reading.empty += 1
            continue
        code = raw[columns["insee"]]
        if _is_total(code, raw[columns["name"]], next(iter(raw.values()))):
            reading.totals += 1
            continue
        if (padded := padded_code(code)) != code:
            raw[columns["insee"]] = padded
            reading.padded.append(padded)
        try:
            row = _row_of(line, raw, columns, allow_fictional)
            _check_against_others(row, lines_of_codes, epci_seen)
        except Refused as refusal:
            reading.refused.append((line, refusal))
        else:
            reading.rows.append(row)
    if not columns or not (reading.rows or reading.refused):
        raise SpreadsheetError("ce fichier ne contient aucune commune.")
    return reading


def _is_total(code: str, *labels: str) -> bool:
    return not re.search(r"\d{3}", code) and any(TOTAL_LINE.match(label) for label in (code, *labels))


def padded_code(code: str) -> str:
    """Give its leading zero back to an INSEE code that a spreadsheet took for a number: « 1001 » → « 01001 »."""
    return f"0{code}" if re.fullmatch(r"[1-9]\d{3}", code) else code


def _columns_of(raw: dict[str, str], year: int) -> dict[str, str]:
    layout = 1 if "siren membre" in raw or "insee" in raw else 0
    columns = {name: aliases[layout].format(year=year) for name, aliases in COLUMNS.items()}
    missing = [column for column in columns.values() if column not in raw]
    if missing:
        listed = ", ".join(f"« {column} »" for column in missing)
        raise SpreadsheetError(f"il manque dans l’en-tête : {listed}. Vérifiez le fichier et l’année ({year}).")
    return columns


def _row_of(line: int, raw: dict[str, str], columns: dict[str, str], allow_fictional: bool) -> PlaceRow:
    values: dict[str, Any] = {name: raw[column] for name, column in columns.items()}
    insee = values["insee"] = values["insee"].upper()
    _check_code(insee, allow_fictional)
    if not values["name"] or len(values["name"]) > 200:
        raise Refused("communes", "le nom de la commune est vide ou dépasse 200 caractères")
    for name, subject in (("siren", "communes"), ("epci_siren", "intercommunalités")):
        values[name] = re.sub(r"\s", "", values[name])
        if values[name] and not _is_siren(values[name]):
            raise Refused(subject, f"« {values[name]} » n’est pas un numéro SIREN (9 chiffres et une clé juste)")
    for name, label in (("municipal", "municipale"), ("total", "totale")):
        values[name] = _population(values[name], label)
    if values["total"] < values["municipal"]:
        raise Refused("populations", "la population totale est plus petite que la population municipale")
    _check_epci(values)
    row = PlaceRow(
        line=line,
        region=raw.get("code region", "")[:2],
        # the DGCL gives the department of the seat in its first column
        seat_department=raw.get("dept", ""),
        **values,
    )
    declared = raw.get("code departement", "")
    if declared and declared.upper().zfill(2) != row.department:
        raise Refused("communes", f"le département « {declared} » n’est pas celui du code INSEE {insee}")
    return row


@lru_cache(maxsize=4096)  # the SIREN of an EPCI comes back on the line of each of its communes
def _is_siren(text: str) -> bool:
    return siren_number.is_valid(text)


def _check_code(insee: str, allow_fictional: bool) -> None:
    if INSEE_CODE.match(insee):
        return
    if FICTIONAL_CODE.match(insee):
        if allow_fictional:
            return
        raise Refused("communes", f"le code INSEE « {insee} » est d’un département fictif (ajoutez --allow-fictional)")
    hint = " ; un zéro a sans doute été perdu" if re.fullmatch(r"2[AB]\d{1,2}", insee) else ""
    raise Refused("communes", f"« {insee} » n’est pas un code INSEE de commune{hint}")


def _population(text: str, label: str) -> int:
    compact = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{1,9}(\.0)?", compact):
        raise Refused("populations", f"la population {label} « {text} » n’est pas un nombre entier positif")
    return int(compact.removesuffix(".0"))


def _check_epci(values: dict[str, Any]) -> None:
    if not values["epci_siren"]:
        if values["epci_name"]:
            raise Refused("intercommunalités", f"l’intercommunalité « {values['epci_name']} » n’a pas de SIREN")
        return
    if not values["epci_name"] or len(values["epci_name"]) > 200:
        raise Refused("intercommunalités", "le nom de l’intercommunalité est vide ou dépasse 200 caractères")
    if values["kind"] not in KINDS:
        raise Refused("intercommunalités", f"« {values['kind']} » n’est pas une forme d’EPCI à fiscalité propre")
    if values["tax_regime"] not in TAX_REGIMES:
        raise Refused("intercommunalités", f"le mode de financement « {values['tax_regime']} » n’est pas connu")


def _check_against_others(
    row: PlaceRow, lines_of_codes: dict[str, int], epci_seen: dict[str, tuple[int, str, str]]
) -> None:
    first = lines_of_codes.setdefault(row.insee, row.line)
    if first != row.line:
        raise Refused("communes", f"la commune {row.insee} figure deux fois : ici et déjà ligne {first}")
    if row.epci_siren:
        known = epci_seen.setdefault(row.epci_siren, (row.line, row.epci_name, row.kind))
        if known[1:] != (row.epci_name, row.kind):
            raise Refused(
                "intercommunalités", f"l’intercommunalité {row.epci_siren} est décrite autrement ligne {known[0]}"
            )


def limited_to(rows: list[PlaceRow], sirens: Iterable[str]) -> list[PlaceRow]:
    """Keep the communes of some EPCI only; one that the file does not know is an error that names it."""
    wanted = {siren.replace(" ", "") for siren in sirens}
    unknown = sorted(wanted - {row.epci_siren for row in rows if row.epci_siren})
    if unknown:
        raise SpreadsheetError(f"aucune commune du fichier n’appartient à l’intercommunalité {', '.join(unknown)}.")
    return [row for row in rows if row.epci_siren in wanted]


def article_of(name: str) -> str:
    """Guess the INSEE code of the article (TNCC): « 5 » for L’, « 1 » before a vowel, « 0 » otherwise."""
    folded = name.casefold()
    for start, code in ARTICLES:
        if folded.startswith(start):
            return code
    return "1" if folded[:1] and folded[0] in SILENT_STARTS else "0"


def store_places(rows: list[PlaceRow], *, year: int) -> list[Tally]:
    """Store what differs, EPCI first; to be called in a transaction."""
    epci_by_siren = {epci.siren: epci for epci in Intercommunality.objects.all()}
    epci_tally = store_differences(
        Intercommunality, "siren", _epci_fields(rows), epci_by_siren, label="intercommunalités"
    )
    commune_by_code = {commune.insee_code: commune for commune in Commune.objects.all()}
    wanted = {row.insee: _commune_fields(row, epci_by_siren, commune_by_code.get(row.insee)) for row in rows}
    commune_tally = store_differences(Commune, "insee_code", wanted, commune_by_code, label="communes")
    populations = {population.commune_id: population for population in Population.objects.filter(year_in_force=year)}
    figures = {
        commune_by_code[row.insee].pk: {
            "year_in_force": year,
            "municipal": row.municipal,
            "counted_apart": row.total - row.municipal,
        }
        for row in rows
    }
    population_tally = store_differences(Population, "commune_id", figures, populations, label=f"populations {year}")
    count_again(Intercommunality, Commune, Population)
    return [epci_tally, commune_tally, population_tally]


def _epci_fields(rows: list[PlaceRow]) -> dict[str, dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {}
    departments: dict[str, set[str]] = {}
    for row in rows:
        if row.epci_siren:
            fields.setdefault(row.epci_siren, {"name": row.epci_name, "kind": row.kind, "tax_regime": row.tax_regime})
            departments.setdefault(row.epci_siren, set()).add(row.seat_department or row.department)
    for siren, codes in departments.items():
        if len(codes) == 1:  # astride two departments, the seat cannot be guessed
            fields[siren]["department_code"] = codes.pop()
    return fields


def _commune_fields(row: PlaceRow, epci: dict[str, Intercommunality], stored: Commune | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": row.name,
        "department_code": row.department,
        "intercommunality_id": epci[row.epci_siren].pk if row.epci_siren else None,
    }
    if row.siren:
        fields["siren"] = row.siren
    if row.region:
        fields["region_code"] = row.region
    if stored is None or stored.name != row.name:  # an article corrected by hand stays
        fields["tncc"] = article_of(row.name)
    return fields


def store_differences(
    model: type[models.Model], key: str, wanted: dict[Any, dict[str, Any]], stored: dict[Any, Any], *, label: str
) -> Tally:
    """Create what is missing, update what differs; `stored` gains what was created."""
    tally = Tally(label)
    new, changed, names = [], [], set()
    for value, fields in wanted.items():
        found = stored.get(value)
        if found is None:
            new.append(model(**{key: value}, **fields))
            continue
        differing = {name for name, given in fields.items() if getattr(found, name) != given}
        if not differing:
            tally.unchanged += 1
            continue
        for name in differing:
            setattr(found, name, fields[name])
        names |= differing
        changed.append(found)
    stored.update({getattr(created, key): created for created in model._default_manager.bulk_create(new, 2000)})
    if changed:
        stamps = {f.name for f in model._meta.fields if getattr(f, "auto_now", False)}
        updated = sorted({model._meta.get_field(name.removesuffix("_id")).name for name in names} | stamps)
        model._default_manager.bulk_create(
            changed, 2000, update_conflicts=True, update_fields=updated, unique_fields=["id"]
        )
    tally.created, tally.updated = len(new), len(changed)
    return tally
