"""What the scheme and the pact have in common: what is closed is never written over, it has a next version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

STALE = (
    "Une autre personne a enregistré une version entre-temps. Vos chiffres sont restés dans les champs : ouvrez la "
    "page dans un autre onglet pour comparer, puis enregistrez de nouveau."
)


@dataclass(frozen=True)
class WrittenPart:
    """One criterion of a sharing as it is written; `values` by primary key of commune, when they are typed."""

    kind: str
    label: str
    weight: int
    unit: str = ""
    values: Mapping[int, Decimal] = field(default_factory=dict)


def save_version(text: Any, *, is_closed: Callable[[Any], bool]) -> Any:
    """Save a versioned text in place, or as a new current version when the stored one is closed."""
    model = type(text)
    stored = model.objects.select_for_update().filter(pk=text.pk).first() if text.pk else None
    current = model.objects.select_for_update().filter(intercommunality=text.intercommunality, is_current=True)
    if stored is None or is_closed(stored):
        versions = model.objects.filter(intercommunality=text.intercommunality, starts_year=text.starts_year)
        text.version = 1 + max(versions.values_list("version", flat=True), default=0)
        text.pk, text._state.adding = None, True
        for one in current:  # saved one by one: the history must tell it
            one.is_current = False
            one.save()
    text.is_current = True
    text.full_clean()
    text.save()
    return text
