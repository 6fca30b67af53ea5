"""Read which groupings exercise which national competences, and write them on the EPCIs known here.

Three layouts, told apart by their headers: one line for each grouping and code; the old BANATIC export, with one column
of 0 and 1 for each code; the new one, with one column of OUI and NON for each label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from simple_history.utils import bulk_create_with_history, bulk_update_with_history
from stdnum.fr import siren as siren_number

from cooperation.spelling import fold_words
from cooperation.spreadsheets import SpreadsheetError
from territories.competences.codes import Link
from territories.competences.models import Competence, Crosswalk, NationalCompetence, Nomenclature
from territories.importers.lines import Lines, Row, column_of, lines_of, siren_of
from territories.importers.nomenclature import CODE, code_of
from territories.importers.places import Tally
from territories.importers.statistics import count_again
from territories.places.models import Intercommunality

SIREN = ("siren", "n siren", "no siren", "numero siren", "siren groupement", "siren du groupement", "siren epci")
YES, NO = {"1", "oui", "vrai", "x"}, {"0", "non", "faux", ""}
BATCH = 2_000
COUNTED_EVERY = 1_000  # EPCIs between two counts of what the database holds
LABEL_LENGTH = 200


@dataclass(slots=True)
class Reading:
    """The codes that each grouping exercises, by SIREN."""

    lines: Lines
    layout: str = ""
    codes_by_siren: dict[str, set[str]] = field(default_factory=dict)
    left_aside: list[str] = field(default_factory=list)  # headers

    @property
    def codes(self) -> set[str]:
        return set().union(*self.codes_by_siren.values())


@dataclass(slots=True)
class Outcome:
    """What an import did to the competences of the EPCIs, and what it could not place."""

    tally: Tally
    unknown: list[str]  # groupings that the places do not know
    false_keys: list[str]  # among them, those whose SIREN cannot be right
    silent: int  # EPCIs of the places that the file does not name
    no_longer: int  # competences once declared, of which the file says nothing
    other_only: int  # competences known by a code of the other nomenclature only


def read_competences(path: Path | str, labels: dict[str, str]) -> Reading:
    """Read the whole file; `labels` (code → label) recognises the columns of the new export."""
    reading = Reading(lines_of(path))
    siren = code = ""
    columns: dict[str, str] = {}
    lines_of_sirens: dict[str, int] = {}
    for line, row in reading.lines:
        if not reading.layout:
            siren = column_of(row, SIREN, "le SIREN")
            columns = columns_of(row, labels)
            code = "" if columns else column_of(row, CODE, "le code de compétence, ou une colonne par compétence")
            reading.layout = "une colonne par compétence" if columns else "une ligne par groupement et par code"
            reading.left_aside = [header for header in row if columns and header not in {siren, *columns}]
        try:
            grouping = siren_of(row[siren])
            if columns:
                take_wide(reading, line, grouping, exercised(row, columns), lines_of_sirens)
            else:
                take_long(reading, grouping, code_of(row[code]))
        except ValueError as error:
            reading.lines.refuse(line, str(error))
    if not (reading.codes_by_siren or reading.lines.refused):
        raise SpreadsheetError(f"« {reading.lines.path.name} » ne contient aucun groupement.")
    return reading


def columns_of(row: Row, labels: dict[str, str]) -> dict[str, str]:
    """The columns that stand for a competence (header → code): « C1004 », « 1005 - … », or a label of the list."""
    codes_by_label: dict[str, list[str]] = {}
    for code, label in labels.items():
        codes_by_label.setdefault(fold_words(label), []).append(code)
    found = {}
    for header in row:
        begun = re.match(r"(\d{4}) [a-z]", header)
        if numbered := re.fullmatch(r"c ?(\d{4})", header):
            found[header] = numbered.group(1)
        elif begun and begun.group(1) in labels:
            found[header] = begun.group(1)
        elif len(codes := codes_by_label.get(header, [])) == 1:
            found[header] = codes[0]
    return found


def exercised(row: Row, columns: dict[str, str]) -> set[str]:
    """The codes answered yes; a cell that is neither yes nor no is an error."""
    codes = set()
    for header, code in columns.items():
        value = row[header].casefold()
        if value not in YES | NO:
            raise ValueError(f"« {row[header]} » sous « {header} » n’est ni OUI ni NON, ni 1 ni 0")
        if value in YES:
            codes.add(code)
    return codes


def take_wide(reading: Reading, line: int, grouping: str, codes: set[str], lines_of_sirens: dict[str, int]) -> None:
    """A grouping comes back on the line of each of its members: it must say the same thing each time."""
    first = lines_of_sirens.setdefault(grouping, line)
    if first != line:
        reading.lines.repeated += 1
        if reading.codes_by_siren[grouping] != codes:
            raise ValueError(f"le groupement {grouping} ne déclare pas les mêmes compétences que ligne {first}")
    reading.codes_by_siren[grouping] = codes


def take_long(reading: Reading, grouping: str, code: str) -> None:
    codes = reading.codes_by_siren.setdefault(grouping, set())
    reading.lines.repeated += code in codes
    codes.add(code)


def store_competences(reading: Reading, nomenclature: str) -> Outcome:
    """Write on each EPCI the codes it exercises; what people wrote is kept. To be called in a transaction."""
    epcis = dict(Intercommunality.objects.values_list("siren", "pk"))
    writer = Writer(nomenclature)
    sirens = sorted(siren for siren in reading.codes_by_siren if siren in epcis)
    for start in range(0, len(sirens), 100):
        some = sirens[start : start + 100]
        writer.write({epcis[siren]: reading.codes_by_siren[siren] for siren in some})
        if start % COUNTED_EVERY == 0:
            count_again(Competence, Link)
    unknown = sorted(siren for siren in reading.codes_by_siren if siren not in epcis)
    return Outcome(
        tally=writer.tally,
        unknown=unknown,
        false_keys=[siren for siren in unknown if not siren_number.is_valid(siren)],
        silent=sum(siren not in reading.codes_by_siren for siren in epcis),
        no_longer=writer.no_longer,
        other_only=writer.other_only,
    )


def automatic_label(national: NationalCompetence) -> str:
    """How an imported competence is called: its national label, cut between two words; a code without label says so."""
    if not national.label:
        return f"Code {national.code} de la nomenclature {national.nomenclature}, sans intitulé"
    if len(national.label) <= LABEL_LENGTH:
        return national.label
    return national.label[: LABEL_LENGTH - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


class Writer:
    """Writes the codes of some EPCIs at a time: memory holds one hundred of them, never the country."""

    def __init__(self, nomenclature: str) -> None:
        self.nomenclature = nomenclature
        self.tally = Tally("compétences")
        self.no_longer = self.other_only = 0
        rows = list(NationalCompetence.objects.all())
        self.national = {row.code: row for row in rows if row.nomenclature == nomenclature}
        self.mine = {row.pk for row in self.national.values()}
        self.labels = {row.pk: automatic_label(row) for row in self.national.values()}
        self.unlabelled = {
            automatic_label(NationalCompetence(nomenclature=nomenclature, code=code)) for code in self.national
        }
        self.twins = twins()

    def write(self, codes_by_epci: dict[int, set[str]]) -> None:
        """Find, complete or create; one reading and three writings for all the EPCIs given."""
        stored = list(Competence.objects.filter(intercommunality_id__in=codes_by_epci))
        nationals: dict[int, set[int]] = {competence.pk: set() for competence in stored}
        ties = Link.objects.filter(competence__intercommunality_id__in=codes_by_epci)
        for tied, national in ties.values_list("competence_id", "nationalcompetence_id"):
            nationals[tied].add(national)
        by_epci: dict[int, list[Competence]] = {epci: [] for epci in codes_by_epci}
        for competence in stored:
            by_epci[competence.intercommunality_id].append(competence)
        new: list[tuple[Competence, int]] = []
        links: list[tuple[int, int]] = []
        changed: dict[int, Competence] = {}
        for epci, codes in codes_by_epci.items():
            self.write_one(epci, codes, by_epci[epci], nationals, new, links, changed)
        self.save(new, links, list(changed.values()))

    def write_one(
        self,
        epci: int,
        codes: set[str],
        own: list[Competence],
        nationals: dict[int, set[int]],
        new: list[tuple[Competence, int]],
        links: list[tuple[int, int]],
        changed: dict[int, Competence],
    ) -> None:
        by_national = {national: one for one in own for national in nationals[one.pk]}
        by_label = {one.label: one for one in own}
        taken: set[str] = set()  # two codes may bear the same label
        for code in sorted(codes):
            national = self.national[code]
            label = self.labels[national.pk]
            found = by_national.get(national.pk)
            if found is None:
                twin = next((by_national[pk] for pk in self.twins.get(national.pk, ()) if pk in by_national), None)
                if (same := twin or by_label.get(label)) is None:
                    made = self.made(epci, label if label not in taken else f"{label[:190]} ({code})", code)
                    taken.add(made.label)
                    new.append((made, national.pk))
                    continue
                links.append((same.pk, national.pk))
                self.declare(same, code, changed)
                self.tally.updated += 1
            elif found.label in self.unlabelled and found.label != label and label not in by_label:
                found.label = label
                changed[found.pk] = found
                self.tally.updated += 1
            else:
                self.tally.unchanged += 1
        declared = {self.national[code].pk for code in codes}
        tied = {competence for competence, _ in links}
        self.other_only += sum(
            bool(nationals[one.pk]) and not nationals[one.pk] & self.mine and one.pk not in tied for one in own
        )
        self.no_longer += sum(bool((nationals[one.pk] & self.mine) and not nationals[one.pk] & declared) for one in own)

    def made(self, epci: int, label: str, code: str) -> Competence:
        """A file says that the competence is exercised, not in which legal category: that stays to be stated."""
        return Competence(
            intercommunality_id=epci,
            label=label,
            category=Competence.Category.UNSTATED,
            banatic_codes=[code] if self.nomenclature == Nomenclature.Y2025 else [],
        )

    def declare(self, competence: Competence, code: str, changed: dict[int, Competence]) -> None:
        if self.nomenclature == Nomenclature.Y2025 and code not in competence.banatic_codes:
            competence.banatic_codes = sorted({*competence.banatic_codes, code})
            changed[competence.pk] = competence

    def save(
        self, new: list[tuple[Competence, int]], links: Iterable[tuple[int, int]], changed: list[Competence]
    ) -> None:
        reason = f"Import BANATIC, nomenclature {self.nomenclature}"
        created = bulk_create_with_history(
            [competence for competence, _ in new], Competence, batch_size=BATCH, default_change_reason=reason
        )
        pairs = [(one.pk, national) for one, (_, national) in zip(created, new, strict=True)]
        Link.objects.bulk_create(
            [Link(competence_id=one, nationalcompetence_id=national) for one, national in [*pairs, *links]], BATCH
        )
        if changed:
            bulk_update_with_history(
                changed, Competence, ["label", "banatic_codes"], batch_size=200, default_change_reason=reason
            )
        self.tally.created += len(new)


def twins() -> dict[int, list[int]]:
    """National codes that are the same thing in the two nomenclatures, both ways."""
    found: dict[int, list[int]] = {}
    for source, target in Crosswalk.objects.filter(kind=Crosswalk.Kind.ONE_TO_ONE).values_list("source", "target"):
        found.setdefault(source, []).append(target)
        found.setdefault(target, []).append(source)
    return found
