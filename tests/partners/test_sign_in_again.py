"""Whoever signs in again, once their session has expired, comes back to a page and not to the address of an act."""

import pytest
from django.urls import reverse

from tests.factories import make_agent, make_epci, make_project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/projets/12/?page=2#agir", "next=/projets/12/%3Fpage%3D2"),
        ("https://ailleurs.example/projets/12/", "next=/"),
        ("", "next=/"),
        ("javascript:alert(1)", "next=/"),
    ],
)
def test_an_act_sent_without_a_session_leads_back_to_its_page(client, came_from, leads_to):
    answer = client.post(reverse("projects:move", args=[12, "submit"]), headers={"referer": came_from})
    assert answer.status_code == 302
    assert answer.url.partition("?")[2] == leads_to


def test_a_page_asked_for_without_a_session_is_the_one_that_comes(client):
    assert client.get("/projets/?mots=relais").url.endswith("next=/projets/%3Fmots%3Drelais")


def test_the_address_of_an_act_says_so_instead_of_an_empty_page(client):
    epci = make_epci()
    agent = make_agent(epci)
    client.force_login(agent)
    act = reverse("projects:move", args=[make_project(epci, author=agent).pk, "submit"])
    answer = client.get(act)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Cette adresse ne s’ouvre pas" in answer.text
    assert client.head(act).content == b""
