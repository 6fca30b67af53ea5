"""What a file really is, read from its content and never from its name; what cannot be trusted is refused.

Pure functions on an open binary file. Nothing here calls a program, follows a link or writes anything.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

MEGABYTE = 1024 * 1024
SIZE_LIMIT = 20 * MEGABYTE
UNPACKED_LIMIT = 200 * MEGABYTE  # of a whole container once its parts are unpacked
PARTS_LIMIT = 5_000
PIXELS_LIMIT = 100_000_000
NAME_LIMIT = 100
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Kind:
    """A type of document that is accepted."""

    key: str
    label: str
    media_type: str
    extensions: tuple[str, ...]


KINDS = {
    kind.key: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", (".pdf",)),
        Kind("odt", "ODT", "application/vnd.oasis.opendocument.text", (".odt",)),
        Kind("ods", "ODS", "application/vnd.oasis.opendocument.spreadsheet", (".ods",)),
        Kind("docx", "DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)),
        Kind("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)),
        Kind("png", "PNG", "image/png", (".png",)),
        Kind("jpeg", "JPEG", "image/jpeg", (".jpg", ".jpeg")),
        Kind("webp", "WebP", "image/webp", (".webp",)),
        Kind("csv", "CSV", "text/csv; charset=utf-8", (".csv",)),
        Kind("txt", "texte", "text/plain; charset=utf-8", (".txt",)),
    )
}
ACCEPTED = "PDF, ODT, ODS, DOCX, XLSX, PNG, JPEG, WebP, CSV ou texte"


class RefusedFile(ValueError):
    """A file that is not taken in; the message is the French sentence to show."""


@dataclass(frozen=True)
class Inspected:
    """A file that may be taken in: its type, and the name under which it will be handed back."""

    kind: Kind
    name: str


def inspect(file: IO[bytes], name: str, size: int) -> Inspected:
    """Say what a file is, or raise `RefusedFile` with the reason; `size` in bytes. The file is left at its start."""
    if size == 0:
        raise RefusedFile("Ce fichier est vide.")
    if size > SIZE_LIMIT:
        raise RefusedFile(f"Ce fichier pèse plus de {SIZE_LIMIT // MEGABYTE} Mo : allégez-le ou partagez-le.")
    cleaned = clean_name(name)
    try:
        kind = kind_of(file, size, PurePosixPath(cleaned).suffix.lower())
    finally:
        file.seek(0)
    if PurePosixPath(cleaned).suffix.lower() not in kind.extensions:
        raise RefusedFile(
            f"Le nom de ce fichier ne dit pas ce qu’il contient : c’est un fichier {kind.label}, "
            f"dont le nom devrait finir par « {kind.extensions[0]} »."
        )
    return Inspected(kind, cleaned)


def clean_name(name: str) -> str:
    """Keep of a name what a person reads: no folder, no leading dot, no control or direction character.

    « ../../etc/passwd » becomes « passwd »; an empty name becomes « document ».
    """
    last = re.split(r"[\\/]", name)[-1]
    normal = unicodedata.normalize("NFC", last)
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in normal)
    plain = re.sub(r'[<>:"|?*%]+', " ", plain)
    plain = re.sub(r" {2,}", " ", plain).strip(" .")
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        stem, extension = plain, ""
    stem = stem[:NAME_LIMIT].strip(" .") or "document"
    return f"{stem}.{extension[:10]}" if extension else stem


def kind_of(file: IO[bytes], size: int, extension: str) -> Kind:
    """Recognise a content by its first bytes, then check the whole of it."""
    file.seek(0)
    head = file.read(16)
    if head.startswith(b"%PDF-"):
        check_pdf(file, size)
        return KINDS["pdf"]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        check_png(file, size)
        return KINDS["png"]
    if head.startswith(b"\xff\xd8\xff"):
        check_jpeg(file, size)
        return KINDS["jpeg"]
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        check_webp(head, size)
        return KINDS["webp"]
    if head.startswith(b"PK\x03\x04"):
        return kind_of_container(file, size)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise RefusedFile(
            "Ce document est protégé par un mot de passe, ou d’un format ancien (.doc, .xls) : "
            "enregistrez-le sans mot de passe, en PDF, ODT ou DOCX."
        )
    return kind_of_text(file, extension)


# --- PDF -----------------------------------------------------------------------------------------------------------


def check_pdf(file: IO[bytes], size: int) -> None:
    """One PDF and nothing else: it ends where it says, is not locked, and starts no program."""
    file.seek(0)
    content = file.read()
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content[end + 5 :].strip(b"\r\n\t \x00")) > 0:
        raise RefusedFile("Ce PDF est incomplet, ou contient autre chose après sa fin.")
    if re.search(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)", content):
        raise RefusedFile("Ce PDF est protégé par un mot de passe : déposez-le sans protection.")
    if re.search(rb"/(?:Launch|JavaScript|JS)\b", content):
        raise RefusedFile("Ce PDF contient un programme : imprimez-le de nouveau en PDF pour l’enlever.")


# --- Images --------------------------------------------------------------------------------------------------------

BROKEN_IMAGE = "Cette image est incomplète, ou contient autre chose après sa fin."


def check_pixels(width: int, height: int) -> None:
    if not width * height:
        raise RefusedFile(BROKEN_IMAGE)
    if width * height > PIXELS_LIMIT:
        raise RefusedFile("Cette image a trop de points : réduisez ses dimensions.")


def check_png(file: IO[bytes], size: int) -> None:
    """Walk the chunks from the header to the end, which must be the end of the file."""
    file.seek(8)
    first = True
    while True:
        header = file.read(8)
        if len(header) < 8:
            raise RefusedFile(BROKEN_IMAGE)
        length, name = struct.unpack(">I4s", header)
        if first:
            if name != b"IHDR" or length != 13:
                raise RefusedFile(BROKEN_IMAGE)
            check_pixels(*struct.unpack(">II", file.read(8)))
            file.seek(-8, 1)
            first = False
        file.seek(length + 4, 1)
        if file.tell() > size:
            raise RefusedFile(BROKEN_IMAGE)
        if name == b"IEND":
            break
    if file.tell() != size:
        raise RefusedFile(BROKEN_IMAGE)


SIZES_OF_JPEG = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def check_jpeg(file: IO[bytes], size: int) -> None:
    """Walk the segments up to the picture, read its size, and see that the file ends with it."""
    file.seek(2)
    while True:
        mark = file.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:
            raise RefusedFile(BROKEN_IMAGE)
        length = file.read(2)
        if len(length) < 2 or (span := struct.unpack(">H", length)[0]) < 2:
            raise RefusedFile(BROKEN_IMAGE)
        if mark[1] in SIZES_OF_JPEG:
            height, width = struct.unpack(">xHH", file.read(5).ljust(5, b"\0"))
            check_pixels(width, height)
            file.seek(-5, 1)
        file.seek(span - 2, 1)
        if mark[1] == 0xDA:  # the picture itself follows
            break
        if file.tell() >= size:
            raise RefusedFile(BROKEN_IMAGE)
    if not file.read().rstrip(b"\0").endswith(b"\xff\xd9"):
        raise RefusedFile(BROKEN_IMAGE)


def check_webp(head: bytes, size: int) -> None:
    if struct.unpack("<I", head[4:8])[0] + 8 != size:
        raise RefusedFile(BROKEN_IMAGE)


# --- Containers: ODT, ODS, DOCX, XLSX --------------------------------------------------------------------------------

OPEN_DOCUMENT = {KINDS[key].media_type: KINDS[key] for key in ("odt", "ods")}
OFFICE_MAIN = {
    f"{KINDS['docx'].media_type}.main+xml": KINDS["docx"],
    f"{KINDS['xlsx'].media_type}.main+xml": KINDS["xlsx"],
}
MACROS = re.compile(
    r"(?:^|/)(?:vbaproject[^/]*|vbadata\.xml|activex/.*|basic/.*|scripts/.*|macrosheets/.*|"
    r"[^/]*\.(?:docm|xlsm|xlsb|pptm|dotm|xltm|exe|dll|js|vbs|hta|bat|cmd|ps1|lnk|jar|html?))$",
    re.IGNORECASE,
)
DOUBTFUL = "Ce document est abîmé ou fabriqué : ouvrez-le et enregistrez-le de nouveau."
TOO_BIG_INSIDE = f"Une fois ouvert, ce document dépasserait {UNPACKED_LIMIT // MEGABYTE} Mo."


def kind_of_container(file: IO[bytes], size: int) -> Kind:
    """Open a container, unpack every part without keeping it, and tell which office document it is."""
    try:
        with zipfile.ZipFile(file) as archive:
            check_parts(archive, size)
            small = unpack(archive)
            kind = open_document(archive, small) or office_document(small)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, struct.error) as error:
        if isinstance(error, RefusedFile):
            raise
        raise RefusedFile(DOUBTFUL) from error
    if kind is None:
        raise RefusedFile(f"Ce type de fichier n’est pas accepté : déposez un fichier {ACCEPTED}.")
    return kind


def check_parts(archive: zipfile.ZipFile, size: int) -> None:
    """Refuse by the table of contents alone: locked, countless, far too big, going elsewhere, holding a program."""
    parts = archive.infolist()
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise RefusedFile(TOO_BIG_INSIDE)
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusedFile("Ce document est protégé par un mot de passe : déposez-le sans protection.")
    names = [part.filename for part in parts]
    if len({name.casefold() for name in names}) != len(names) or any(is_elsewhere(name) for name in names):
        raise RefusedFile(DOUBTFUL)
    if any(MACROS.search(name) for name in names):
        raise RefusedFile("Ce document contient des macros ou un programme : enregistrez-le sans eux.")
    if not parts or min(part.header_offset for part in parts) != 0 or has_a_tail(archive, size):
        raise RefusedFile(DOUBTFUL)


def is_elsewhere(name: str) -> bool:
    """Whether the name of a part leads out of its container."""
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/") or ":" in name


def has_a_tail(archive: zipfile.ZipFile, size: int) -> bool:
    """Whether anything follows the end of the archive: the other half of a file that is two things at once."""
    file = archive.fp
    assert file is not None
    file.seek(max(0, size - 22))
    return file.read(4) != b"PK\x05\x06"


def is_xml(name: str) -> bool:
    """Whether a part is XML, in which a document of this kind defines nothing of its own."""
    return name.lower().endswith((".xml", ".rels"))


def unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack each part by small pieces within a budget; returns those that describe the document."""
    left, kept = UNPACKED_LIMIT, {}
    for part in archive.infolist():
        described = part.filename in DESCRIPTIONS
        pieces, tail = [], b""
        with archive.open(part) as stream:
            while piece := stream.read(CHUNK):
                left -= len(piece)
                if left < 0 or (described and sum(map(len, pieces)) > MEGABYTE):
                    raise RefusedFile(TOO_BIG_INSIDE)
                if is_xml(part.filename) and any(word in tail + piece for word in (b"<!ENTITY", b"<!DOCTYPE")):
                    raise RefusedFile(DOUBTFUL)
                tail = piece[-10:]
                if described:
                    pieces.append(piece)
        if described:
            kept[part.filename] = b"".join(pieces)
    return kept


