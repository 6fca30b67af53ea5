"""Parts printed apart, kept, and bound: the document is the one that a single piece would give, and cheaper again."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path
from threading import BoundedSemaphore, Thread

import pytest
from django.utils.safestring import mark_safe

from cooperation.printing import Cites, Document, Limits, Part, PrintingError, print_document, print_in_parts
from cooperation.printing import assembly as assembly_room
from cooperation.printing import workshop as workshop_room
from cooperation.printing.fragments import KEY, LOCAL, SHARED, Template
from cooperation.printing.hiring import Hand, Master, hire, is_alive
from cooperation.printing.store import Store
from cooperation.printing.whole import whole_file
from cooperation.printing.workshop import Piece, Table, Workshop

page = pytest.importorskip("page", reason="page-validation checks PDF/UA")
pikepdf = pytest.importorskip("pikepdf")

SHEETS = 4


@pytest.fixture(scope="module", autouse=True)
def own_store(tmp_path_factory):
    """A store of their own, so that what is kept here was made here."""
    from django.conf import settings

    kept, settings.PRINT_STORE = settings.PRINT_STORE, tmp_path_factory.mktemp("prints")
    yield settings.PRINT_STORE
    settings.PRINT_STORE = kept


def test_a_sheet_made_on_another_disk_is_kept_too(tmp_path):
    """As under systemd, which gives a service a /tmp of its own: renaming from one disk to another fails."""
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    with tempfile.NamedTemporaryFile(dir=other) as made:
        made.write(b"une feuille")
        made.flush()
        Store(tmp_path).receive("key", Path(made.name))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"une feuille"]


def test_what_two_threads_keep_under_one_key_at_once_is_kept(tmp_path, monkeypatch):
    store, replace, second = Store(tmp_path), os.replace, [b"les memes lettres"]

    def once_another_has_kept_it(path, target):
        if second:
            store.write("key", second.pop())
        return replace(path, target)

    monkeypatch.setattr(os, "replace", once_another_has_kept_it)
    store.write("key", b"les memes lettres")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").read_bytes() == b"les memes lettres"


def gone() -> subprocess.Popen:
    """A process that is no more."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process


def sheet(number: int, text: str = "", *, pages: int = 1) -> Part:
    """A sheet with a title, a table with headers, and as many pages as asked."""
    rows = "".join(f"<tr><th scope='row'>Ligne {n}</th><td>{text or 'vœu'}</td></tr>" for n in range(3))
    more = "".join(f'<p style="break-before: page">Suite {n}</p>' for n in range(1, pages))
    return Part(
        f"la fiche P{number}",
        mark_safe(
            f'<article class="sheet" id="fiche-{number}"><h3 class="sheet__title" data-running="P{number}">'
            f"Œuvre n° {number}</h3><table><caption>Tableau {number}</caption><thead><tr><th scope='col'>Quoi</th>"
            f"<th scope='col'>Combien</th></tr></thead><tbody>{rows}</tbody></table>{more}</article>"
        ),
    )


def document(*sheets: Part, **changes) -> Document:
    links = "".join(
        f'<li class="contents__sheet contents__line"><a href="#fiche-{n}">Œuvre n° {n}</a></li>'
        for n in range(1, len(sheets) + 1)
    )
    parts = [
        Part("la couverture", mark_safe('<section class="cover"><h1>Essai</h1></section>'), numbered=False),
        Part(
            "le sommaire",
            mark_safe(
                f'<section class="chapter contents" id="sommaire"><h2 data-running="Sommaire">Sommaire</h2><ul>{links}'
                '<li><a href="#nulle-part">Nulle part</a></li></ul></section>'
            ),
            cites=Cites.COLUMN,
        ),
        *sheets,
    ]
    values = {"title": "Essai (n° 1)", "author": "La CC", "header": "La CC", "footer": "Le plan"} | changes
    return Document(parts=parts, **values)


@pytest.fixture(scope="module")
def whole():
    return document(sheet(1), sheet(2, pages=2), sheet(3), sheet(4))


@pytest.fixture(scope="module")
def printed(whole) -> bytes:
    return print_in_parts(whole).content


