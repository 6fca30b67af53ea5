"""A text that several people may change: who saves second sees what changed meanwhile, and covers nothing unseen.

A form says with its page what was stored when it was shown. When that has moved by the time it comes back, nothing is
written: the typed text stays in its fields, beside what is stored now, word by word; saving again is then a choice.
The view holds the row meanwhile, so that nobody saves between the comparison and the writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import wraps
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse

from cooperation.difference import Piece, difference
from cooperation.french import date_fr, hour_fr, number

SEEN = "seen"
MOVED = (
    "Quelqu’un a enregistré ce texte pendant que vous écriviez. Votre propre texte est resté dans les champs : "
    "comparez, gardez ce qui doit l’être, puis enregistrez de nouveau."
)


REPLACED = (
    "Une nouvelle version a pris la place de celle que vous lisiez : rien n’est enregistré. "
    "Gardez de côté ce que vous avez écrit, puis ouvrez de nouveau cette page pour l’écrire dans cette version."
)


@dataclass(frozen=True)
class Meanwhile:
    """A field that somebody else changed: what is stored now, and what separates it from what was typed."""

    label: str
    stored: str
    pieces: list[Piece]


class SharedForm(forms.BaseForm):
    """What a form on stored words adds to be safe between two people; it comes first among the bases.

    A program that posts without having read the page says nothing of what it saw, and is not stopped.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meanwhile: list[Meanwhile] = []
        self.fields[SEEN] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self.fingerprint)

    def is_new(self) -> bool:
        """Whether nothing is stored yet: nobody else can have changed it."""
        instance = getattr(self, "instance", None)
        return instance is not None and instance.pk is None

    def fingerprint(self) -> str:
        """What is stored now, as one short word that the page carries and brings back."""
        watched = (name for name in self.fields if name != SEEN)
        values = [f"{name}={as_stored(self.get_initial_for_field(self.fields[name], name))}" for name in watched]
        return sha256("\n".join(values).encode()).hexdigest()[:20]

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        seen, stored = self.cleaned_data.pop(SEEN, ""), self.fingerprint()
        if not seen or seen == stored or self.is_new():
            return
        self.meanwhile = [found for name in self.fields if name != SEEN and (found := self.changed_in(name))]
        sent: Any = self.data.copy()  # type: ignore[attr-defined]  # what a request sends can be copied
        sent[self.add_prefix(SEEN)] = stored  # it has been shown now
        self.data = sent
        if self.meanwhile:  # otherwise both wrote the same words
            self.add_error(None, MOVED)

    def changed_in(self, name: str) -> Meanwhile | None:
        """What separates the words stored in a field from those that were typed."""
        field = self.fields[name]
        typed = self.cleaned_data.get(name, self[name].data)
        before = in_words(field, self.get_initial_for_field(field, name))
        after = in_words(field, typed)
        if before == after:
            return None
        return Meanwhile(str(self[name].label), before or "(vide)", difference(before, after))


class SharedRows(BaseInlineFormSet):
    """The same for rows written together: lines of a plan, years of it; those of another plan are not its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meanwhile: list[Meanwhile] = []
        self.is_replaced = False
        self.seen_name = f"{self.prefix}-{SEEN}"
        stored = [self.form(instance=row, **self.form_kwargs) for row in self.get_queryset()]
        self.told = [self.words_of(form, form.initial) for form in stored]
        self.seen = sha256("\n".join(self.told).encode()).hexdigest()[:20]

    def words_of(self, form: forms.BaseForm, values: Mapping[str, Any]) -> str:
        """A row as a person reads it."""
        hidden = {self.fk.name, "id", DELETION_FIELD_NAME}
        told = (in_words(form.fields[name], values.get(name)) for name in form.fields if name not in hidden)
        return ", ".join(word for word in told if word)

    def clean(self) -> None:
        super().clean()
        self.is_replaced = self.reads_another()
        if self.is_replaced:
            raise ValidationError(REPLACED)
        read = self.data.get(self.seen_name)
        if not read or read == self.seen:
            return
        kept = [
            form for form in self.forms if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        typed = [self.words_of(form, form.cleaned_data) for form in kept]
        if typed != self.told:
            stored = "\n".join(self.told)
            self.meanwhile = [Meanwhile("Les lignes", stored or "(vide)", difference(stored, "\n".join(typed)))]
            raise ValidationError(MOVED)

    def reads_another(self) -> bool:
        """Whether the rows that were read hang on another row than the one that is written now."""
        read = {str(self.data.get(f"{self.add_prefix(n)}-id", "")) for n in range(self.initial_form_count())}
        strange = {int(one) for one in read if one.isdecimal()} - {row.pk for row in self.get_queryset()}
        model: Any = self.model
        return bool(strange) and model._default_manager.filter(pk__in=strange).exists()


def as_stored(value: Any) -> str:
    """A value as text, rows by their key, in an order that does not depend on the reading."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, QuerySet | list | tuple | set):
        return ",".join(sorted(as_stored(one) for one in value))
    return "" if value is None else str(value)


def in_words(field: forms.Field, value: Any) -> str:
    """What a person reads of a value: the label of a choice, the name of a row, a day or an amount in French."""
    if value is None or value == "":
        return ""
    if isinstance(field, forms.ModelChoiceField):
        given = value if isinstance(value, QuerySet | list | tuple | set) else [value]
        keys = [one.pk if isinstance(one, models.Model) else one for one in given]
        offered: Any = field.queryset
        rows = offered.filter(pk__in=[key for key in keys if str(key).isdecimal()])
        return ", ".join(sorted(field.label_from_instance(row) for row in rows))
    if isinstance(field, forms.ChoiceField):
        labels = dict(flat(field.choices))
        given = value if isinstance(value, list | tuple | set) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in given)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date | time):
        return date_fr(value) if isinstance(value, date) else hour_fr(value)
    return number(value) if isinstance(value, Decimal) else str(value).replace("\r\n", "\n").strip()


def flat(choices: Any) -> Iterator[tuple[str, str]]:
    """The choices of a list, those of its groups among them."""
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from flat(label)
        else:
            yield str(key), str(label)


def one_writer(rows: Callable[..., QuerySet[Any]]) -> Callable[..., Any]:
    """Hold these rows while a form about them is answered: two people who save at once come one after the other.

    Which rows is said by what the address names; by the request where it names nothing.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, **named: Any) -> HttpResponse:
            if request.method != "POST":
                return view(request, **named)
            with transaction.atomic():
                asked = rows(**named) if named else rows(request)
                list(asked.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
                return view(request, **named)

        return answer

    return decorate
