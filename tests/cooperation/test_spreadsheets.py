"""Spreadsheets of every office are read alike, and one that cannot be says why."""

import zipfile

import openpyxl
import pytest

from cooperation.spreadsheets import SpreadsheetError, describe, read_cells, read_rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_encoding_and_separator_give_the_same_rows(tmp_path, encoding, separator):
    path = tmp_path / "a.csv"
    path.write_bytes(f"Élu·e{separator}Code_INSEE\r\nZoé{separator}01001\r\n".encode(encoding))
    assert list(read_rows(path)) == [(2, {"elu e": "Zoé", "code insee": "01001"})]


def test_a_cell_with_a_line_break_keeps_the_line_numbers_of_the_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a;b\n"un\ndeux";1\ntrois;2\n', encoding="utf-8")
    assert [line for line, _ in read_rows(path)] == [2, 4]


def test_a_row_longer_than_its_header_is_refused_with_its_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2;3\n")
    with pytest.raises(SpreadsheetError, match="Ligne 2"):
        list(read_rows(path))


def test_numbers_of_a_workbook_are_read_as_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["siren", "siren"])
    book.active.append([200029999, 12.5])
    book.save(tmp_path / "a.xlsx")
    assert list(read_rows(tmp_path / "a.xlsx")) == [(2, {"siren": "200029999", "siren 2": "12.5"})]


def test_a_workbook_that_would_unpack_into_a_giant_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(SpreadsheetError, match="refusé"):
        list(read_cells(path))


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
def test_a_damaged_workbook_is_refused_in_a_sentence(tmp_path, name):
    (tmp_path / name).write_bytes(b"not a workbook")
    with pytest.raises(SpreadsheetError, match="abîmé"):
        list(read_cells(tmp_path / name))


def test_a_missing_file_and_an_unknown_format_are_named(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    for name in ("absent.csv", "a.pdf"):
        with pytest.raises(SpreadsheetError):
            read_cells(tmp_path / name)


@pytest.mark.parametrize(
    ("encoding", "separator", "told"),
    [
        ("utf-8", ",", "encodage UTF-8, séparateur «\u00a0,\u00a0»"),
        ("utf-8-sig", ";", "encodage UTF-8, séparateur «\u00a0;\u00a0»"),
        ("cp1252", "\t", "encodage Windows-1252, séparateur tabulation"),
        ("utf-16", ";", "encodage UTF-16, séparateur «\u00a0;\u00a0»"),
    ],
)
def test_what_was_guessed_is_told(tmp_path, encoding, separator, told):
    path = tmp_path / "a.csv"
    path.write_bytes(f"Élu·e{separator}Code\nZoé{separator}1\n".encode(encoding))
    assert describe(path) == f"CSV, {told}"


def test_plain_text_named_xls_is_read_and_a_true_old_workbook_is_refused(tmp_path):
    path = tmp_path / "export.xls"
    path.write_bytes("N° SIREN\tNom\n200069193\tÉpine\n".encode("iso-8859-1"))
    assert list(read_rows(path)) == [(2, {"n siren": "200069193", "nom": "Épine"})]
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(SpreadsheetError, match="XLSX"):
        read_cells(path)