def texts_of(pdf: bytes) -> list[str]:
    """The text of each page, line by line from one margin to the other."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams, LTTextContainer

    lines = LAParams(char_margin=1000, line_margin=0.01)
    return [
        re.sub(r"\s+", " ", " ".join(item.get_text() for item in layout if isinstance(item, LTTextContainer)))
        for layout in extract_pages(io.BytesIO(pdf), laparams=lines)
    ]


def test_it_breaks_no_rule_of_pdf_ua_and_no_rule_of_pdf(printed):
    report = page.validate_pdf_bytes(printed, profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.docinfo.Title) == "Essai (n° 1)"
        assert str(pdf.Root.Lang) == "fr"


def test_it_says_word_for_word_what_one_piece_says(whole, printed):
    one_piece = print_document(whole)
    for number, (ours, theirs) in enumerate(zip(texts_of(printed), texts_of(one_piece), strict=True)):
        assert sorted(ours.split()) == sorted(theirs.split()), number


def test_every_page_but_the_cover_says_its_number(printed):
    cover, *others = texts_of(printed)
    assert "sur" not in cover
    assert [re.search(r"page (\d+) sur (\d+)", text).groups() for text in others] == [
        (str(number), "7") for number in range(2, 8)
    ]


def test_the_contents_cite_the_right_pages(printed):
    contents = texts_of(printed)[1]
    assert re.findall(r"Œuvre n° (\d) (\d+)", contents) == [("1", "3"), ("2", "4"), ("3", "6"), ("4", "7")]
    assert "Nulle part" in contents


def test_links_and_bookmarks_lead_to_the_right_pages_and_say_where(printed):
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        numbers = {sheet.objgen: number for number, sheet in enumerate(pdf.pages, start=1)}
        names = {str(name): numbers[place[0].objgen] for name, place in pikepdf.NameTree(pdf.Root.Names.Dests).items()}
        links = dict.fromkeys((str(link.Dest), str(link.Contents)) for link in pdf.pages[1].Annots)
        assert [(names[name], said) for name, said in links] == [
            (3, "Œuvre n° 1"),
            (4, "Œuvre n° 2"),
            (6, "Œuvre n° 3"),
            (7, "Œuvre n° 4"),
        ]
        with pdf.open_outline() as outline:
            [contents] = outline.root
            assert [child.title for child in contents.children] == ["P1", "P2", "P3", "P4"]


def test_header_cells_have_names_that_no_other_table_has(printed):
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        names = [str(one.ID) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/ID" in one]
    assert len(names) == SHEETS * 5
    assert len(set(names)) == len(names)


def test_fonts_are_there_once(printed):
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        files = [
            str(one.FontName) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile3" in one
        ]
    assert files
    assert len(set(files)) == len(files)


def test_figures_in_small_capitals_are_lent_too(whole):
    """An EPCI with a figure in its name had a font more on each sheet, and so had each table with years."""
    years = sheet(1, "2026")
    headed = dataclasses.replace(years, html=mark_safe(years.html.replace("Quoi", "2026").replace("Combien", "Note 5")))
    printed = print_in_parts(document(headed, sheet(2), header="La CC des 4 Rivières")).content
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        names = [
            str(one.FontName) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile3" in one
        ]
    assert len(set(names)) == len(names)


def no_process(*args, **kwargs):
    raise AssertionError("a process was started")


def test_nothing_changed_starts_no_process_and_gives_the_same_bytes(whole, printed, monkeypatch):
    monkeypatch.setattr(workshop_room, "hire", no_process)
    assert print_in_parts(whole).content == printed


@pytest.fixture
def laid_out(monkeypatch):
    """The pieces that are laid out from now on."""
    made = []
    table = workshop_room.Table
    monkeypatch.setattr(
        workshop_room, "Table", lambda shop, folder, pieces: made.extend(pieces) or table(shop, folder, pieces)
    )
    return made


def test_only_what_changed_is_laid_out_again(whole, printed, laid_out):
    changed = document(sheet(1), sheet(2, pages=2), sheet(3, "tout autre"), sheet(4))
    assert "tout autre" in " ".join(texts_of(print_in_parts(changed).content))
    assert len(laid_out) == 1


def test_a_part_that_grows_moves_the_pages_cited_and_nothing_else_is_laid_out_again(whole, printed, laid_out):
    longer = print_in_parts(document(sheet(1, pages=3), sheet(2, pages=2), sheet(3), sheet(4)))
    assert longer.pages == 9
    assert len(laid_out) == 1
    contents = texts_of(longer.content)[1]
    assert re.findall(r"Œuvre n° (\d) (\d+)", contents) == [("1", "3"), ("2", "6"), ("3", "8"), ("4", "9")]


def test_a_number_that_gains_a_figure_is_written_in_the_room_it_was_left(whole, printed, laid_out):
    longer = print_in_parts(document(sheet(1, pages=6), sheet(2, pages=2), sheet(3), sheet(4)))
    assert len(laid_out) == 1
    contents = texts_of(longer.content)[1]
    assert re.findall(r"Œuvre n° (\d) (\d+)", contents) == [("1", "3"), ("2", "9"), ("3", "11"), ("4", "12")]


def test_a_document_that_outgrows_the_room_of_its_numbers_gets_more(monkeypatch):
    monkeypatch.setattr(assembly_room, "ROOM", 1)
    result = print_in_parts(document(sheet(1, "à l’étroit", pages=9), sheet(2)))
    assert re.findall(r"Œuvre n° (\d) (\d+)", texts_of(result.content)[1]) == [("1", "3"), ("2", "12")]


def test_contents_in_letters_that_no_face_lends_cite_the_right_pages_too():
    """The figures of a font of their own cannot be written afterwards: such contents are laid out with them."""
    titled = [
        Part("la fiche P1", mark_safe('<article class="sheet" id="fiche-1"><h3 class="sheet__title">Ω</h3></article>')),
        sheet(2, pages=12),
        sheet(3),
    ]
    plain = document(*titled)
    contents = Part(
        "le sommaire",
        mark_safe(plain.parts[1].html.replace("Œuvre", "Ψ").replace("n° 2", "n° 2ƒ")),
        cites=Cites.COLUMN,
    )
    result = print_in_parts(dataclasses.replace(plain, parts=[plain.parts[0], contents, *plain.parts[2:]]))
    assert re.findall(r"Ψ n° (\d)ƒ?\s* (\d+)", texts_of(result.content)[1]) == [
        ("1", "3"),
        ("2", "4"),
        ("3", "16"),
    ]


def test_a_part_that_fails_is_named_and_replaced_and_the_rest_is_printed():
    two = '<article class="sheet" id="fiche-2">x</article><article class="sheet" id="fiche-3">'
    deep = Part("les fiches P2 et P3", mark_safe(two + "<blockquote>" * 900 + "x</article>"))
    result = print_in_parts(document(sheet(1), deep, sheet(4)))
    assert result.missing == ["les fiches P2 et P3"]
    assert re.findall(r"Œuvre n° (\d) (\d+)", texts_of(result.content)[1]) == [("1", "3"), ("2", "4"), ("3", "4")]
    text = texts_of(result.content)[3]
    assert "Il manque ici les fiches P2 et P3." in text
    assert "imbriqué trop profondément" in text
    assert "Œuvre n° 4" in texts_of(result.content)[4]
    assert page.validate_pdf_bytes(result.content).rules.failed == 0


def test_a_part_that_lasts_too_long_is_stopped_and_the_rest_is_printed(monkeypatch):
    monkeypatch.setattr(assembly_room, "PIECE_SECONDS", 1.5)
    endless = Part("la fiche P1", mark_safe("<table>" + "<tr><td>a<td>b</tr>" * 20_000 + "</table>"))
    result = print_in_parts(document(endless, sheet(2, "après")))
    assert result.missing == ["la fiche P1"]
    assert "après" in " ".join(texts_of(result.content))


def test_a_part_that_waits_for_a_busy_machine_is_not_stopped(monkeypatch):
    """What counts is the work of the processor: a hand that has none to itself is given its time."""
    monkeypatch.setattr(assembly_room, "PIECE_SECONDS", 0.0)
    monkeypatch.setattr(Hand, "worked", lambda hand: 0.0)
    assert not print_in_parts(document(sheet(1, "attend son tour"))).missing


def test_an_incomplete_document_is_never_taken_for_a_whole_one():
    deep = Part("la fiche P1", mark_safe("<blockquote>" * 900))
    first = print_in_parts(document(deep))
    assert print_in_parts(document(deep)).missing == first.missing == ["la fiche P1"]


def test_what_listens_can_stop_the_print_and_nothing_is_left_running(monkeypatch):
    hired: list[Hand] = []
    monkeypatch.setattr(workshop_room, "hire", lambda *args: hired.append(hire(*args)) or hired[-1])

    def stop(done: int, total: int) -> None:
        if done:
            raise PrintingError("Assez.")

    with pytest.raises(PrintingError, match="Assez"):
        print_in_parts(document(*(sheet(n, "à interrompre") for n in range(1, 9))), on_progress=stop)
    assert hired
    assert not any(is_alive(hand.pid) for hand in hired)  # none is left to write in a folder that is removed


def test_a_hand_dismissed_before_it_leads_its_own_group_is_gone_too(tmp_path):
    sleeper = subprocess.Popen(["sleep", "60"])  # in our group, as a copy is until it has a session of its own
    Thread(target=sleeper.wait).start()  # nobody is left to be waited for, as with those who copy themselves
    Hand(gone(), sleeper.pid, tmp_path, "hand1").dismiss()
    assert sleeper.wait(5) == -signal.SIGKILL


def test_a_print_waits_for_its_table_without_losing_any_of_its_time(monkeypatch, tmp_path):
    """Two are at work in a process, whoever asks; the third is not refused for having waited."""
    monkeypatch.setattr(workshop_room, "TABLES", tables := BoundedSemaphore(1))
    made = []
    printing = Thread(
        target=lambda: made.append(print_in_parts(document(sheet(1, "qui attend")), limits=Limits(seconds=10)))
    )
    with tables:
        printing.start()
        printing.join(1)
        assert printing.is_alive() and not made
    printing.join(60)
    assert list(made[0].missing) == []
    shop = workshop_room.Workshop(Store(tmp_path), stylesheets=(), faces=(), limits=Limits(seconds=0), piece_seconds=1)
    before = shop.deadline
    with pytest.raises(PrintingError):
        shop.make([workshop_room.Piece("absente", lambda: "")])
    assert shop.deadline > before


def test_the_longest_pieces_are_taken_first(tmp_path):
    """A long one taken last would leave the other hands idle until it is done."""
    shop = Workshop(Store(tmp_path / "store"), stylesheets=(), faces=(), limits=Limits(), piece_seconds=1)
    pieces = [Piece(key, lambda long=long: "x" * long) for key, long in (("a", 10), ("b", 3000), ("c", 200), ("d", 10))]
    (tmp_path / "table").mkdir()
    table = Table(shop, tmp_path / "table", pieces)
    waiting = sorted(path.name for path in (tmp_path / "table" / "todo").iterdir())
    assert [table.pieces[name].key for name in waiting] == ["b", "c", "a", "d"]


def test_hands_that_end_before_they_begin_are_not_hired_for_ever(monkeypatch):
    over = gone()
    monkeypatch.setattr(workshop_room, "hire", lambda folder, name: Hand(over, over.pid, folder, name))
    with pytest.raises(PrintingError, match="raison imprévue"):
        print_in_parts(document(sheet(1, "jamais")))


def test_a_master_that_died_is_replaced(tmp_path):
    master = Master()
    try:
        first = master.hire(tmp_path, "hand1")
        master.process.kill()
        master.process.wait()
        assert master.hire(tmp_path, "hand2").pid != first.pid
    finally:
        master.process.kill()
        master.process.wait()


def test_a_hand_holds_no_secret(monkeypatch):
    """It is copied from a process started with an empty environment."""
    monkeypatch.setenv("SECRET_KEY", "canary")
    monkeypatch.setenv("DATABASE_URL", "postgres://user:canary@host/base")
    master = Master()
    try:
        master.hire(Path("/nonexistent"), "hand1")
        assert b"canary" not in Path(f"/proc/{master.process.pid}/environ").read_bytes()
    finally:
        master.process.kill()
        master.process.wait()


def test_a_style_sheet_that_changes_changes_every_key(whole, monkeypatch):
    before = assembly_room.root_hash(whole.paper.stylesheets)
    monkeypatch.setattr(assembly_room, "FORMAT", "another")
    assert assembly_room.root_hash(whole.paper.stylesheets) != before


def test_what_nobody_asks_for_leaves_the_store(tmp_path):
    from datetime import UTC, datetime, timedelta

    from cooperation.printing.store import KEPT, Store

    store = Store(tmp_path / "prints")
    store.write("old", b"")
    now = datetime.now(UTC)
    assert store.sweep(now) == 0
    assert store.sweep(now + KEPT + timedelta(hours=1)) == 1
    assert not store.has("old")
    assert (tmp_path / "prints").stat().st_mode & 0o077 == 0


def test_a_document_asked_for_every_week_keeps_its_number_of_pages(own_store):
    """Both files are asked for together: the number alone would leave after a month."""
    printed = print_in_parts(document(sheet(1)))
    told = own_store / f"{printed.path.name}.pages"
    os.utime(told, (0, 0))
    assert print_in_parts(document(sheet(1))).pages == printed.pages
    assert told.stat().st_mtime > 0
    told.unlink()
    assert print_in_parts(document(sheet(1))).pages == printed.pages
    assert told.exists()


def test_nothing_is_left_of_a_file_that_could_not_be_written_whole(tmp_path):
    with pytest.raises(OSError, match="plein"), whole_file(tmp_path / "kept") as file:
        file.write(b"le debut")
        raise OSError("disque plein")
    assert list(tmp_path.iterdir()) == []


def test_holes_keep_their_width_whatever_the_number():
    template = Template(b"<</A %-7d 0 R/B %-7d/C %-7d 0 R/D (100%%)>>", [4 * 3 + LOCAL, 4 * 2 + KEY, 4 * 0 + SHARED])
    small, large = template.fill(1, 1, [7]), template.fill(5_000_000, 300, [9_999_999])
    assert len(small) == len(large)
    assert small == b"<</A 4       0 R/B 3      /C 7       0 R/D (100%)>>"


@pytest.mark.parametrize("title", ["Plan (2032) \\ fin", "Été « à venir »"])
def test_the_title_survives_its_signs(title):
    result = print_in_parts(dataclasses.replace(document(sheet(1)), title=title))
    with pikepdf.open(io.BytesIO(result.content)) as pdf:
        assert str(pdf.docinfo.Title) == title
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == title
