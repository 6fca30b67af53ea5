"""Spares a hand what it has already done for another piece; runs inside the child process only.

WeasyPrint knows one document, and its classes forget everything with it. A hand lays out hundreds of pieces with the
same style sheets and the same letters: three of these classes are given here a memory, and nothing else. A document
printed in one piece is laid out by WeasyPrint as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import weasyprint
import weasyprint.css
import weasyprint.pdf.stream
from weasyprint.css import ComputedStyle, InitialStyle, StyleFor
from weasyprint.html import UA, UA_COUNTER_STYLE
from weasyprint.pdf.fonts import Font

from cooperation.printing.fragments import Facts

MOST = 4_000  # styles remembered at once: two thousand sheets of the demo have fewer
NOTES = ("::footnote-", "::note-")


class SharedStyles(StyleFor):
    """Computes a style once for all the elements, in all pieces, that have the same rules and the same parent.

    The values of a rule are those of the style sheets, read once: the same rule is the same object. What is remembered
    holds its rules and its parent, so that no other object ever takes their identity.
    """

    known: dict[tuple[Any, ...], ComputedStyle] = {}

    def __init__(self, *given: Any) -> None:
        self.plain: dict[int, ComputedStyle] = {}  # of an element that has a name, its style without it
        super().__init__(*given)

    def set_computed_styles(
        self,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: str | None = None,
        base_url: str | None = None,
        target_collector: Any = None,
    ) -> None:
        rules = dict(self._cascaded_styles.get((element, pseudo_type), {}))
        name = rules.pop("anchor", None)  # the only thing an element has that no other has; no child inherits it
        style = self.recall(rules, self.style_of(parent), self.style_of(root), pseudo_type, base_url)
        if name:
            named = style.copy()
            named["anchor"] = name[0]
            self.plain[id(named)] = style
            if target_collector:
                target_collector.collect_anchor(name[0])
            style = named
        self._computed_styles[element, pseudo_type] = style

    def style_of(self, element: Any) -> ComputedStyle | None:
        style = self._computed_styles.get((element, None))
        return self.plain.get(id(style), style)

    def recall(
        self,
        rules: dict[str, Any],
        parent: ComputedStyle | None,
        root: ComputedStyle | None,
        pseudo_type: str | None,
        base_url: str | None,
    ) -> ComputedStyle:
        said = [
            (rule, value if rule == "lang" else id(value), origin, layer, *specificity)
            for rule, (value, (origin, layer, specificity)) in rules.items()
        ]
        key = (id(parent), pseudo_type, *said)
        if key not in self.known:
            if len(self.known) >= MOST:
                self.known.clear()
            top = InitialStyle(self.font_config) if root is None else root
            self.known[key] = ComputedStyle(
                parent, rules, pseudo_type, top, base_url, self.font_config, self.initial_page_sizes
            )
        return self.known[key]


class LentFont(Font):
    """Makes no file of its own when all its letters are lent: the cutter would throw it away."""

    faces: Mapping[str, Facts] = {}

    def clean(self, to_unicode: Mapping[int, str], hinting: bool) -> None:
        if not is_lent(self.hash, to_unicode, self.faces):
            super().clean(to_unicode, hinting)


def is_lent(font: str, glyphs: Mapping[int, str] | set[int], faces: Mapping[str, Facts]) -> bool:
    """Whether a face lends all these glyphs of a font."""
    return font in faces and set(glyphs).issubset(faces[font].covers)


def read_plain_rules() -> weasyprint.CSS:
    """Read the rules of WeasyPrint without those that give five marks of notes to each element."""
    lines = [line for line in UA.splitlines() if not line.startswith(NOTES)]
    return weasyprint.CSS(string="\n".join(lines), counter_style=UA_COUNTER_STYLE.copy())


class PlainPage(weasyprint.HTML):
    """A page that has no footnotes, as none of ours does."""

    rules = read_plain_rules()

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        return [self.rules]


def remember(faces: Mapping[str, Facts]) -> None:
    """Put these classes in the place of WeasyPrint's, with nothing in memory yet; `faces` may still grow."""
    SharedStyles.known = {}
    LentFont.faces = faces
    weasyprint.css.StyleFor = SharedStyles
    weasyprint.pdf.stream.Font = LentFont