DESCRIPTIONS = {
    "mimetype", "META-INF/manifest.xml", "[Content_Types].xml",
    "word/_rels/settings.xml.rels", "word/_rels/document.xml.rels", "xl/_rels/workbook.xml.rels",
}  # fmt: skip


def open_document(archive: zipfile.ZipFile, small: dict[str, bytes]) -> Kind | None:
    """An OpenDocument text or spreadsheet: its type stands first, unpacked, and its manifest locks nothing."""
    kind = OPEN_DOCUMENT.get(small.get("mimetype", b"").decode("ascii", "replace").strip())
    if kind is None:
        return None
    if archive.infolist()[0].filename != "mimetype" or "content.xml" not in archive.namelist():
        raise RefusedFile(DOUBTFUL)
    if b"encryption-data" in small.get("META-INF/manifest.xml", b""):
        raise RefusedFile("Ce document est protégé par un mot de passe : déposez-le sans protection.")
    return kind


def office_document(small: dict[str, bytes]) -> Kind | None:
    """A DOCX or an XLSX: the list of its parts says so, without macros nor a template fetched elsewhere."""
    try:
        types = fromstring(small["[Content_Types].xml"])
    except KeyError:
        return None
    except (ParseError, DefusedXmlException) as error:
        raise RefusedFile(DOUBTFUL) from error
    declared = {element.get("ContentType", "") for element in types}
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in declared):
        raise RefusedFile("Ce document contient des macros ou un programme : enregistrez-le sans eux.")
    if any(is_fetching(content) for name, content in small.items() if name.endswith(".rels")):
        raise RefusedFile("Ce document va chercher un modèle ou un objet ailleurs : enregistrez-le autrement.")
    found = [kind for media_type, kind in OFFICE_MAIN.items() if media_type in declared]
    return found[0] if len(found) == 1 else None


def is_fetching(relations: bytes) -> bool:
    """Whether a document loads a template, a frame or an object from outside as soon as it is opened."""
    try:
        found = fromstring(relations)
    except (ParseError, DefusedXmlException) as error:
        raise RefusedFile(DOUBTFUL) from error
    loaded = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument")
    return any(one.get("TargetMode") == "External" and one.get("Type", "").endswith(loaded) for one in found)


# --- Text ------------------------------------------------------------------------------------------------------------

PAGE = re.compile(r"\s*<\s*[!?a-z]", re.IGNORECASE)
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of_text(file: IO[bytes], extension: str) -> Kind:
    """A CSV or a plain text in UTF-8; a page of HTML, a drawing in SVG or a program is neither."""
    refused = RefusedFile(f"Ce type de fichier n’est pas accepté : déposez un fichier {ACCEPTED}.")
    if extension not in {".csv", ".txt"}:
        raise refused
    file.seek(0)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedFile("Ce texte n’est pas en UTF-8 : enregistrez-le avec ce codage.") from error
    if PAGE.match(text) or text.startswith("#!") or CONTROLS.search(text):
        raise refused
    return KINDS[extension[1:]]
