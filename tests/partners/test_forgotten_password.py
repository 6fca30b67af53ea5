"""A forgotten password: the letter says what it is for, in the words of the platform, and answers everybody alike."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from partners.people.models import User

pytestmark = pytest.mark.django_db


def ask(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def test_the_link_of_the_letter_leads_to_the_choice_of_a_password(client):
    User.objects.create_user("une.personne@mairie.example", full_name="Une Personne")
    ask(client, "une.personne@mairie.example")
    letter = mail.outbox[0]
    assert letter.subject == "Commun’accord\N{NO-BREAK SPACE}: choisir votre mot de passe"
    assert "!" not in letter.body
    link = re.search(r"http\S+", letter.body).group()
    page = client.get(link, follow=True)
    assert "Choisir un nouveau mot de passe" in page.content.decode()


def test_an_address_without_account_is_answered_alike_and_told_who_opens_accounts(client):
    User.objects.create_user("une.personne@mairie.example", full_name="Une Personne")
    known, unknown = ask(client, "une.personne@mairie.example"), ask(client, "inconnue@mairie.example")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    letter = mail.outbox[1]
    assert letter.to == ["inconnue@mairie.example"]
    assert "administre la plateforme" in letter.body
    assert "http" not in letter.body  # nobody registers alone


def test_a_mail_that_the_server_does_not_take_is_told_alike_to_everybody(client, monkeypatch):
    """The link is kept nowhere, so that it cannot leave later: whoever waits for it must know."""
    User.objects.create_user("une.personne@mairie.example", full_name="Une Personne")

    def refuse(self, *args, **kwargs):
        raise ConnectionRefusedError("down")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    known, unknown = ask(client, "une.personne@mairie.example"), ask(client, "inconnue@mairie.example")
    for answer in (known, unknown):
        assert (answer.status_code, answer.url) == (302, reverse("account_reset_password"))
    page = client.get(known.url).content.decode()
    assert "Le courriel n’a pas pu partir. Vérifiez l’adresse, puis réessayez dans quelques minutes." in page


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_an_address_has_one_name_and_what_is_missing_is_said_by_it(client, name):
    page = client.post(reverse(name), {}).content.decode()
    assert "Adresse électronique" in page and "Courriel" not in page
    assert "Donnez votre adresse électronique." in page and "obligatoire." not in page
