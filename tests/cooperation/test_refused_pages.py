"""A page that is refused says why, in our own sentences."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cooperation.pages import refused
from tests.factories import make_agent, make_epci, make_user

IN_GENERAL = "Votre rôle ne permet pas cette action."

pytestmark = pytest.mark.django_db


def test_a_refused_page_says_the_reason_and_nothing_of_a_page_that_expired(client):
    client.force_login(make_agent(make_epci()))
    page = client.get(reverse("projects:review_queue"))
    assert page.status_code == 403
    assert "Votre rôle ne permet pas d’instruire les projets." in page.text
    assert IN_GENERAL not in page.text and "trop longtemps" not in page.text


def test_what_a_library_says_of_its_refusal_is_not_shown(client):
    person = make_user()
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    page = client.get(reverse("account_reauthenticate"))
    assert page.status_code == 403
    assert IN_GENERAL in page.text and "not available" not in page.text


def test_a_refusal_without_a_reason_has_a_general_one(rf):
    assert IN_GENERAL in refused(rf.get("/"), PermissionDenied()).text
