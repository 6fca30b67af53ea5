"""Texts made to break pages, printed: they come out as texts, nothing is asked of anybody, and no part fails."""

from __future__ import annotations

import io
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pdfminer.high_level import extract_text

from cooperation.printing import Document, Part, print_in_parts
from projects.report.documents import write
from projects.report.sheets import Actor, Interest, Sheet
from projects.report.sheets import Testimony as Lived  # a name that pytest does not take for tests

BATCH = 60  # texts in a sheet: each stands in a field of it
FILES = ("blns.json", "csv-payload.txt", "h5sc-vectors.txt", "xss-payload-list.txt")
MOST = 360  # of each file, spread over the whole of it: the rest is more of the same


def texts_in(path) -> list[str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    found = json.loads(text) if path.suffix == ".json" else text.splitlines()
    kept = [one for one in found if one.strip()]
    return kept[:: max(1, len(kept) // MOST)]


def sheet_of(key: str, texts: list[str]) -> Sheet:
    """A sheet whose every text is hostile."""
    first = (texts * 9)[:9]
    return Sheet(
        key=key,
        reference=key,
        title=first[0],
        status=first[1],
        axis=first[2],
        objective_of_plan=first[3],
        shared_objective=first[4],
        need=first[5],
        service=first[6],
        beneficiaries=first[7],
        remark=first[8],
        interests=[Interest(text, text, "convergent", "convergent", gives=text, fears=text) for text in texts[:20]],
        actors=[Actor(text, text, text) for text in texts[20:40]],
        testimonies=[Lived(text, text, text) for text in texts[40:]],
    )


@pytest.fixture
def server():
    """A server that notes who comes; the texts name it."""
    asked = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Noting) as listening:
        thread = Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()


def aimed_at(address: str) -> list[str]:
    """Each way in which a text may ask a page to load something."""
    return [
        f'<img src="{address}/img">',
        f'"><link rel="stylesheet" href="{address}/css">',
        f"</style><style>@import url({address}/import);</style>",
        f'<svg><image href="{address}/svg"/></svg>',
        f"{{% include '{address}/tag' %}} {{{{ {address} }}}}",
        f'" style="background:url({address}/attribute)" x="',
        f"<a href='{address}/link' rel=attachment>lien</a>",
        f"url({address}/plain)",
        f"{address}/bare",
    ]


def test_hostile_texts_are_printed_as_texts_and_ask_nothing_of_anybody(shared_data, server):
    address, asked = server
    folder = shared_data / "hostile"
    texts = [text for name in FILES for text in texts_in(folder / name)]
    assert len(texts) > 900
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    sheets = [sheet_of(f"H{number:02d}", batch) for number, batch in enumerate(batches)]
    sheets.append(sheet_of("HA", aimed_at(address)))
    parts = [Part(f"la fiche {sheet.key}", write("sheet", sheet=sheet)) for sheet in sheets]
    printed = print_in_parts(Document("Textes hostiles", "Nous", parts))
    assert printed.missing == []
    assert asked == []
    assert "<img" in extract_text(io.BytesIO(printed.content), maxpages=30)


def test_the_server_would_have_noted_a_visit(server):
    """The control of the test above."""
    from urllib.error import HTTPError
    from urllib.request import urlopen

    address, asked = server
    with pytest.raises(HTTPError):
        urlopen(f"{address}/visit")
    assert asked == ["/visit"]
