"""The text document of a project, looked into with nothing of what wrote it: its package, words, titles and tables."""

from __future__ import annotations

import io
import json
from datetime import date
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest

from projects.models import Project
from projects.report.content import gather_sheets
from projects.report.letters import sheet_to_odt
from tests.factories import make_epci, make_project

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 15)
MIME = "application/vnd.oasis.opendocument.text"
URN = "urn:oasis:names:tc:opendocument:xmlns:"
NS = {name: f"{URN}{name}:1.0" for name in ("office", "text", "table", "style", "manifest", "meta")} | {
    "dc": "http://purl.org/dc/elements/1.1/",
    "fo": f"{URN}xsl-fo-compatible:1.0",
}
LINK = "{http://www.w3.org/1999/xlink}href"


def name(prefix, local):
    return f"{{{NS[prefix]}}}{local}"


class Package:
    """An OpenDocument as the standard describes it (ODF 1.3, parts 2 and 3)."""

    def __init__(self, content: bytes):
        self.zip = ZipFile(io.BytesIO(content))
        self.files = [one for one in self.zip.infolist() if not one.is_dir()]
        self.xml = {
            one.filename: ElementTree.fromstring(self.zip.read(one))
            for one in self.files
            if one.filename.endswith((".xml", ".rdf"))
        }
        self.body = self.xml["content.xml"].find(".//office:text", NS)

    def faults_of_package(self):
        """The kind of file is told first and uncompressed; the manifest names each file, and none that is not there."""
        first = self.files[0]
        if (first.filename, first.compress_type, first.extra) != ("mimetype", ZIP_STORED, b""):
            yield "the mimetype is not first, plain and bare"
        if self.zip.read("mimetype") != MIME.encode():
            yield "the mimetype is another"
        told = {
            entry.get(name("manifest", "full-path")): entry.get(name("manifest", "media-type"))
            for entry in self.xml["META-INF/manifest.xml"]
        }
        if told.pop("/", "") != MIME:
            yield "the manifest does not say what the whole is"
        held = {one.filename for one in self.files} - {"mimetype", "META-INF/manifest.xml"}
        if set(told) != held:
            yield f"the manifest and the package differ: {set(told) ^ held}"
        if any(b"<!DOCTYPE" in self.zip.read(path) for path in self.xml):
            yield "a document type is declared"

    def faults_of_links(self):
        """Nothing outside the package is named, and nothing runs."""
        for path, root in self.xml.items():
            for element in root.iter():
                if element.get(LINK, "") not in {"", *self.zip.namelist()}:
                    yield f"{path} leads to {element.get(LINK)}"
                if element.tag.startswith(f"{{{URN}script") or element.tag == name("office", "event-listeners"):
                    yield f"{path} runs something"

    def faults_of_styles(self):
        defined = {
            (one.get(name("style", "family")), one.get(name("style", "name")))
            for path in ("styles.xml", "content.xml")
            for one in self.xml[path].iter(name("style", "style"))
        }
        kinds = {"h": "paragraph", "p": "paragraph"} | {
            kind: kind for kind in ("table", "table-column", "table-row", "table-cell")
        }
        for element in self.body.iter():
            kind = kinds.get(element.tag.partition("}")[2], "")
            used = element.get(name("text", "style-name")) or element.get(name("table", "style-name"))
            if kind and (kind, used) not in defined:
                yield f"{element.tag} has the style {used}"

    def faults_of_titles(self):
        """One title, then those below it, none skipped."""
        levels = [int(one.get(name("text", "outline-level"))) for one in self.body.iter(name("text", "h"))]
        if levels[:1] != [1] or levels.count(1) != 1 or not set(levels) <= {1, 2}:
            yield f"titles: {levels}"
        if any(not "".join(one.itertext()).strip() for one in self.body.iter(name("text", "h"))):
            yield "a title is empty"

    def faults_of_tables(self):
        """A header row, rows as wide as the columns, a name of its own."""
        tables = list(self.body.iter(name("table", "table")))
        if len({table.get(name("table", "name")) for table in tables}) != len(tables):
            yield "two tables have one name"
        for table in tables:
            kinds = [child.tag.partition("}")[2] for child in table]
            width = kinds.count("table-column")
            made = ["table-column"] * width + ["table-header-rows"]
            if not width or kinds[: width + 1] != made or set(kinds[width + 1 :]) != {"table-row"}:
                yield f"a table is made of {kinds}"
                continue
            for row in table.iter(name("table", "table-row")):
                cells = row.findall("table:table-cell", NS)
                if len(cells) != width or any(cell.find("text:p", NS) is None for cell in cells):
                    yield "a row is not as wide as its table, or holds an empty cell without a paragraph"

    def faults_of_words(self):
        meta = self.xml["meta.xml"]
        told = {tag: meta.findtext(f".//{tag}", namespaces=NS) for tag in ("dc:language", "dc:title", "dc:creator")}
        if told["dc:language"] != "fr-FR" or not told["dc:title"] or not told["dc:creator"]:
            yield f"it says of itself {told}"
        days = {meta.findtext(f".//{tag}", namespaces=NS)[:10] for tag in ("meta:creation-date", "dc:date")}
        if days != {TODAY.isoformat()}:
            yield f"it was made on {days}"
        words = self.xml["styles.xml"].find(".//style:default-style[@style:family='paragraph']//*[@fo:language]", NS)
        if words is None or (words.get(name("fo", "language")), words.get(name("fo", "country"))) != ("fr", "FR"):
            yield "its words are not in French"

    def faults(self):
        checks = [getattr(self, one) for one in dir(self) if one.startswith("faults_of_")]
        return [fault for check in checks for fault in check()]


