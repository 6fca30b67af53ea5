"""Reading files of partners (associations, RNA, France services, places of mediation) and writing the directory.

Columns are recognised by their header, whatever the office that wrote the file; nothing is written while reading.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from cooperation.french import counted
from cooperation.spelling import fold_words
from cooperation.spreadsheets import SpreadsheetError, read_rows
from cooperation.spreadsheets.texts import decode
from cooperation.texts import excess, shortened
from partners.directory.identifiers import RNA, compact, validate_rna, validate_siret
from partners.directory.models import DESCRIPTION, Partner
from territories.places.models import Commune, Intercommunality

# fmt: off
COLUMNS = {
    "name":        ("nomasso", "titre", "nom", "lib france services", "raison sociale", "denomination", "structure"),
    "siret":       ("siret", "numero siret", "n siret"),
    "rna":         ("rna", "numero rna", "n rna"),
    "either":      ("id", "pivot", "observation"),  # a SIRET, an RNA number or neither
    "street":      ("adresse", "adr1"),
    "extra":       ("complement adresse", "complement d adresse", "adrs complement", "adr2"),
    "insee":       ("code insee", "insee com", "adrs codeinsee", "insee"),
    "postcode":    ("code postal", "adrs codepostal", "cp"),
    "town":        ("commune", "lib com", "libcom", "adrs libcommune", "ville"),
    "website":     ("internet", "siteweb", "site web", "site internet", "site"),
    "phone":       ("telephone", "tel asso", "tel"),
    "email":       ("email", "mail asso", "courriel", "contact mail", "mail"),
    "description": ("objet", "presentation resume", "description"),
    "domain":      ("domaine",),
    "subdomain":   ("sous domaine",),
    "kind":        ("typologie", "nature du partenaire"),
    "dissolved":   ("date disso",),
}
# fmt: on
STREET = ("adrs numvoie", "adrs repetition", "adrs typevoie", "adrs libvoie")  # the RNA cuts it in pieces
WRITTEN = ("kind", "siret", "rna", "description", "address", "website", "phone", "email")
MASKED_EMAIL = re.compile(r"contact\d+@", re.IGNORECASE)
INSEE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5]|2[AB])\d{3}|97[1-46]\d{2}")
# The districts of Paris, Marseille and Lyon are not communes.
DISTRICTS = (("75101", "75120", "75056"), ("13201", "13216", "13055"), ("69381", "69389", "69123"))


class Note(Enum):
    """What was put right or left aside, counted and told: for one, and for several."""

    NO_COMMUNE = "sans commune reconnue, gardé sans commune", "sans commune reconnue, gardés sans commune"
    OUTSIDE = "hors du territoire, laissé de côté", "hors du territoire, laissés de côté"
    DISSOLVED = "association dissoute, laissée de côté", "associations dissoutes, laissées de côté"
    BAD_PHONE = "téléphone illisible, non repris", "téléphones illisibles, non repris"
    MASKED_PHONE = "téléphone masqué, non repris", "téléphones masqués, non repris"
    MASKED_EMAIL = "courriel masqué, non repris", "courriels masqués, non repris"
    BAD_EMAIL = "courriel illisible, non repris", "courriels illisibles, non repris"
    BAD_WEBSITE = "site internet illisible, non repris", "sites internet illisibles, non repris"
    SHORTENED = "présentation trop longue, raccourcie", "présentations trop longues, raccourcies"
    NAMESAKE = "homonyme à une autre adresse, distingué par elle", "homonymes à une autre adresse, distingués par elle"
    GATHERED = (
        "ligne regroupée avec une précédente du même nom et de la même adresse",
        "lignes regroupées avec une précédente du même nom et de la même adresse",
    )

    def in_words(self, count: int) -> str:
        return counted(count, *self.value)


@dataclass
class PartnerRow:
    """What one line says of a partner; `communes` are ids."""

    line: int
    name: str
    kind: str
    siret: str = ""
    rna: str = ""
    description: str = ""
    address: str = ""
    website: str = ""
    phone: str = ""
    email: str = ""
    communes: set[int] = field(default_factory=set)


@dataclass
class Reading:
    """What a file says: rows to write, lines refused with their reason, and what was left aside or dropped."""

    rows: list[PartnerRow] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    notes: Counter[Note] = field(default_factory=Counter)
    read: int = 0


@dataclass
class Tally:
    """What the import did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def records_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a CSV, XLSX or ODS file, or the objects of a JSON or GeoJSON file, under folded headers."""
    if path.suffix.casefold() not in {".json", ".geojson"}:
        yield from read_rows(path)
        return
    if not path.is_file():
        raise SpreadsheetError(f"le fichier « {path.name} » est introuvable.")
    try:
        content = json.loads(decode(path.read_bytes())[0])
    except ValueError as error:
        raise SpreadsheetError(f"ce fichier JSON est mal formé ({error}).") from error
    found = content.get("features") if isinstance(content, dict) else content
    if not isinstance(found, list):
        raise SpreadsheetError("ce fichier JSON ne contient pas une liste de structures.")
    for number, one in enumerate(found, start=1):
        said = one.get("properties", one) if isinstance(one, dict) else None
        if not isinstance(said, dict):
            raise SpreadsheetError("cet élément n’est pas une structure.", number)
        yield number, {fold_words(key): "" if value is None else str(value).strip() for key, value in said.items()}


class Communes:
    """The communes of the EPCI, found by code, or by name within their département, or by a postcode of only one."""

    def __init__(self, epci: Intercommunality) -> None:
        communes = list(Commune.objects.filter(intercommunality=epci))
        self.by_code = {one.insee_code: one.pk for one in communes}
        self.by_name = {(one.department_code, _town(one.name)): one.pk for one in communes}
        self.departments = {one.department_code for one in communes} | {epci.department_code}
        by_postcode = defaultdict(set)
        for one in communes:
            by_postcode[one.postcode].add(one.pk)
        self.by_postcode = {code: min(pks) for code, pks in by_postcode.items() if code and len(pks) == 1}

    def find(self, insee: str, postcode: str, town: str) -> tuple[int | None, Note | None]:
        """The commune meant and nothing to say, or none and the note that says why."""
        insee, postcode = insee.strip().upper(), postcode.strip()
        insee, postcode = (code.zfill(5) if code.isdigit() else code for code in (insee, postcode))
        if INSEE.fullmatch(insee):
            pk = self.by_code.get(insee) or self.by_code.get(_whole_city(insee))
            return pk, None if pk else Note.OUTSIDE
        department = postcode[:3] if postcode.startswith("97") else postcode[:2]
        near = [department] if department not in {"", "20"} else sorted(self.departments | {"2A", "2B"})
        if town:
            pk = next((self.by_name[key] for one in near if (key := (one, _town(town))) in self.by_name), None)
            return pk, None if pk else Note.OUTSIDE
        if pk := self.by_postcode.get(postcode):
            return pk, None
        outside = bool(postcode) and not self.departments & set(near)
        return None, Note.OUTSIDE if outside else Note.NO_COMMUNE


def _town(name: str) -> str:
    """« ST-ELIX CEDEX 2 » → « saint elix »."""
    name = re.sub(r"\bcedex\b.*|\b\d+\b", " ", fold_words(name))
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in name.split())


def _whole_city(insee: str) -> str:
    return next((city for first, last, city in DISTRICTS if first <= insee <= last), insee)


def read_partners(path: Path | str, epci: Intercommunality) -> Reading:
    """Read a file for an EPCI. Raises `SpreadsheetError` when it cannot be read or has no column of names."""
    path, reading, communes = Path(path), Reading(), Communes(epci)
    by_name: dict[str, PartnerRow] = {}
    for line, cells in records_of(path):
        if not any(cells.values()):
            continue
        if not reading.read and not any(column in cells for column in COLUMNS["name"]):
            raise SpreadsheetError("aucune colonne ne donne le nom des structures (« nom », « titre », « NomAsso »…).")
        reading.read += 1
        said = {name: _first(cells, columns) for name, columns in COLUMNS.items()}
        if said["dissolved"] and not said["dissolved"].startswith("0001"):
            reading.notes[Note.DISSOLVED] += 1
            continue
        commune, note = communes.find(said["insee"], said["postcode"], said["town"])
        if note:
            reading.notes[note] += 1
        if note == Note.OUTSIDE:
            continue
        try:
            row = _row(line, cells, said, reading.notes)
        except ValidationError as error:
            reading.refused.append((line, error.messages[0].rstrip(".")))
            continue
        row.communes = {commune} if commune else set()
        _gather(row, by_name, reading)
    reading.rows = list(by_name.values())
    return reading


def _first(cells: dict[str, str], columns: tuple[str, ...]) -> str:
    return next((cells[column] for column in columns if cells.get(column)), "")


def _row(line: int, cells: dict[str, str], said: dict[str, str], notes: Counter[Note]) -> PartnerRow:
    """One partner from one line. Raises `ValidationError` when it has no name, too long a one, or a wrong number."""
    name = " ".join(said["name"].split())
    if not name:
        raise ValidationError("le nom manque")
    siret, rna = compact(said["siret"]), compact(said["rna"])
    for column in COLUMNS["either"]:
        number = compact(cells.get(column, ""))
        if RNA.fullmatch(number):
            rna = rna or number
        elif column == "pivot" and re.fullmatch(r"[0-9]{14}", number):
            siret = siret or number
    if siret:
        validate_siret(siret)
    if rna:
        validate_rna(rna)
    if "lib france services" in cells and not fold_words(name).startswith("france services"):
        name = f"France services {name}"
    if len(name) > 200:
        raise ValidationError(f"le nom compte {len(name)} caractères, 200 au plus")
    street = said["street"] or " ".join(cells[column] for column in STREET if cells.get(column))
    town = " ".join(part for part in (said["postcode"], said["town"]) if part)
    address = ", ".join(" ".join(part.split()) for part in (street, said["extra"], town) if part.strip("_ "))
    domains = [said[one].capitalize() for one in ("domain", "subdomain") if said[one]]
    return PartnerRow(
        line=line,
        name=name,
        kind=_kind(name, cells, said["kind"]),
        siret=siret,
        rna=rna,
        description=_held(said["description"] or " — ".join(domains), notes),
        address=address[:300],
        website=_website(said["website"], notes),
        phone=_phone(said["phone"], notes),
        email=_email(said["email"], notes),
    )


def _held(description: str, notes: Counter[Note]) -> str:
    """A description, or its beginning when it is too long, which is counted."""
    if excess(description, DESCRIPTION):
        notes[Note.SHORTENED] += 1
    return shortened(description, DESCRIPTION)


def _kind(name: str, cells: dict[str, str], told: str) -> str:
    """The nature of a partner, from its own column, its name or the file in which it is found."""
    words, kinds = fold_words(name).split(), Partner.Kind
    for short in (kinds.CCAS, kinds.CIAS):
        if short.value in {*words[:1], fold_words(told)}:
            return short
    named = {fold_words(kind.label): kind for kind in kinds} | {"asso": kinds.ASSOCIATION, "caf": kinds.PUBLIC_BODY}
    if fold_words(told) in named:
        return named[fold_words(told)]
    if "nomasso" in cells or "rup mi" in cells:
        return kinds.ASSOCIATION
    return kinds.PUBLIC_PLACE if told or "lib france services" in cells else kinds.OTHER


def _phone(text: str, notes: Counter[Note]) -> str:
    """« +33467000031 » → « 04 67 00 00 31 »; a masked or unreadable number is dropped, and counted."""
    digits = re.sub(r"\D", "", re.sub(r"^\s*(\+|00)33\s*(\(0\))?", "0", text))
    if not text:
        return ""
    if not re.fullmatch(r"0[1-9]\d{8}", digits):
        notes[Note.BAD_PHONE] += 1
        return ""
    if digits.endswith("00000000"):
        notes[Note.MASKED_PHONE] += 1
        return ""
    return " ".join(digits[index : index + 2] for index in range(0, 10, 2))


def _email(text: str, notes: Counter[Note]) -> str:
    """An address as it is; a masked one (« contact12@… ») or one that cannot receive mail is dropped, and counted."""
    if not text:
        return ""
    if MASKED_EMAIL.match(text):
        notes[Note.MASKED_EMAIL] += 1
        return ""
    try:
        validate_email(text)
    except ValidationError:
        notes[Note.BAD_EMAIL] += 1
        return ""
    return text.lower()


def _website(text: str, notes: Counter[Note]) -> str:
    if not text:
        return ""
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        address = ""
    if not address or len(address) > 200:
        notes[Note.BAD_WEBSITE] += 1
        return ""
    return address


def _gather(row: PartnerRow, by_name: dict[str, PartnerRow], reading: Reading) -> None:
    """Put together the lines of one partner; namesakes at another address are told apart by it."""
    key = row.name.casefold()
    other = by_name.get(key)
    if other and row.address and other.address and fold_words(row.address) != fold_words(other.address):
        row.name = f"{row.name[: 190 - len(row.address)]} ({row.address})"[:200]
        reading.notes[Note.NAMESAKE] += 1
        key, other = row.name.casefold(), by_name.get(row.name.casefold())
    if other is None:
        by_name[key] = row
        return
    reading.notes[Note.GATHERED] += 1
    other.communes |= row.communes
    for name in ("siret", "rna", "address", "website", "phone", "email"):
        setattr(other, name, getattr(other, name) or getattr(row, name))
    if row.description and row.description not in other.description:
        other.description = _held(f"{other.description} ; {row.description}".strip(" ;"), reading.notes)


@transaction.atomic
def store_partners(rows: list[PartnerRow], *, epci: Intercommunality) -> Tally:
    """Write the rows: a partner is known by its RNA number, or by its name. What the file says replaces what was
    written, what it does not say stays; a partner merged since is followed to the one that was kept."""
    tally, known = Tally(), list(Partner.objects.filter(intercommunality=epci))
    by_pk = {one.pk: one for one in known}
    kept = {one.pk: by_pk[one.merged_into_id] if one.merged_into_id else one for one in known}
    by_name = {one.name.casefold(): one for one in known}
    by_rna = {one.rna: one for one in known if one.rna}
    created: list[Partner] = []
    changed: dict[int, Partner] = {}
    served: list[tuple[Partner, set[int]]] = []
    links = Partner.communes.through
    already = set(links.objects.filter(partner__in=known).values_list("partner_id", "commune_id"))
    for row in rows:
        found = by_name.get(row.name.casefold()) or by_rna.get(row.rna)
        if found is None:
            new = Partner(intercommunality=epci, name=row.name, folded_name=fold_words(row.name))
            for name in WRITTEN:
                setattr(new, name, getattr(row, name))
            created.append(new)
            served.append((new, row.communes))
            continue
        partner, merged = kept[found.pk], found.merged_into_id is not None
        differs = False if merged else _refresh(partner, row)
        missing = {pk for pk in row.communes if (partner.pk, pk) not in already}
        served.append((partner, missing))
        already |= {(partner.pk, pk) for pk in missing}
        if differs:
            changed[partner.pk] = partner
        if differs or missing:
            tally.updated += 1
        else:
            tally.unchanged += 1
    reason = "Import d’un fichier de partenaires"
    if created:
        bulk_create_with_history(created, Partner, batch_size=500, default_change_reason=reason)
        created_pks = dict(Partner.objects.filter(intercommunality=epci).values_list("name", "pk"))
        for partner in created:
            partner.pk = created_pks[partner.name]
    if changed:
        bulk_update_with_history(
            list(changed.values()), Partner, list(WRITTEN), batch_size=500, default_change_reason=reason
        )
    links.objects.bulk_create([links(partner=partner, commune_id=pk) for partner, pks in served for pk in sorted(pks)])
    tally.created = len(created)
    return tally


def _refresh(partner: Partner, row: PartnerRow) -> bool:
    """Write in the partner what the row says otherwise; a nature already known is not lost for « autre »."""
    said: dict[str, Any] = {name: getattr(row, name) for name in WRITTEN if getattr(row, name)}
    if row.kind == Partner.Kind.OTHER:
        said.pop("kind")
    different = {name: value for name, value in said.items() if getattr(partner, name) != value}
    for name, value in different.items():
        setattr(partner, name, value)
    return bool(different)
