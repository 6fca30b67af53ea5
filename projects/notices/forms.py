"""How often a person wants to be written to, kind by kind."""

from __future__ import annotations

from typing import Any

from django import forms

from projects.notices.kinds import GROUPS, KINDS, Pace
from projects.notices.models import NoticePace


class PaceForm(forms.Form):
    """One choice for each kind; those whose letter leaves by itself are not asked."""

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(NoticePace.objects.filter(person=person).values_list("kind", "pace"))
        for kind in KINDS.values():
            if not kind.has_own_letter:
                self.fields[kind.code] = forms.ChoiceField(
                    label=kind.label,
                    choices=Pace.choices,
                    initial=chosen.get(kind.code, kind.pace),
                    required=False,  # a list always holds a choice: « obligatoire » would only be noise
                )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The choices under the heading of what they are about."""
        return [(title, [self[code] for code in codes]) for title, codes in GROUPS.items()]
