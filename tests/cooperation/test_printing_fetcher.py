"""A printed page loads our own files and nothing else: no file of the machine, no server."""

from __future__ import annotations

from pathlib import Path

import pytest
import weasyprint

from cooperation.printing.fetcher import Fetcher, RefusedAddress
from cooperation.printing.process import own_roots

HOSTILE = [
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file:/etc/passwd",
    "file://localhost/etc/passwd",
    "http://attacker.example/",
    "https://attacker.example/picture.png",
    "HTTP://attacker.example/",
    "//attacker.example/picture.png",
    "ftp://attacker.example/file",
    "gopher://attacker.example/",
    "jar:file:///etc/passwd",
    "netdoc:///etc/passwd",
    "/etc/passwd",
    "etc/passwd",
    "../../../../etc/passwd",
    "",
    ":",
    "static:",
    "static:/etc/passwd",
    "static://etc/passwd",
    "static:../manage.py",
    "static:css/../../manage.py",
    "static:css/%2e%2e/%2e%2e/manage.py",
    "static:css\\..\\..\\manage.py",
    "static:css/pdf.css?../../manage.py",
    "static:css/pdf.css#x",
    "static:css/pdf.css\x00.png",
    "static:css/absent.css",
    "static:css",
    "static:.gitignore",
    "font:../LICENSE.txt",
    "font:LICENSE.txt",
    "font:/etc/passwd",
    "fonts:SourceSansPro-Regular.otf",
    " file:///etc/passwd",
    "unknown:thing",
]


@pytest.fixture
def fetcher():
    return Fetcher(own_roots())


@pytest.mark.parametrize("address", HOSTILE)
def test_every_other_address_is_refused(fetcher, address):
    with pytest.raises(RefusedAddress):
        fetcher.fetch(address)


def test_our_own_files_are_served_with_their_kind(fetcher):
    sheet = fetcher.fetch("static:css/pdf.css")
    assert sheet.headers["Content-Type"] == "text/css"
    assert b"@page" in sheet.read()
    assert fetcher.fetch("font:SourceSansPro-Regular.otf").read(4) == b"OTTO"


def test_a_picture_written_in_the_page_is_served(fetcher):
    assert fetcher.fetch("data:text/plain;base64,Ym9uam91cg==").read() == b"bonjour"


def test_a_link_that_leaves_the_folder_is_refused(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "secret.css"
    inside.mkdir()
    outside.write_text("secret")
    (inside / "link.css").symlink_to(outside)
    with pytest.raises(RefusedAddress):
        Fetcher({"static": [str(inside)]}).fetch("static:link.css")


def hostile_page(secret: Path) -> str:
    """A page that tries to read a picture of the machine by every way a text may hold."""
    address = secret.as_uri()
    return (
        f'<html lang="fr"><head><title>x</title><link rel="stylesheet" href="{address}">'
        f'<style>@import url("{address}"); body {{ background: url("{address}") }}</style>'
        f'<link rel="attachment" href="{address}"></head>'
        f'<body><img src="{address}" alt="x"><object data="{address}"></object><embed src="{address}">'
        f'<svg><image href="{address}" width="9" height="9"/><use href="{address}#a"/></svg></body></html>'
    )


def asked_addresses(html: str, fetcher_class: type) -> list[str]:
    """Print with a fetcher that notes what it served."""
    served: list[str] = []

    class Noting(fetcher_class):
        def fetch(self, url, headers=None):
            answer = super().fetch(url, headers)
            served.append(url)
            return answer

    fetcher = Noting(own_roots()) if fetcher_class is Fetcher else Noting()
    weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf()
    return served


def test_a_hostile_page_reads_nothing_and_the_usual_fetcher_would_have(tmp_path):
    """The second half is the control: without our fetcher, the same page does read the file."""
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><rect id="a" width="9" height="9"/></svg>')
    html = hostile_page(secret)
    assert asked_addresses(html, Fetcher) == []
    assert asked_addresses(html, weasyprint.urls.URLFetcher)
