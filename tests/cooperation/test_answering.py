"""A form is answered once: its act done, said and left for; or nothing is done and the page is shown again."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import RequestFactory

from cooperation.access import ALLOWED, Verdict, require
from cooperation.answering import carried_out


class OneDay(forms.Form):
    day = forms.IntegerField()


def asked(method="post", **data):
    request = getattr(RequestFactory(), method)("/", data)
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def answer(request, act):
    form = OneDay(request.POST or None)
    return carried_out(request, form, act, told="C’est noté.", back="/ailleurs/"), form


def test_a_valid_form_does_its_act_says_it_and_leaves():
    done = []
    request = asked(day="3")
    answered, _ = answer(request, lambda: done.append(3))
    assert (done, answered.url, [str(one) for one in get_messages(request)]) == ([3], "/ailleurs/", ["C’est noté."])


@pytest.mark.parametrize("request_", [asked("get"), asked(day="x")])
def test_nothing_is_done_of_a_form_that_is_not_sent_or_not_right(request_):
    answered, _ = answer(request_, lambda: pytest.fail("done"))
    assert answered is None


@pytest.mark.parametrize(("refusal", "field"), [({"day": "Trop tôt."}, "day"), ("Trop tôt.", "__all__")])
def test_what_the_act_refuses_is_told_in_the_form(refusal, field):
    def act():
        raise ValidationError(refusal)

    answered, form = answer(asked(day="3"), act)
    assert answered is None and form.errors[field] == ["Trop tôt."]


def test_a_verdict_that_refuses_stops_with_its_reason():
    require(ALLOWED)
    with pytest.raises(PermissionDenied, match="Votre rôle"):
        require(Verdict("Votre rôle ne le permet pas."))
