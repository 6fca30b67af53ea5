"""Printing happens in a process that can be killed, and says in French why it stopped."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from pathlib import Path

import pytest

from cooperation.printing import Document, Limits, Part, PrintingError, hiring, print_document, print_in_parts, workshop
from cooperation.printing import process as printing

page = pytest.importorskip("page", reason="page-validation checks PDF/UA")

PAGE = '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title></head><body>{}</body></html>'
# Some two thousand pages: minutes of work.
ENDLESS = PAGE.format(
    "<p>Un paragraphe comme il y en a tant, qui ne dit pas grand-chose mais prend sa place.</p>" * 60_000
)


def document(html: str) -> Document:
    return Document(title="Essai", author="Nous", subject="Un essai", parts=[Part("l’essai", html)])


@pytest.fixture
def hired(monkeypatch):
    """The processes that print, as they are hired."""
    hands, hire = [], hiring.hire
    for room in (printing, workshop):
        monkeypatch.setattr(room, "hire", lambda *named: hands.append(hire(*named)) or hands[-1])
    return hands


@pytest.fixture(scope="module")
def printed() -> bytes:
    return print_document(
        document(
            '<section class="chapter" id="a"><h1>Titre</h1><h2 data-running="Un">Un</h2>'
            "<p>Un texte suffisamment long pour aller à la ligne et montrer la coupure des mots français.</p>"
            '<p><a href="#a">Revenir</a></p><table><thead><tr><th scope="col">A</th></tr></thead>'
            '<tbody><tr><td class="amount">1</td></tr></tbody></table></section>'
        )
    )


def test_a_printed_document_breaks_no_rule_of_pdf_ua(printed):
    report = page.validate_pdf_bytes(printed, profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]
    assert report.rules.passed > 50


def test_the_validator_does_see_a_fault():
    """Control: a picture without words is refused by the validator."""
    pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    pdf = printing.print_html(PAGE.format(f'<h1>x</h1><img src="{pixel}">'), limits=Limits())
    assert page.validate_pdf_bytes(pdf).rules.failed > 0


def test_hands_of_one_process_give_way_as_one_session(settings, hired):
    settings.PRINT_COURTESY = 4

    def gives_way(pid: int) -> bool:
        weighed = Path(f"/proc/{pid}/autogroup")
        told = weighed.read_text().split()[-1] if weighed.exists() else "4"
        return os.getpriority(os.PRIO_PROCESS, pid) == max(os.nice(0), 4) and told == "4"

    def on_progress(done: int, total: int) -> None:
        limit = time.monotonic() + 30
        while not done and not all(gives_way(hand.pid) for hand in hired) and time.monotonic() < limit:
            time.sleep(0.05)
        assert done or all(gives_way(hand.pid) for hand in hired)
        assert done or len({os.getsid(hand.pid) for hand in hired} - {os.getsid(0)}) == 1

    html = "<section><h1>Titre {}</h1>" + "<p>Un paragraphe.</p>" * 3_000 + "</section>"
    parts = [Part(f"l’essai {number}", html.replace("{}", str(number))) for number in range(2)]
    print_in_parts(Document("Essai des mains", "Nous", parts), on_progress=on_progress)
    assert len(hired) == 2


def test_whoever_waits_for_tables_gives_way_before_it_loads_the_engine(settings):
    settings.PRINT_COURTESY = 4
    process = hiring.start()
    limit = time.monotonic() + 30
    while os.getpriority(os.PRIO_PROCESS, process.pid) != max(os.nice(0), 4) and time.monotonic() < limit:
        time.sleep(0.01)
    maps = Path(f"/proc/{process.pid}/maps")
    loaded = maps.read_text() if maps.exists() else ""
    process.communicate()  # nothing is asked of it: it ends by itself
    assert process.returncode == 0
    assert time.monotonic() < limit
    assert "libpango" not in loaded


def test_progress_counts_the_pages_laid_out_by_a_process_that_gives_way(settings, hired):
    heard: list[int] = []
    settings.PRINT_COURTESY = 4
    text = "".join(f'<p style="break-before: page">{n}</p>' for n in range(120))

    def on_progress(pages: int) -> None:
        heard.append(pages)
        assert os.getpriority(os.PRIO_PROCESS, hired[0].pid) == max(os.nice(0), 4)
        # Where Linux weighs sessions, one of a single process must give way as a whole.
        if (weighed := Path(f"/proc/{hired[0].pid}/autogroup")).exists():
            assert weighed.read_text().split()[-2:] == ["nice", "4"]

    printing.print_html(PAGE.format(text), limits=Limits(), on_progress=on_progress)
    assert heard == sorted(heard)
    assert 0 < heard[-1] <= 400


def test_what_the_engine_leaves_on_the_disk_goes_with_the_print(monkeypatch, tmp_path):
    """It lays its fonts in a folder that it takes away at the end: one that is killed never comes there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen = []
    text = "".join(f'<p style="break-before: page">{n}</p>' for n in range(60))
    print_document(document(text), on_progress=lambda pages: seen.extend(tmp_path.glob("printing-*/weasyprint-*")))
    assert seen
    assert not list(tmp_path.glob("printing-*"))


def test_a_print_that_never_ends_is_killed_at_its_time_limit():
    started = time.monotonic()
    with pytest.raises(PrintingError, match="dépassait 2 secondes"):
        printing.print_html(ENDLESS, limits=Limits(seconds=2))
    assert time.monotonic() - started < 8


def test_a_print_that_works_too_much_is_killed_by_the_system():
    with pytest.raises(PrintingError, match="arrêtée"):
        printing.print_html(ENDLESS, limits=Limits(seconds=60, cpu_seconds=2))


def test_a_print_that_takes_too_much_memory_is_refused():
    rows = "<tr>" + "<td>cellule</td>" * 40 + "</tr>"
    huge = PAGE.format("<table>" + rows * 3000 + "</table>")
    with pytest.raises(PrintingError, match="mémoire"):
        printing.print_html(huge, limits=Limits(memory=320 * 1024 * 1024))


def test_a_text_nested_too_deeply_is_explained():
    with pytest.raises(PrintingError, match="imbriqué trop profondément"):
        printing.print_html(PAGE.format("<blockquote>" * 900 + "x"), limits=Limits())


def test_a_print_that_a_text_library_stops_says_that_memory_lacked(hired):
    """Refused memory, these libraries abort: the copy cannot say why it ended, and who copied it does."""
    with pytest.raises(PrintingError, match="mémoire"):
        printing.print_html(ENDLESS, limits=Limits(), on_progress=lambda pages: os.kill(hired[0].pid, signal.SIGABRT))
