"""Roles are opened and ended by the administrator, and their rights follow on the next request."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.people.access import scope_of
from partners.people.models import Membership, Role, User
from tests.factories import make_coordinator, make_epci, make_member

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def epci(client):
    epci = make_epci()
    client.force_login(make_member(epci, Role.ADMINISTRATOR), BACKEND)
    return epci


def opened(client, **said):
    form = {"email": "samir@ccvo.example", "full_name": "Samir Haddou", "role": "agent", "starts_on": "2026-04-09"}
    return client.post(reverse("partners:membership_add"), form | said)


def test_a_role_opens_with_an_account_that_has_no_password(client, epci):
    assert opened(client).status_code == 302
    user = User.objects.get(email="samir@ccvo.example")
    assert not user.has_usable_password()
    assert scope_of(user).may("submit_projects", epci.pk)


def test_a_known_address_keeps_its_account_and_its_name(client, epci):
    opened(client)
    opened(client, role="councillor", full_name="Quelqu’un d’autre")
    user = User.objects.get(email="samir@ccvo.example")
    assert user.full_name == "Samir Haddou"
    assert user.memberships.count() == 2


def test_a_relay_without_a_partner_is_refused_with_a_reason(client, epci):
    assert "choisissez lequel" in opened(client, role="relay").content.decode()
    assert not User.objects.filter(email="samir@ccvo.example").exists()


def test_a_role_held_already_is_refused_and_creates_nothing(client, epci):
    opened(client)
    assert opened(client).status_code == 200
    assert Membership.objects.filter(user__email="samir@ccvo.example").count() == 1


def test_a_role_ended_today_gives_no_right_on_the_next_request(client, epci):
    held = Membership.objects.get(user=make_coordinator(epci))
    client.post(reverse("partners:membership_close", args=[held.pk]), {"ends_on": timezone.localdate().isoformat()})
    assert not scope_of(User.objects.get(pk=held.user_id)).may("review_projects", epci.pk)


def test_a_role_ended_later_keeps_its_rights_until_then(client, epci):
    held = Membership.objects.get(user=make_coordinator(epci))
    later = timezone.localdate() + timedelta(days=30)
    client.post(reverse("partners:membership_close", args=[held.pk]), {"ends_on": later.isoformat()})
    assert scope_of(User.objects.get(pk=held.user_id)).may("review_projects", epci.pk)


def test_an_end_before_the_beginning_is_refused(client, epci):
    held = Membership.objects.get(user=make_coordinator(epci))
    before = date(2020, 1, 1)
    answer = client.post(reverse("partners:membership_close", args=[held.pk]), {"ends_on": before.isoformat()})
    assert "précède" in answer.content.decode()
    held.refresh_from_db()
    assert held.ends_on is None
