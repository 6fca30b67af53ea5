"""Make the small web fonts of the platform from the family installed with it, so that none comes from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import font_source_sans_pro
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

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

    def handle(self, *args: Any, **options: Any) -> None:
        source = Path(font_source_sans_pro.__file__).parent / "files"
        target = Path(settings.VAR_DIR) / "fonts"
        target.mkdir(parents=True, exist_ok=True)
        for face, name in FACES.items():
            size = write_face(source / f"{face}.ttf", target / f"source-sans-{name}.woff2")
            if options["verbosity"]:
                self.stdout.write(f"source-sans-{name}.woff2 : {size / 1024:.1f} Kio")


def write_face(source: Path, target: Path) -> int:
    """Keep only the letters of a French page; answer the size of the file."""
    options = Options(flavor="woff2", layout_features=FEATURES, hinting=False, name_IDs=[1, 2, 3, 4, 5, 6, 13, 14])
    with TTFont(source, lazy=True) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=LETTERS)
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(target)
    return target.stat().st_size
