"""Lines: the last one of a paragraph, of a title or of an item is never one word."""

from __future__ import annotations

import pytest
from django.utils.safestring import SafeString

from cooperation.printing import Document, Part
from cooperation.printing.document import hold_ends

HELD = "\u00a0"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("<p>un délai inférieur à 7 jours.</p>", f"<p>un délai inférieur à 7{HELD}jours.</p>"),
        ("<h3>Conseil et groupement d’achat</h3>", f"<h3>Conseil et groupement{HELD}d’achat</h3>"),
        ("<li>un <strong>mot</strong> ou deux</li>", f"<li>un <strong>mot</strong> ou{HELD}deux</li>"),
        ("<p>Que faire\u202f? Rien ici\u202f!</p>", f"<p>Que faire\u202f? Rien{HELD}ici\u202f!</p>"),
    ],
)
def test_the_last_two_words_stand_together(written, printed):
    assert hold_ends(written) == printed


@pytest.mark.parametrize(
    "written",
    [
        "<p>Le pacte</p>",  # nothing is left before them
        "<td>une cellule étroite</td>",
        "<h1>Notre grand territoire</h1>",
        "<p>à l’adresse https://une.adresse.tres-longue.example ici</p>",
        "<p>un mot anticonstitutionnellement</p>",
        '<p>un lien, <a href="#ailleurs">une page</a></p>',
    ],
)
def test_what_would_not_hold_on_one_line_or_is_no_running_text_is_left_alone(written):
    assert hold_ends(written) == written


def test_it_is_so_in_a_part_printed_apart_and_in_a_document_of_one_piece():
    part = Part("l’essai", SafeString("<p>Trois mots ici</p>"))
    document = Document("Essai", "Nous", [part])
    assert f"mots{HELD}ici" in document.wrap(part.html)
    assert f"mots{HELD}ici" in document.as_html()
