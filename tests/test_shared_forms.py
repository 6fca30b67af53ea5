"""Every form on stored words guards them between two people: found in the code, so that a form to come is found too."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from cooperation.shared import SharedForm

HOUSES = ("territories", "partners", "projects")
NEW = "it only makes a new row"
ACT = "an act on one question, judged again by its verb: no stored word is typed over"
OWN = "the row of one person, whom nobody replaces"
NUMBERED = "what is recorded is a new version, and its verb refuses a number that has moved"
ROWS = "a row of a table that SharedRows guards whole"
UNGUARDED = {
    "CloseForm": ACT, "AdoptForm": ACT, "DayForm": ACT, "HolderForm": ACT, "NewSeatForm": ACT, "NotifyForm": ACT,
    "ClosingForm": ACT, "UrgencyVoteForm": ACT, "HandedForm": ACT, "PresenceForm": ACT,
    "ConsultationForm": NEW, "MembershipForm": NEW, "NewKeyForm": NEW, "ContributionForm": NEW, "CorrectionForm": NEW,
    "SessionForm": NEW, "MeasureForm": NEW, "ActionForm": NEW, "AskForm": NEW, "RuleForm": NEW,
    "InviteForm": NEW, "CopyForm": NEW, "DecisionForm": ACT, "ProclamationForm": ACT,
    "MemberOpinionForm": OWN, "PaceForm": OWN, "MarkForm": OWN, "WordsForm": OWN, "AcceptForm": OWN, "ChoicesForm": OWN,
    "GrantForm": NUMBERED, "KeyForm": NUMBERED, "NeedForm": NUMBERED, "PlaceForm": NUMBERED, "MeansForm": NUMBERED,
    "FundingLineForm": ROWS, "CreditForm": ROWS, "OperatingForm": ROWS,
    "SimulationForm": "it records nothing",
    "SiretForm": "a number proved by its key and by the SIREN of the EPCI: no words to cover",
}  # fmt: skip


def modules(word: str):
    """The modules of our rooms whose name ends so, those of tests and migrations apart."""
    for house in HOUSES:
        package = importlib.import_module(house)
        for found in pkgutil.walk_packages(package.__path__, f"{house}."):
            if found.name.endswith(word):
                yield importlib.import_module(found.name)


def forms_of_ours() -> dict[str, type[forms.BaseForm]]:
    return {
        f"{one.__module__}.{one.__name__}": one
        for module in modules("forms")
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, forms.BaseForm) and one.__module__ == module.__name__
    }


def shows_stored_words(form: type[forms.BaseForm]) -> bool:
    """A form on a model does; so does one that fills its fields by itself."""
    return issubclass(form, forms.BaseModelForm) or "initial" in inspect.getsource(form)


@cache
def filled_by_views() -> set[str]:
    """The forms that views fill with what is stored, by name."""
    found = set()
    for path in (one for house in HOUSES for one in (Path(settings.BASE_DIR) / house).rglob("*views.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", "")
            if name.endswith("Form") and {word.arg for word in call.keywords} & {"instance", "initial"}:
                found.add(name)
    return found


def forgotten(found: dict[str, type[forms.BaseForm]]) -> set[str]:
    """The forms that show stored words, guard nothing, and have no reason not to."""
    return {
        name
        for name, form in found.items()
        if not issubclass(form, SharedForm)
        and (shows_stored_words(form) or form.__name__ in filled_by_views())
        and form.__name__ not in UNGUARDED
    }


def test_every_form_on_stored_words_guards_them_or_says_why_not():
    found = forms_of_ours()
    assert len(found) > 100
    assert forgotten(found) == set()


def test_a_form_that_forgets_its_guard_is_found():
    class Forgetful(forms.ModelForm):
        """What a future room might write."""

    class Filled(forms.Form):
        def __init__(self, *args, row, **kwargs):
            super().__init__(*args, initial={"text": row.text}, **kwargs)

    assert forgotten({"a": Forgetful, "b": Filled}) == {"a", "b"}


def test_no_reason_outlives_its_form():
    assert UNGUARDED.keys() <= {form.__name__ for form in forms_of_ours().values()}


def test_rows_written_together_are_guarded_together():
    tables = [
        (path.name, {word.arg: ast.unparse(word.value) for word in call.keywords}.get("formset"))
        for house in HOUSES
        for path in (Path(settings.BASE_DIR) / house).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "").endswith("formset_factory")
    ]
    assert len(tables) >= 3
    assert {formset for _, formset in tables} == {"SharedRows"}


@pytest.mark.parametrize("form", sorted(forms_of_ours()))
def test_the_guard_comes_first_among_the_bases(form):
    """Otherwise another base cleans the form after the comparison, or takes the field away."""
    found = forms_of_ours()[form]
    if issubclass(found, SharedForm):
        order = [base.__name__ for base in found.__mro__]
        assert order.index("SharedForm") < min(order.index(base) for base in ("Form", "ModelForm") if base in order)
