"""A passkey, from its making to a sign-in without a password, in a real browser with a device that holds keys."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.browsing import follow
from tests.conftest import CHROMIUM, NO_BROWSER
from tests.factories import make_agent, make_epci

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER),
]
PASSWORD = "Une-phrase-assez-longue-2032"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person():
    agent = make_agent(make_epci())
    agent.set_password(PASSWORD)
    agent.save()
    return agent


def test_a_key_is_made_then_opens_the_account_alone_and_the_password_does_not(browser_page, live_server, person):
    page = browser_page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    page.goto(reverse("account_login"))
    page.get_by_label("Adresse électronique").fill(person.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Se connecter"))
    page.goto(reverse("mfa_index"))
    follow(page, page.get_by_role("link", name="Créer une clé d’accès"))
    page.get_by_label("Mot de passe").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Confirmer"))
    page.get_by_label("Nom de cet appareil").fill("Téléphone de la mairie")
    page.get_by_role("button", name="Créer la clé").click()
    page.get_by_role("heading", name="Codes de secours").wait_for()  # given with the first key
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless

    page.context.clear_cookies()
    page.goto(reverse("account_login") + "?next=/projets/")
    page.get_by_role("button", name="Me connecter avec une clé d’accès").click()
    page.get_by_role("heading", level=1, name="Projets").wait_for()

    page.context.clear_cookies()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": key["authenticatorId"], "isUserVerified": False})
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Me connecter avec une clé d’accès").click()
    page.get_by_text("Votre appareil n’a pas donné de clé").wait_for()
    page.get_by_label("Adresse électronique").fill(person.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name="Double vérification").wait_for()
    page.get_by_role("button", name="Utiliser ma clé d’accès").wait_for()
