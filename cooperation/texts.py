"""How long a text may be: one rule for what people type, what verbs write and what importers take over.

No cell of the real plans read here holds more than 1,534 signs; what is allowed leaves room for several times that,
and stays within what is laid out in a moment. A line counts too: a page of paper holds some fifty of them, whatever is
written there.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from cooperation.french import number

# Signs, a line end counting for one.
NOTE = 1_000  # a few sentences: a motive, a question, an interest
REASON = 2_000  # why an act was done, which its history keeps
TEXT = 10_000  # several pages of a sheet, where one or two are expected
PAGES = 20_000  # minutes, a deliberation, a foreword: as many as a meeting leaves
SIGNS_A_LINE = 20  # at least, on average: beyond, lines are counted instead of signs
FEW_LINES = 50  # allowed to the shortest texts


def as_counted(text: str) -> str:
    """A text with one sign at the end of each line, as the person who writes it counts: a browser sends two."""
    return text.replace("\r\n", "\n")


def most_lines(most: int) -> int:
    """How many lines a text of so many signs may have."""
    return max(most // SIGNS_A_LINE, FEW_LINES)


def excess(text: str, most: int) -> str:
    """What is too long in a text, in one French sentence with its figures; "" when it holds in `most` signs."""
    counted = as_counted(text)
    if (told := len(counted)) > most:
        return f"Ce texte est trop long : {number(told)} signes, pour {number(most)} au plus. Raccourcissez-le."
    if (told := counted.count("\n") + 1) > most_lines(most):
        return f"Ce texte a trop de lignes : {number(told)}, pour {number(most_lines(most))} au plus. Réunissez-en."
    return ""


def shortened(text: str, most: int) -> str:
    """The beginning of a text that is too long, with a sign that it goes on; whoever shortens keeps the whole."""
    if not excess(text, most):
        return text
    lines = as_counted(text).split("\n")[: most_lines(most)]
    return "\n".join(lines)[: most - 1].rstrip() + "…"


class AreaField(forms.CharField):
    """A text of one or several lines, typed: refused beyond its bound, and kept on screen.

    `max_length` is in signs. The browser is told of the bound and counts (`count.js`), but does not hold it: it would
    cut what is pasted without a word.
    """

    widget = forms.Textarea

    def __init__(self, *, max_length: int, is_judged: bool = True, **kwargs: Any) -> None:
        self.most, self.is_judged = max_length, is_judged
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        told = {"data-coop-most": str(self.most), "data-coop-lines": str(most_lines(self.most))}
        return super().widget_attrs(widget) | told

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.is_judged and (said := excess(value, self.most)):
            raise ValidationError(said, code="too_long")


class Text(models.TextField):
    """A text that people write, and how long it may be, in signs (`max_length`).

    Judged by `full_clean`, for verbs as for forms. What was stored before it had a bound is let through as long as it
    is not touched: it opens, prints, and may be written shorter. That is also why the database does not judge.
    """

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if (said := excess(value, self.bound)) and as_counted(value) != self.stored(model_instance):
            raise ValidationError(said, code="too_long")

    @property
    def bound(self) -> int:
        assert self.max_length, f"{self} has no bound"
        return self.max_length

    def stored(self, row: models.Model) -> str | None:
        """What the row says now in the database, if it is there."""
        kept = type(row)._base_manager.filter(pk=row.pk).values_list(self.attname, flat=True)
        return as_counted(kept[0]) if row.pk and kept else None

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": AreaField, "is_judged": False, **kwargs})  # by the row, which knows

    def deconstruct(self) -> Any:
        """For migrations a text without a bound: another one does not make the tables again."""
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, "django.db.models.TextField", args, kwargs
