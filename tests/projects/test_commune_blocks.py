"""The page of a commune tells what the rooms of the territory say of it: positions, shares, amounts."""

import pytest
from django.urls import reverse

from partners.people.models import User

pytestmark = pytest.mark.django_db
PIERRELANDE = "96013"


def page(client, email, insee=PIERRELANDE):
    client.force_login(User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend")
    html = client.get(reverse("projects:commune", args=[insee])).content.decode()
    return html.replace("\xa0", " ").replace("\u202f", " ")


def test_the_positions_of_a_council_are_told_with_their_dates(demo_territory, client):
    html = page(client, "dgs@ccvo.example")
    assert "Transfert de l’eau potable" in html
    assert "16 décembre 2025" in html
    assert "Silence" in html  # the animal pound, left without an answer


def test_shares_and_amounts_come_out_to_the_cent(demo_territory, client):
    html = page(client, "dgs@ccvo.example")
    assert "−12 581,26 €" in html
    assert "9 800,00 €" in html
    assert "9 116,74 €" in html


def test_a_relay_person_reads_neither_positions_nor_amounts(demo_territory, client):
    html = page(client, "relais@lespetitslierres.example")
    assert "12 581,26" not in html
    assert "Transfert de l’eau potable" not in html
    assert "Aucune consultation de son conseil que vous puissiez lire" in html
