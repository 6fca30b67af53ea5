"""Files for spreadsheets: numbers stay numbers, days stay days, and no cell is ever computed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import odfdo
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.spreadsheets.writing import LONGEST, OASIS, Table, to_csv, to_ods, to_xlsx

DAY = dt.date(2026, 11, 23)
ROWS = [["=1+1", Decimal("1234.50"), DAY], ["@SUM(A1)", 3, None], ["+33", Decimal("-2.00"), DAY], ["-5 %", 0, DAY]]
TABLE = Table("Essai", ["Texte", "Nombre", "Jour"], ROWS)


def test_a_workbook_holds_real_numbers_and_days_and_texts_that_stay_texts():
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([TABLE])))["Essai"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "d"]
    assert [cell.value for cell in sheet[2]] == ["=1+1", 1234.5, dt.datetime(2026, 11, 23)]
    assert [sheet.cell(row, 1).data_type for row in range(2, 6)] == ["s"] * 4
    assert sheet.freeze_panes == "A2"


def test_an_open_workbook_holds_the_same():
    document = odfdo.Document(io.BytesIO(to_ods([TABLE])))
    rows = document.body.get_table(name="Essai").get_rows()
    cells = [row.get_cells() for row in rows][1:]
    assert [cell.type for cell in cells[0]] == ["string", "float", "date"]
    assert [row[0].value for row in cells] == ["=1+1", "@SUM(A1)", "+33", "-5 %"]
    assert all(cell.formula is None for row in cells for cell in row)


def test_an_open_workbook_shows_a_day_as_a_day():
    """Without a format of its own, a day is shown with its midnight: 23/11/2026 00:00:00."""
    document = odfdo.Document(io.BytesIO(to_ods([TABLE])))
    heading, first, *_ = document.body.get_table(name="Essai").get_rows()
    style = document.get_style("table-cell", first.get_cells()[2].style)
    asked = style.get_attribute("style:data-style-name")
    shown = document.content.get_element(f"//number:date-style[@style:name='{asked}']")
    assert [(one.tag, one.text) for one in shown.children] == [
        ("number:day", ""), ("number:text", "/"), ("number:month", ""), ("number:text", "/"), ("number:year", ""),
    ]  # fmt: skip
    assert {cell.style for cell in heading.get_cells()} == {"Titre"}


def test_an_amount_shows_its_cents_and_its_thousands_and_a_column_is_as_wide_as_its_texts():
    """A column of totals was read as 1240000, and each title was cut after its first word."""
    table = Table(
        "Essai", ["Titre", "Coût", "Année"], [["Réinvestir la rue Basse (phase 1)", Decimal("1240000"), 2027]]
    )
    document = odfdo.Document(io.BytesIO(to_ods([table])))
    opened = document.body.get_table(name="Essai")
    _, amount, year = opened.get_rows()[1].get_cells()
    asked = document.get_style("table-cell", amount.style).get_attribute("style:data-style-name")
    shown = document.content.get_element(f"//number:number-style[@style:name='{asked}']/number:number")
    assert shown.get_attribute("number:grouping") is True
    assert shown.get_attribute("number:decimal-places") == "2"
    assert year.style is None  # a year has no thousands
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([table])))["Essai"]
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [48, 12]
    assert [column.style for column in opened.columns] == ["Colonne48", "Colonne12", "Colonne12"]


def test_a_csv_protects_its_texts_and_leaves_its_numbers_alone():
    text = b"".join(to_csv(TABLE)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1] == ["'=1+1", "1234,50", "23/11/2026"]
    assert [row[0][0] for row in rows[1:]] == ["'"] * 4
    assert rows[3][1] == "-2,00"


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_goes_through_every_form(texts):
    assert_read_again(Table("T", ["a"] * len(texts), [texts]))


def test_signs_that_no_xml_may_hold_leave_a_workbook_that_opens():
    assert_read_again(Table("T", ["a", "b"], [["vert\x0bical", "\ufffebien\uffff\ud7ff"]]))


def assert_read_again(table):
    """Each workbook opens, in a reader that wrote none of it."""
    assert b"".join(to_csv(table))
    openpyxl.load_workbook(io.BytesIO(to_xlsx([table])))
    with zipfile.ZipFile(io.BytesIO(to_ods([table]))) as document:
        root = ElementTree.fromstring(document.read("content.xml"))
    parts = list(root.find(f".//{{{OASIS}:table:1.0}}table"))
    columns, (headers, *rows) = parts[: len(table.headers)], parts[len(table.headers) :]
    assert {column.tag.rpartition("}")[2] for column in columns} == {"table-column"}
    assert headers.tag.endswith("table-header-rows")
    assert [len(row) for row in (headers[0], *rows)] == [len(table.headers)] * (1 + len(table.rows))


@pytest.mark.parametrize("write", [lambda t: to_xlsx([t]), lambda t: to_ods([t]), lambda t: b"".join(to_csv(t))])
def test_a_text_too_long_for_a_cell_is_cut_rather_than_refused(write):
    assert write(Table("T", ["a"], [["x" * (LONGEST + 1000)]]))
