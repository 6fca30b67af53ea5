"""The files to go on working with, opened by LibreOffice: it reads what we wrote, and computes nothing of it."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.db import transaction

from cooperation.spreadsheets.writing import to_csv, to_ods, to_xlsx
from projects.models import Project
from projects.report.content import gather_sheet
from projects.report.letters import sheet_to_odt
from projects.report.tables import listed, read_tables
from tests import demo

pytestmark = pytest.mark.django_db
NO_OFFICE = "LibreOffice absent"
OFFICE = next((found for name in ("soffice", "libreoffice") if (found := shutil.which(name))), "")
TODAY = dt.date(2026, 11, 23)
FRENCH = "CSV:59,34,76,1"  # semicolons, quotes, UTF-8: what we say of our own lists
HOSTILE = '=HYPERLINK("http://127.0.0.1:9/vu";"Lire") <b>&amp; “É” @SUM(1+1)'


@pytest.fixture(scope="module")
def opened(django_db_setup, django_db_blocker, tmp_path_factory):
    """What was written, and the folder where LibreOffice says what it read: opened once for all the tests."""
    if not OFFICE:
        pytest.skip(NO_OFFICE)
    folder = tmp_path_factory.mktemp("bureautique")
    with django_db_blocker.unblock(), transaction.atomic():
        epci = demo.load()
        project = Project.objects.get(reference="P01")
        Project.objects.filter(pk=project.pk).update(title=HOSTILE)
        project.refresh_from_db()
        found = Project.objects.of(epci)
        sheet, tables, lines = gather_sheet(project, today=TODAY), read_tables(found), listed(found)
        (folder / "liste.csv").write_bytes(b"".join(to_csv(lines)))
        transaction.set_rollback(True)
    (folder / "fiche.odt").write_bytes(sheet_to_odt(sheet, name=epci.name, today=TODAY))
    (folder / "excel.xlsx").write_bytes(to_xlsx(tables))
    (folder / "calc.ods").write_bytes(to_ods(tables))
    convert(folder, "txt:Text (encoded):UTF8", "fiche.odt")
    convert(folder, "fods", "excel.xlsx", "calc.ods")
    convert(folder, "fods", "liste.csv", f"--infilter={FRENCH}")
    return sheet, tables, folder / "lu"


def convert(folder, form: str, *named: str) -> None:
    command = [OFFICE, f"-env:UserInstallation=file://{folder}/profil", "--headless", "--convert-to", form]
    done = subprocess.run(
        [*command, "--outdir", folder / "lu", *named], cwd=folder, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr


def sheets_in(path) -> dict[str, list[list[tuple[str, str, str]]]]:
    """Each sheet as it was read: of each cell up to the last, its kind, its value, what is shown."""
    root = ElementTree.parse(path).getroot()
    assert not any(named("table", "formula") in cell.attrib for cell in root.iter(named("table", "table-cell")))
    return {
        table.get(named("table", "name")): [cells_in(row) for row in table.iter(named("table", "table-row"))]
        for table in root.iter(named("table", "table"))
    }


def named(prefix: str, local: str) -> str:
    return f"{{urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0}}{local}"


def cells_in(row) -> list[tuple[str, str, str]]:
    cells: list[tuple[str, str, str]] = []
    for cell in row:
        kind = cell.get(named("office", "value-type"), "")
        value = cell.get(named("office", "value")) or cell.get(named("office", "date-value")) or ""
        shown = "\n".join("".join(spaced(line)) for line in cell.findall(named("text", "p")))
        times = int(cell.get(named("table", "number-columns-repeated"), 1))
        cells += [(kind, value, shown)] * (times if kind or times < 100 else 1)
    while cells and not cells[-1][0]:
        cells.pop()
    return cells


def spaced(line):
    """The text of a line, with the spaces that this format counts."""
    for part in line.iter():
        if part.tag == named("text", "s"):
            yield " " * int(part.get(named("text", "c"), 1))
        yield from filter(None, (part.text, part.tail if part is not line else ""))


def seen(value) -> tuple[str, str, str | None]:
    """The kind, the value and, where it is the same in the language of any machine, the words of a cell."""
    match value:
        case None | "":
            return "", "", ""
        case dt.date():
            return "date", value.isoformat(), f"{value:%d/%m/%Y}"
        case int() | float() | Decimal():
            return "float", f"{float(value):.4f}", None
        case _:
            return "string", "", " ".join(str(value).split())


def read(cell: tuple[str, str, str]) -> tuple[str, str, str | None]:
    kind, value, shown = cell
    if kind == "string" and not shown:
        return "", "", ""
    return (kind, f"{float(value):.4f}", None) if kind == "float" else (kind, value, " ".join(shown.split()))


def test_a_text_document_says_the_whole_sheet(opened):
    sheet, _, folder = opened
    said = " ".join((folder / "fiche.txt").read_text(encoding="utf-8-sig").split())
    for told in (HOSTILE, sheet.shared_objective, sheet.need, sheet.legal_case, "Les effets et la satisfaction"):
        assert " ".join(told.split()) in said
    for row in (*sheet.actors, *sheet.interests):
        assert (row.name if hasattr(row, "name") else row.text) in said
    [survey] = sheet.surveys
    assert f"{survey.mean} sur 5" in said


@pytest.mark.parametrize("name", ["excel", "calc"])
def test_a_workbook_shows_each_cell_of_each_sheet(opened, name):
    _, tables, folder = opened
    sheets, cells = sheets_in(folder / f"{name}.fods"), 0
    assert [*sheets] == [table.name for table in tables]
    for table in tables:
        headers, *rows = (row for row in sheets[table.name] if row)
        assert [shown for *_, shown in headers] == list(table.headers)
        told = [[seen(value) for value in row] for row in table.rows]
        for row, found in zip(told, rows, strict=True):
            assert [read(cell) for cell in found] == row[: len(found)]
            assert {kind for kind, *_ in row[len(found) :]} <= {""}
            cells += len(found)
    assert cells > 1000
    amounts = {shown for row in sheets["Projets"][1:] for _, value, shown in row if value == "1240000"}
    assert amounts and all(len(shown) == len("1 240 000,00") for shown in amounts)


def test_nothing_is_computed_of_a_text_that_begins_like_a_formula(opened):
    *_, folder = opened
    for name in ("excel", "calc"):
        assert sheets_in(folder / f"{name}.fods")["Projets"][1][1] == ("string", "", HOSTILE)
    [listed] = sheets_in(folder / "liste.fods").values()
    assert ("string", "", f"'{HOSTILE}") in listed[1]
