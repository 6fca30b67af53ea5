"""The outlines of the communes of an EPCI, read as maps need them, and the words that go with a map."""

from __future__ import annotations

from django.db.models import TextField
from django.db.models.functions import Cast

from cooperation.french import NBSP, plural
from territories.places.models import Intercommunality, Outline


def outlines_of(epci: Intercommunality) -> list[tuple[int, str, int | None]]:
    """Commune, outline as text and vintage: the text is enough to draw, and to know that nothing has changed."""
    outlines = Outline.objects.filter(commune__intercommunality=epci)
    return list(outlines.annotate(text=Cast("geometry", TextField())).values_list("commune_id", "text", "vintage"))


def communes_said(count: int) -> str:
    """« (5 communes) », beside a class of a map."""
    return f"({count}{NBSP}{plural(count, 'commune')})"
