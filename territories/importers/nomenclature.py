"""Read the national lists of competences (labels, domains, crosswalk between versions), and store what differs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from cooperation.spreadsheets import SpreadsheetError
from territories.competences.codes import link_declared_codes
from territories.competences.models import Crosswalk, NationalCompetence, Nomenclature
from territories.importers.lines import Lines, column_of, lines_of
from territories.importers.places import Tally, store_differences

CODE = ("code", "code competence", "code banatic")
LABEL = ("libelle", "nom", "intitule", "libelle competence", "label")
GROUP = ("categorie", "domaine", "groupe", "category")
OLD = ("code 2021", "ancien code")
NEW = ("code 2025", "nouveau code")
KIND = ("type", "kind", "correspondance")


@dataclass(slots=True)
class Labels:
    """The labels of one version of the nomenclature, and the code of their domain, by code."""

    lines: Lines
    by_code: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Passages:
    """What the codes of 2021 became: (old code, new code or "", kind)."""

    lines: Lines
    rows: list[tuple[str, str, str]] = field(default_factory=list)


def code_of(text: str) -> str:
    """A code of four digits; the old exports write « C1004 »."""
    found = re.fullmatch(r"[Cc]?(\d{4})(?:\.0)?", text.strip())
    if not found:
        raise ValueError(f"« {text} » n’est pas un code de compétence (quatre chiffres)")
    return found.group(1)


def read_labels(path: Path | str) -> Labels:
    """Read a list of codes and labels; the same code twice is refused unless it says the same thing."""
    labels = Labels(lines_of(path))
    where: tuple[str, str, str | None] | None = None
    for line, row in labels.lines:
        where = where or (
            column_of(row, CODE, "le code"),
            column_of(row, LABEL, "l’intitulé"),
            next((name for name in GROUP if name in row), None),
        )
        try:
            code = code_of(row[where[0]])
            told = " ".join(row[where[1]].split()), row[where[2]] if where[2] else ""
            if labels.by_code.setdefault(code, told) != told:
                raise ValueError(f"le code {code} figure deux fois avec des intitulés différents")
        except ValueError as error:
            labels.lines.refuse(line, str(error))
    if not (labels.by_code or labels.lines.refused):
        raise SpreadsheetError(f"« {labels.lines.path.name} » ne contient aucun code de compétence.")
    return labels


def read_groups(path: Path | str) -> dict[str, str]:
    """Read the names of the domains by their code."""
    lines, groups = lines_of(path), {}
    for _, row in lines:
        groups[row[column_of(row, CODE, "le code")]] = row[column_of(row, LABEL, "l’intitulé")]
    return groups


def read_crosswalk(path: Path | str) -> Passages:
    """Read what each code of 2021 became in 2025; contradictions are refused with their line."""
    passages = Passages(lines_of(path))
    kinds: dict[str, tuple[str, int]] = {}
    for line, row in passages.lines:
        old, new, kind = (row[column_of(row, names, what)] for names, what in _PASSAGE)
        try:
            passage = _passage_of(old, new, kind)
            known, first = kinds.setdefault(passage[0], (passage[2], line))
            if first != line and (known != passage[2] or known != Crosswalk.Kind.SPLIT or passage in passages.rows):
                raise ValueError(f"le code {passage[0]} figure déjà ligne {first}")
            passages.rows.append(passage)
        except ValueError as error:
            passages.lines.refuse(line, str(error))
    if not (passages.rows or passages.lines.refused):
        raise SpreadsheetError(f"« {passages.lines.path.name} » ne contient aucune correspondance.")
    return passages


_PASSAGE = ((OLD, "l’ancien code"), (NEW, "le nouveau code"), (KIND, "le type de correspondance"))


def _passage_of(old: str, new: str, kind: str) -> tuple[str, str, str]:
    if kind not in Crosswalk.Kind.values:
        raise ValueError(f"« {kind} » n’est pas un type de correspondance ({', '.join(Crosswalk.Kind.values)})")
    if kind == Crosswalk.Kind.NO_EQUIVALENT:
        if new:
            raise ValueError("un code sans équivalent ne peut pas avoir de nouveau code")
        return code_of(old), "", kind
    return code_of(old), code_of(new), kind


def store_codes(
    nomenclature: str, codes: set[str], labels: Labels | None = None, groups: dict[str, str] | None = None
) -> Tally:
    """Store codes with what is known of them; a label already known is never lost to a file that has none."""
    stored = {one.code: one for one in NationalCompetence.objects.filter(nomenclature=nomenclature)}
    wanted: dict[str, dict[str, str]] = {code: {"nomenclature": nomenclature} for code in codes}
    for code, (label, group) in (labels.by_code if labels else {}).items():
        told = {"label": label, "group_code": group, "group_label": (groups or {}).get(group, "")}
        wanted[code] = {"nomenclature": nomenclature, **{name: value for name, value in told.items() if value}}
    tally = store_differences(
        NationalCompetence, "code", dict(sorted(wanted.items())), stored, label=f"codes {nomenclature}"
    )
    if tally.created and nomenclature == Nomenclature.Y2025:
        link_declared_codes()
    return tally


def store_crosswalk(passages: Passages) -> tuple[Tally, int]:
    """Store the crosswalk as the file tells it; also return how many rows the file no longer holds, taken away."""
    store_codes(Nomenclature.Y2021, {old for old, _, _ in passages.rows})
    store_codes(Nomenclature.Y2025, {new for _, new, _ in passages.rows if new})
    pks = {(one.nomenclature, one.code): one.pk for one in NationalCompetence.objects.all()}
    wanted = {
        (pks[Nomenclature.Y2021, old], pks[Nomenclature.Y2025, new] if new else None): kind
        for old, new, kind in passages.rows
    }
    stored = {(one.source_id, one.target_id): one for one in Crosswalk.objects.all()}
    gone = [one.pk for pair, one in stored.items() if pair not in wanted]
    Crosswalk.objects.filter(pk__in=gone).delete()
    tally = Tally("correspondances")
    for (source, target), kind in wanted.items():
        row = stored.get((source, target))
        if row is None:
            Crosswalk.objects.create(source_id=source, target_id=target, kind=kind)
            tally.created += 1
        elif row.kind != kind:
            row.kind = kind
            row.save()
            tally.updated += 1
        else:
            tally.unchanged += 1
    return tally, len(gone)
