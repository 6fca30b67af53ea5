"""ProConnect says who a person is; it never opens an account, and it is believed only when its signature holds."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qs, urlparse

import jwt
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse

from partners.people import proconnect
from partners.people.models import Membership, Role, User
from tests.factories import SIRENS, make_agent, make_commune, make_epci, make_member, make_partner

pytestmark = pytest.mark.django_db
SERVER = "https://proconnect.test/api/v2"
KEY, ANOTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CONFIGURATION = {
    "issuer": SERVER,
    "authorization_endpoint": f"{SERVER}/authorize",
    "token_endpoint": f"{SERVER}/token",
    "userinfo_endpoint": f"{SERVER}/userinfo",
    "jwks_uri": f"{SERVER}/jwks",
    "token_endpoint_auth_methods_supported": ["client_secret_post"],
}
COMMUNE_SIREN = "213500010"


class FakeProConnect:
    """The answers of ProConnect, each of which a test may spoil."""

    def __init__(self):
        self.person = {"sub": "sub-1", "email": "", "siret": SIRENS[0] + "00018"}
        self.spoiled, self.key, self.userinfo, self.is_down, self.asked = {}, KEY, None, False, []

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass

    def request(self, method, url, data=None, **options):
        return self.get(url, data)

    def get(self, url, data=None, **options):
        self.asked.append((url, data))
        if self.is_down:
            raise requests.ConnectionError("unreachable")
        answers = {"jwks": self.jwks, "token": self.token, "userinfo": self.told}
        answer = requests.Response()
        answer.status_code = 200
        text = answers.get(url.rpartition("/")[2], lambda: json.dumps(CONFIGURATION))()
        answer._content, answer.headers["content-type"] = text.encode(), "application/json"
        return answer

    def jwks(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return json.dumps({"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]})

    def signed(self, said):
        whole = {"iss": SERVER, "aud": "us", "exp": time.time() + 60} | said | self.spoiled
        return jwt.encode(whole, self.key, "RS256", {"kid": "k1"})

    def token(self):
        identity = self.signed({"sub": "sub-1", "nonce": self.nonce})
        return json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": identity})

    def told(self):
        return self.userinfo or self.signed(self.person)


@pytest.fixture
def provider(monkeypatch, settings):
    settings.PROCONNECT = {"server": SERVER, "client_id": "us", "secret": "s" * 40}
    fake = FakeProConnect()
    monkeypatch.setattr(proconnect.InvitedOnlyAdapter, "get_requests_session", lambda self: fake)
    return fake


@pytest.fixture
def agent():
    epci = make_epci()
    make_commune(epci)  # whose SIREN is not known
    return make_agent(epci)


def leave(client, **query):
    return client.get(reverse("partners:proconnect"), query)


def sign_in(client, provider, **query):
    """Go to ProConnect and come back, as a browser does."""
    asked = parse_qs(urlparse(leave(client, **query).url).query)
    provider.nonce = asked["nonce"][0]
    return client.get(reverse("partners:proconnect_return"), {"code": "c", "state": asked["state"][0]})


def is_in(client):
    return client.get(reverse("projects:list")).status_code == 200


def test_nothing_of_it_exists_where_it_is_not_configured(client):
    assert "ProConnect" not in client.get(reverse("account_login")).text
    assert leave(client).status_code == 404
    assert client.get(reverse("partners:proconnect_return")).status_code == 404


def test_it_is_asked_for_what_is_needed_and_nothing_that_the_address_adds(client, provider):
    page = client.get(reverse("account_login"), {"next": "/projets/"}).text
    assert "S’identifier avec ProConnect" in page
    assert "?next=%2Fprojets%2F" in page
    sent = urlparse(leave(client, scope="phone", auth_params="prompt=none").url)
    asked = {name: value for name, (value,) in parse_qs(sent.query).items()}
    assert f"{sent.scheme}://{sent.netloc}{sent.path}" == CONFIGURATION["authorization_endpoint"]
    assert set(asked) == {"client_id", "redirect_uri", "scope", "response_type", "state", "nonce"}
    assert set(asked["scope"].split()) == {"openid", "email", "siret"}
    assert asked["redirect_uri"] == "http://testserver/connexion/proconnect/retour/"
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32


def test_an_agent_is_recognised_once_by_address_and_employer_then_by_identifier(client, provider, agent):
    provider.person["email"] = agent.email.upper()
    assert sign_in(client, provider).url == reverse("projects:home")
    assert is_in(client)
    known = SocialAccount.objects.get()
    assert (known.user, known.uid, known.extra_data) == (agent, "sub-1", {})  # nothing more is kept
    client.logout()
    provider.person |= {"email": "nouveau.nom@ccvo.example", "siret": "00000000000000"}
    sign_in(client, provider)
    assert client.session["_auth_user_id"] == str(agent.pk)


def test_an_agent_of_a_commune_and_a_relay_person_come_with_their_own_employer(client, provider):
    epci = make_epci()
    commune = make_commune(epci, siren=COMMUNE_SIREN)
    partner = make_partner(epci)
    partner.siret = SIRENS[1] + "00018"
    partner.save()
    for user, siren, sub in (
        (make_agent(epci, "Hervé Alix", commune=commune), COMMUNE_SIREN, "sub-2"),
        (make_member(epci, Role.RELAY, "Rose Ney", partner=partner), SIRENS[1], "sub-3"),
    ):
        provider.person = {"email": user.email, "siret": siren + "00018"}
        provider.spoiled = {"sub": sub}
        sign_in(client, provider)
        assert client.session["_auth_user_id"] == str(user.pk)
        client.logout()


SPOILT_PERSONS = {
    "an address that was not invited": {"email": "inconnu@ailleurs.example"},
    "another employer": {"siret": SIRENS[1] + "00018"},
    "no employer": {"siret": ""},
    "an address that is not verified": {"email_verified": False},
    "no address": {"email": ""},
}


@pytest.mark.parametrize("what", SPOILT_PERSONS)
def test_whoever_was_not_invited_is_told_so_and_no_account_is_made(client, provider, agent, what):
    provider.person |= {"email": agent.email} | SPOILT_PERSONS[what]
    answer = sign_in(client, provider)
    assert answer.status_code == 403
    assert "Les comptes s’ouvrent sur invitation" in answer.text
    assert not is_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


def test_a_role_that_has_ended_and_a_closed_account_are_not_recognised(client, provider, agent):
    provider.person["email"] = agent.email
    Membership.objects.update(ends_on="2020-12-31", starts_on="2020-01-01")
    assert sign_in(client, provider).status_code == 403
    Membership.objects.update(ends_on=None)
    User.objects.update(is_active=False)
    assert sign_in(client, provider).status_code == 403
    assert not SocialAccount.objects.exists()


SPOILT_ANSWERS = {
    "a signature of somebody else": {"key": ANOTHER_KEY},
    "the answer to another request": {"spoiled": {"nonce": "n" * 64}},
    "an identity given to another site": {"spoiled": {"aud": "them"}},
    "an identity of another server": {"spoiled": {"iss": "https://elsewhere.test"}},
    "an identity that is out of date": {"spoiled": {"exp": 1}},
    "an answer that is not signed": {"userinfo": '{"sub": "sub-1"}'},
}


@pytest.mark.parametrize("what", SPOILT_ANSWERS)
def test_an_answer_that_does_not_hold_lets_nobody_in(client, provider, agent, what):
    provider.person["email"] = agent.email
    vars(provider).update(SPOILT_ANSWERS[what])
    answer = sign_in(client, provider)
    assert answer.status_code == 401
    assert "n’a pas pu confirmer qui vous êtes" in answer.text
    assert not is_in(client)


def test_the_person_told_must_be_the_one_who_signed_in(client, provider, agent):
    provider.person |= {"email": agent.email, "sub": "sub-9"}
    assert sign_in(client, provider).status_code == 401


def test_coming_back_without_having_left_or_twice_lets_nobody_in(client, provider, agent):
    provider.person["email"] = agent.email
    back = reverse("partners:proconnect_return")
    assert client.get(back, {"code": "c", "state": "s" * 43}).status_code == 401
    asked = parse_qs(urlparse(leave(client).url).query)
    provider.nonce, state = asked["nonce"][0], asked["state"][0]
    assert client.get(back, {"error": "access_denied", "state": state}).status_code == 401
    assert client.get(back, {"code": "c", "state": state}).status_code == 401  # a state serves once
    assert client.get(back, {"code": "c"}).status_code == 401


@pytest.mark.parametrize("when", ["leaving", "coming back"])
def test_a_provider_that_does_not_answer_is_told_in_a_sentence(client, provider, when):
    asked = parse_qs(urlparse(leave(client).url).query)
    provider.is_down = True
    back = reverse("partners:proconnect_return"), {"code": "c", "state": asked["state"][0]}
    answer = leave(client) if when == "leaving" else client.get(*back)
    assert answer.status_code == 503
    assert "recommencez dans un instant" in answer.text


def test_the_second_factor_is_still_asked(client, provider, agent):
    Authenticator.objects.create(user=agent, type="totp", data={"secret": "x"})
    provider.person["email"] = agent.email
    assert sign_in(client, provider).url.startswith(reverse("mfa_authenticate"))
    assert not is_in(client)


@pytest.mark.parametrize(("wanted", "reached"), [("/projets/", "/projets/"), ("https://ailleurs.example/", "/")])
def test_a_person_reaches_the_page_they_asked_for_and_never_another_site(client, provider, agent, wanted, reached):
    provider.person["email"] = agent.email
    assert sign_in(client, provider, next=wanted).url == reached
