"""A proposal from the sign-in page to its submission, by presses of keys alone: no mouse, no focus given otherwise."""

from __future__ import annotations

import pytest

from projects.models import Project, Status
from tests.browsing import reach
from tests.factories import make_agent, make_commune, make_competence, make_epci

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "Une-phrase-assez-longue-2032"


def enter(page, words):
    """Reach a link or a button and press it; the page that it leads to has come."""
    reach(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page, words, text):
    reach(page, words)
    page.keyboard.type(text)


def tick(page, words):
    reach(page, words)
    page.keyboard.press("Space")


def choose(page, words, first_letters):
    """Open nothing: in a list that has the focus, the first letters of a choice choose it."""
    reach(page, words)
    page.keyboard.type(first_letters)


def come_in(page, person):
    page.goto("/")
    enter(page, "Me connecter")
    write(page, "Courriel", person.email)
    write(page, "Mot de passe", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    enter(page, "Proposer un projet")
    enter(page, "Commencer")


def say_what_for(page):
    write(page, "Titre du projet", "Jardin partagé")
    write(page, "Que se passe-t-il aujourd’hui", "Aucun lieu de rencontre dans trois quartiers sur cinq.")
    write(page, "Que voulez-vous changer ensemble", "Un lieu où cultiver et se rencontrer.")
    write(page, "Quel service est rendu", "Jardin")
    write(page, "Qui en bénéficie", "Les habitants")
    enter(page, "Enregistrer et continuer")


def say_where(page):
    reach(page, "Une commune")
    page.keyboard.press("ArrowDown")  # « Plusieurs communes »: from one choice to the next, as radio buttons do
    tick(page, "Bréauval")
    tick(page, "Vaudreline")
    tick(page, "Cadre de vie")
    enter(page, "Enregistrer et continuer")


def name_an_actor(page, name, *places, interest):
    enter(page, "Ajouter un acteur")
    choose(page, "Qui est-ce", "Un autre")
    write(page, "Son nom", name)
    for place in places:
        tick(page, place)
    tick(page, "La personne relais reste à trouver")
    write(page, "En quoi le projet sert-il", interest)
    enter(page, "Enregistrer cet acteur")


def test_a_proposal_is_written_and_submitted_by_the_keyboard_alone(browser_page, live_server):
    epci = make_epci()
    make_commune(epci)
    make_commune(epci, "Vaudreline")
    make_competence(epci, "Cadre de vie")
    agent = make_agent(epci)
    agent.set_password(PASSWORD)
    agent.save()
    page = browser_page
    come_in(page, agent)
    say_what_for(page)
    say_where(page)
    name_an_actor(page, "Les habitants", "Il utilise", interest="Sortir de chez soi.")
    name_an_actor(page, "Le comité", "Il décide", "C’est lui qui porte", interest="Faire vivre le quartier.")
    enter(page, "Les moyens")
    write(page, "Quels moyens humains", "Une demi-journée par semaine.")
    enter(page, "Enregistrer et continuer")
    enter(page, "Déposer le projet")
    project = Project.objects.get()
    assert project.status == Status.SUBMITTED
    assert [one.name for one in project.communes.all()] == ["Bréauval", "Vaudreline"]
    assert page.get_by_role("heading", level=1, name="Jardin partagé").is_visible()
