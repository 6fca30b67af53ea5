"""Make the small web fonts of the platform from the family installed with it, so that none comes from elsewhere.

Run again, it makes only what its sources, its own text or its tools would make otherwise.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import font_source_sans_pro
from django.conf import settings
from django.core.management.base import BaseCommand

FACES = {"SourceSansPro-Regular": "regular", "SourceSansPro-Semibold": "semibold", "SourceSansPro-Bold": "bold"}
# What a page in French needs: Latin, its accents, ligatures, quotes, spaces, euro, minus, arrows and ticks.
LETTERS = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x152, 0x153, 0x178,
    0x2009, 0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x202F, 0x2039, 0x203A,
    0x20AC, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2264, 0x2265, 0x2713,
]  # fmt: skip
FEATURES = ["kern", "liga", "tnum", "lnum", "ccmp", "locl", "mark"]


class Command(BaseCommand):
    help = "Prépare les polices de caractères du site (fichiers woff2) dans var/fonts."
    requires_system_checks = []  # so that a start which finds them ready waits for nothing

    def handle(self, *args: Any, **options: Any) -> None:
        source = Path(font_source_sans_pro.__file__).parent / "files"
        folder = Path(settings.VAR_DIR) / "fonts"
        folder.mkdir(parents=True, exist_ok=True)
        for face, name in FACES.items():
            made = folder / f"source-sans-{name}.woff2"
            is_new = make_face(source / f"{face}.ttf", made)
            if options["verbosity"]:
                told = f"{made.stat().st_size / 1024:.1f} Kio" if is_new else "déjà prête"
                self.stdout.write(f"{made.name} : {told}")


def make_face(source: Path, target: Path) -> bool:
    """Write the face, unless the one that is there was made from all the same; say whether it was written.

    The note beside it is hidden: what gathers the static files leaves it where it is.
    """
    note = target.with_name(f".{target.name}.made-from")
    origin = what_makes(source)
    if target.exists() and note.exists() and note.read_text() == origin:
        return False
    note.unlink(missing_ok=True)  # a face half written is never taken for a whole one
    write_face(source, target)
    note.write_text(origin)
    return True


def what_makes(source: Path) -> str:
    """All that decides of the letters of a face: the font they come from, this text, and what cuts them out."""
    return sha256(source.read_bytes() + Path(__file__).read_bytes() + version("fonttools").encode()).hexdigest()


def write_face(source: Path, target: Path) -> None:
    """Keep only the letters of a French page."""
    from fontTools.subset import Options, Subsetter  # heavy: loaded by those who have a face to write
    from fontTools.ttLib import TTFont

    options = Options(flavor="woff2", layout_features=FEATURES, hinting=False, name_IDs=[1, 2, 3, 4, 5, 6, 13, 14])
    with TTFont(source, lazy=True) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=LETTERS)
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(target)
