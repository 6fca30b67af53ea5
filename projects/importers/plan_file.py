"""Read the actions of a plan from the workbook of « Territoires en Transitions », without losing a cell."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from cooperation.french import number
from cooperation.spelling import fold_words
from cooperation.spreadsheets import SpreadsheetError, read_cells, sheet_names
from cooperation.texts import TEXT, excess, shortened
from projects.proposals.states import Status

SHEET = "fichier d import"
INSTRUCTIONS = ("champ texte", "texte court de 300 caracteres")
STATUSES = {
    "a venir": Status.ADOPTED,
    "en cours": Status.IN_PROGRESS,
    "realise": Status.COMPLETED,
    "en pause": Status.SUSPENDED,
    "abandonne": Status.ABANDONED,
}
AMOUNT = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(?:€|euros?)?\s*(?:HT)?$", re.IGNORECASE)
MAX_AMOUNT = Decimal("999999999999.99")


@dataclass(slots=True)
class Action:
    """An action of the plan: its texts, who takes part, its money, and what was kept as it was written."""

    line: int
    title: str
    texts: dict[str, str] = field(default_factory=dict)
    lead: str = ""
    partners: list[str] = field(default_factory=list)
    funders: list[tuple[str, Decimal]] = field(default_factory=list)
    cost: Decimal | None = None
    status: str = Status.UNDER_REVIEW
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    kept: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read_plan(path: Path | str) -> list[Action]:
    """The actions of a plan, in the order of the file."""
    path = Path(path)
    names = sheet_names(path)
    sheet = next((name for name in names if "import" in fold_words(name)), None)
    headers: list[tuple[str, str]] = []
    actions = []
    for line, cells in read_cells(path, sheet):
        if not headers:
            headers = _headers(cells)
            continue
        if not any(cell.strip() for cell in cells) or _is_instructions(headers, cells):
            continue
        actions.append(_action(line, headers, cells))
    if not headers:
        raise SpreadsheetError("aucune ligne d’en-tête n’a de colonne « Titre » et de colonne « Descriptif ».")
    return actions


def _headers(cells: list[str]) -> list[tuple[str, str]]:
    folded = [fold_words(cell) for cell in cells]
    if "descriptif" not in folded or not any(name.startswith("titre") for name in folded):
        return []
    headers, funder = [], ""
    for cell, name in zip(cells, folded, strict=True):
        label = " ".join(cell.split())
        if name.startswith("financeur"):
            funder = label
        if name.startswith("montant"):  # three columns have this same name
            label, name = f"{label} ({funder})", f"montant {fold_words(funder)}"
        headers.append((label, name))
    return headers


def _is_instructions(headers: list[tuple[str, str]], cells: list[str]) -> bool:
    title = next(index for index, (_, name) in enumerate(headers) if name.startswith("titre"))
    return title < len(cells) and fold_words(cells[title]).startswith(INSTRUCTIONS)


def _action(line: int, headers: list[tuple[str, str]], cells: list[str]) -> Action:
    labels = {name: label for label, name in reversed(headers) if name}
    values = {}
    kept = {}
    for position, cell in enumerate(cells):
        if not cell.strip():
            continue
        label, name = headers[position] if position < len(headers) else ("", "")
        if name and name not in values:
            values[name] = cell.strip()
        else:
            kept[label or f"Colonne {position + 1}"] = cell.strip()
    reader = _Reader(Action(line=line, title="", kept=kept), values, labels)
    return reader.read()


class _Reader:
    """Takes the values of a line one by one; what nobody took, or could read, is kept as it was written."""

    def __init__(self, action: Action, values: dict[str, str], labels: dict[str, str]) -> None:
        self.action, self.values, self.labels = action, values, labels

    def read(self) -> Action:
        self.read_texts()
        self.read_actors()
        self.read_money()
        self.read_status_and_dates()
        for name in list(self.values):
            self.keep(name)
        return self.action

    def keep(self, name: str, problem: str = "") -> None:
        if (text := self.values.pop(name, "")) and name in self.labels:
            self.action.kept[self.labels[name]] = text
            if problem:
                self.action.warnings.append(f"« {self.labels[name]} » {problem} : gardé tel quel.")

    def read_texts(self) -> None:
        action, values = self.action, self.values
        name = next((name for name in self.labels if name.startswith("titre") and "sous action" not in name), "")
        title = " ".join(values.get(name, "").split())
        if title and len(title) <= 200:
            action.title = title
            values.pop(name)
        else:
            action.title = f"{title[:199]}…" if title else "Action sans titre"
            self.keep(name, "dépasse 200 caractères")
        if not title:
            action.warnings.append("l’action n’a pas de titre.")
        need, objective = self.take_text("descriptif"), self.take_text("objectifs")
        if not objective and not need:  # never invented: the only words there are
            action.warnings.append("ni objectifs ni descriptif : l’objectif partagé reprend le titre.")
        action.texts = {
            "need": need,
            "shared_objective": objective or need or title or action.title,
            "resources": self.take_text("moyens humains et techniques"),
            "indicators": self.take_text("indicateurs lies"),
        }

    def take_text(self, name: str) -> str:
        """A text of the sheet; of one that is too long for a sheet, its beginning, and the whole is kept."""
        text = self.values.get(name, "")
        if excess(text, TEXT):
            self.keep(name, f"dépasse ce qu’un texte de fiche peut tenir ({number(TEXT)} signes) et y est raccourci")
        else:
            self.values.pop(name, None)
        return shortened(text, TEXT)

    def read_actors(self) -> None:
        action = self.action
        leads = _names(self.values.get("structure pilote", ""))
        if leads and all(len(name) <= 200 for name in leads):
            action.lead, *action.partners = leads
            self.values.pop("structure pilote")
        partners = _names(self.values.get("partenaires", ""))
        if any(len(name) > 200 for name in partners):
            self.keep("partenaires", "contient un nom de plus de 200 caractères")
            return
        self.values.pop("partenaires", None)
        seen = {name.casefold() for name in (action.lead, *action.partners)}
        for name in partners:
            if name.casefold() not in seen:
                seen.add(name.casefold())
                action.partners.append(name)

    def read_money(self) -> None:
        name = "budget previsionnel total ht"
        self.action.cost = amount_of(self.values.get(name, ""))
        if self.action.cost is None:
            self.keep(name, "n’est pas un montant lisible")
            return  # without a total there is no plan: funders are kept as written
        self.values.pop(name)
        for rank in (1, 2, 3):
            funder, amount = f"financeur {rank}", amount_of(self.values.get(f"montant financeur {rank}", ""))
            text = self.values.get(funder, "")
            if text and amount is not None and len(text) <= 200:
                self.action.funders.append((text, amount))
                del self.values[funder], self.values[f"montant financeur {rank}"]
            elif f"montant financeur {rank}" in self.values:
                self.keep(f"montant financeur {rank}", "n’a pas de montant ou de financeur lisible")

    def read_status_and_dates(self) -> None:
        action, status = self.action, self.values.get("statut", "")
        if known := STATUSES.get(fold_words(status)):
            action.status = known
            self.values.pop("statut")
        elif status:
            self.keep("statut", f"({status}) n’a pas d’équivalent : l’action est en instruction")
        starts, ends = (date_of(self.values.get(name, "")) for name in ("date de debut", "date de fin"))
        if starts and ends and ends < starts:
            self.keep("date de fin", "précède la date de début")
            ends = None
        action.starts_on, action.ends_on = starts, ends
        for name, found in (("date de debut", starts), ("date de fin", ends)):
            if found:
                self.values.pop(name)
            else:
                self.keep(name, "n’est pas une date lisible (JJ/MM/AAAA)")


def _names(text: str) -> list[str]:
    names: dict[str, str] = {}
    for part in re.split(r"[\n;,]", text):
        if name := " ".join(part.split()).strip(" -•"):
            names.setdefault(name.casefold(), name)
    return list(names.values())


def amount_of(text: str) -> Decimal | None:
    """Read « 12 350,50 € »; None when it is not an amount."""
    found = AMOUNT.match(re.sub(r"(?<=\d)\s(?=\d{3})", "", text.strip()))
    if not found:
        return None
    amount = Decimal(found[1].replace(",", ".")).quantize(Decimal("0.01"))
    return amount if amount <= MAX_AMOUNT else None


def date_of(text: str) -> datetime.date | None:
    """Read 2024-03-09, 09/03/2024, or the number under which a workbook stores this day (45360)."""
    if re.fullmatch(r"[3-7]\d{4}", text.strip()):
        return datetime.date(1899, 12, 30) + datetime.timedelta(days=int(text))
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    return None
