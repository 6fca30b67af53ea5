"""How long a text may be: every text that a person types has a bound, told with its figures; nothing typed is lost."""

from __future__ import annotations

import inspect
import re

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import fields_for_model

from cooperation.texts import NOTE, PAGES, TEXT, AreaField, Text, excess, most_lines, shortened
from projects.models import Project
from tests.factories import make_epci, make_project
from tests.test_shared_forms import forms_of_ours, modules

# Texts that nobody types: worked out, sealed, or read of a file whose cells were judged one by one.
NOT_TYPED = {"Job.warning", "Project.search_text", "HistoricalProject.search_text", "SealedRecord.facts"}


@pytest.mark.parametrize(
    ("text", "most"),
    [("", 10), ("é" * 10, 10), ("a\r\nb\r\nc", 5), ("a\n" * 49 + "a", 1_000), ("a\n" * 499 + "a", TEXT),
     ("é" * PAGES, PAGES)],
)  # fmt: skip
def test_what_holds_is_let_through(text, most):
    assert excess(text, most) == ""


def test_what_is_too_long_is_told_with_its_figures():
    assert excess("a" * 12_345, TEXT) == (
        "Ce texte est trop long : 12\u202f345 signes, pour 10\u202f000 au plus. Raccourcissez-le."
    )


def test_a_line_end_counts_for_one_sign_as_for_whoever_writes():
    assert excess("a\r\n" * 5 + "b", 11) == ""
    assert "12 signes" in excess("a\r\n" * 5 + "bc", 11)


def test_lines_are_bounded_too_for_paper_is_made_of_lines():
    assert excess("a\n" * 500, TEXT) == "Ce texte a trop de lignes : 501, pour 500 au plus. Réunissez-en."


@pytest.mark.parametrize("text", ["a" * 20_000, "a\r\n" * 9_000, "ab\n" * 501])
def test_a_shortened_text_holds_and_says_that_it_goes_on(text):
    short = shortened(text, TEXT)
    assert excess(short, TEXT) == ""
    assert short.endswith("…")
    assert text.replace("\r\n", "\n").startswith(short[:-1])


def test_a_text_that_holds_is_not_shortened():
    assert shortened("a\r\nb", NOTE) == "a\r\nb"


def test_the_browser_is_told_of_the_bound_and_cuts_nothing():
    class Typed(forms.Form):
        need = AreaField(max_length=TEXT)

    shown = str(Typed()["need"])
    assert f'data-coop-most="10000" data-coop-lines="{most_lines(TEXT)}"' in shown
    assert "maxlength" not in shown


def test_a_field_refuses_what_is_too_long_and_takes_the_rest():
    assert AreaField(max_length=5).clean("a\r\nbc") == "a\r\nbc"
    with pytest.raises(ValidationError, match="6 signes, pour 5 au plus"):
        AreaField(max_length=5).clean("abcdef")


def every_text():
    rows = (model for model in apps.get_models() if model.__module__.split(".")[0] in HOUSES)
    return [(f"{model.__name__}.{field.name}", field) for model in rows for field in model._meta.concrete_fields]


HOUSES = {"cooperation", "territories", "partners", "projects"}


def without_bound(found):
    return {
        name
        for name, field in found
        if isinstance(field, models.TextField) and not (isinstance(field, Text) and field.max_length)
    }


def test_every_text_that_is_kept_has_a_bound():
    found = every_text()
    assert sum(isinstance(field, Text) for _, field in found) > 60
    assert without_bound(found) == NOT_TYPED


def test_a_text_that_forgets_its_bound_is_found():
    assert without_bound([("a", models.TextField()), ("b", Text()), ("c", Text(max_length=NOTE))]) == {"a", "b"}


NOT_KEPT = (forms.HiddenInput, forms.PasswordInput)


def unbounded(fields):
    """Fields that let any length through, or that a browser would cut without a word although they have lines."""
    found = set()
    for name, field in fields:
        if not isinstance(field, forms.CharField) or isinstance(field, forms.UUIDField | AreaField):
            continue
        if isinstance(field.widget, forms.Textarea) or not (field.max_length or isinstance(field.widget, NOT_KEPT)):
            found.add(name)
    return found


def test_every_field_of_a_form_that_takes_words_has_a_bound():
    declared = [
        (f"{name}.{field}", one) for name, form in forms_of_ours().items() for field, one in form.base_fields.items()
    ]
    assert len(declared) > 250
    assert unbounded(declared) == set()


def test_no_room_makes_an_area_of_its_own():
    """Fields made while a form is built are not seen above: those with lines are made by `AreaField` alone."""
    plain = re.compile(r"forms\.CharField\((?:[^()]|\([^()]*\))*Textarea")
    assert [module.__name__ for module in modules("forms") if plain.search(inspect.getsource(module))] == []
    assert plain.search('x = forms.CharField(label="a", widget=forms.Textarea(attrs={"rows": 4}))')


def test_a_field_without_a_bound_is_found():
    found = {
        "a": forms.CharField(),
        "b": forms.CharField(widget=forms.Textarea, max_length=9),
        "c": AreaField(max_length=9),
    }
    assert unbounded(found.items()) == {"a", "b"}


@pytest.fixture
def project(db):
    return make_project(make_epci(), need="Un constat.")


def test_a_verb_refuses_a_text_that_is_too_long(project):
    project.need = "a" * (TEXT + 1)
    with pytest.raises(ValidationError) as refused:
        project.clean_fields()
    assert refused.value.message_dict == {
        "need": ["Ce texte est trop long : 10\u202f001 signes, pour 10\u202f000 au plus. Raccourcissez-le."]
    }


def test_what_was_stored_before_the_bound_is_left_until_it_is_touched(project):
    Project.objects.filter(pk=project.pk).update(need="mot\n" * 8_999 + "mot")
    project.refresh_from_db()
    project.clean_fields()
    form = forms.modelform_factory(Project, fields=["title", "need"])
    typed = {"title": "Un autre titre", "need": "mot\r\n" * 8_999 + "mot"}  # as a browser sends it back
    assert form(typed, instance=project).is_valid()
    project.refresh_from_db()
    assert form({**typed, "need": "mot\r\n" * 400}, instance=project).is_valid()
    project.refresh_from_db()
    assert form({**typed, "need": typed["need"] + "!"}, instance=project).errors.keys() == {"need"}


def test_a_form_on_a_row_tells_the_bound_of_its_text():
    assert fields_for_model(Project)["need"].most == TEXT
