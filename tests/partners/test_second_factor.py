"""The second factor is set up, used and taken off by anyone whose account was opened for them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.factories import make_agent, make_epci

pytestmark = pytest.mark.django_db
PASSWORD = "Une-phrase-assez-longue-2032"


def code_of(secret, at):
    """What the application on the phone shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def person(client):
    """An agent signed in as people are, under an address nobody verified."""
    agent = make_agent(make_epci())
    agent.set_password(PASSWORD)
    agent.save()
    EmailAddress.objects.create(user=agent, email=agent.email, primary=True, verified=False)
    client.post(reverse("account_login"), {"login": agent.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return agent


def test_a_person_sets_up_a_second_factor_gets_codes_and_takes_it_off(client, person):
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert "Code incorrect" in client.post(reverse("mfa_activate_totp"), {"code": "abc"}).text
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret, time.time())})
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    client.logout()
    asked = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert asked.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("projects:list")).status_code == 302  # the password alone opens nothing
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert client.get(reverse("projects:list")).status_code == 200
    client.post(reverse("mfa_reauthenticate"), {"code": codes[1]})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(type="totp").exists()