def write(sheets):
    return {reference: sheet_to_odt(sheet, name="Val d’Orvelle", today=TODAY) for reference, sheet in sheets.items()}


def test_each_project_of_the_demo_makes_a_sound_text_document(demo_territory):
    numbers = dict(Project.objects.of(demo_territory).values_list("pk", "reference"))
    tables = 0
    for public in (True, False):
        sheets = gather_sheets(numbers, demo_territory, today=TODAY, public=public)
        for number, content in write(sheets).items():
            package = Package(content)
            assert (numbers[number], package.faults()) == (numbers[number], [])
            tables += sum(1 for _ in package.body.iter(name("table", "table")))
    assert tables > len(numbers)


def test_what_a_sheet_says_is_read_again_word_for_word_whatever_its_signs(shared_data):
    """Signs that XML forbids are left out, as in a workbook; all others are kept."""
    epci = make_epci(1)
    odd = "<office:script> & \x0bvert\x01ical\ufffe \ud7ff “É” 🙂 =1+1"
    texts = [odd, *(text for text in json.loads((shared_data / "hostile" / "blns.json").read_text()) if text.strip())]
    project = make_project(epci, title="Halle " + odd)
    project.need = "\n".join(text.replace("\x00", "") for text in texts)
    sheets = {1: gather_sheets([project.pk], epci, today=TODAY, public=False)[project.pk]}
    object.__setattr__(sheets[1], "need", project.need)
    package = Package(write(sheets)[1])
    assert package.faults() == []
    said = "".join(package.body.itertext())
    assert "<office:script> &" in said and "vertical" in said and "“É” 🙂 =1+1" in said
    assert package.body.find(".//office:script", NS) is None


def widths_in(table, package):
    told = {
        one.get(name("style", "name")): one.find("style:table-column-properties", NS)
        for one in package.xml["content.xml"].iter(name("style", "style"))
    }
    columns = table.findall("table:table-column", NS)
    return [
        float(told[one.get(name("table", "style-name"))].get(name("style", "column-width"))[:-2]) for one in columns
    ]


def test_tables_hold_on_the_page_and_leave_out_columns_where_nothing_is_said(demo_territory):
    """« Y gagne », « Apporte » and « Craint » are empty in most sheets: each took a sixth of the page."""
    numbers = dict(Project.objects.of(demo_territory).values_list("pk", "reference"))
    headers = set()
    for content in write(gather_sheets(numbers, demo_territory, today=TODAY, public=False)).values():
        package = Package(content)
        for table in package.body.iter(name("table", "table")):
            widths = widths_in(table, package)
            assert sum(widths) == pytest.approx(17.0, abs=0.1) and min(widths) > 0.5
            rows = [["".join(cell.itertext()) for cell in row] for row in table.iter(name("table", "table-row"))]
            headers.add(tuple(rows[0]))
            columns = list(zip(*rows, strict=True))
            assert all(any(column[1:]) for column in columns)
            if rows[0][0] == "Date":  # a day is not cut: its spaces do not break
                assert widths[0] > 0.2 * max(map(len, columns[0]))
    assert ("Qui", "Son intérêt", "Face à l’objectif") in headers


def test_titles_bear_no_number_of_the_library_the_objective_stands_out_and_pages_are_numbered(demo_territory):
    project = Project.objects.of(demo_territory).get(reference="P02")
    sheet = gather_sheets([project.pk], demo_territory, today=TODAY, public=True)[project.pk]
    package = Package(write({"P02": sheet})["P02"])
    styles = package.xml["styles.xml"]
    assert styles.find(".//text:outline-style", NS) is None
    [framed] = [
        one for one in package.body.iter(name("text", "p")) if "Objectif" in one.get(name("text", "style-name"), "")
    ]
    assert framed.text == sheet.shared_objective
    foot = styles.find(".//style:master-page/style:footer", NS)
    assert foot.find(".//text:page-number", NS) is not None and "P02 — " in "".join(foot.itertext())
    svg = ElementTree.fromstring(package.zip.read("Pictures/carte.svg"))
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert (
        package.body.findtext(".//{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title") == sheet.map.title
    )
    assert "Vaudreline" in sheet.map.title
