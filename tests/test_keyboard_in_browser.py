"""By presses of keys alone, no mouse, no focus given otherwise: a proposal from the sign-in page to its submission, and
the acts on several projects.
"""

from __future__ import annotations

import pytest

from projects.models import Project, Status
from tests.browsing import FOCUSED, reach, sign_in
from tests.factories import make_agent, make_commune, make_competence, make_coordinator, make_epci, make_project

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
    write(page, "Adresse électronique", person.email)
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
    told, _ = page.evaluate(FOCUSED)
    assert "L’acteur est enregistré" in told  # one goes on from there, without the header again


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


UNDER_THE_ACTS = """() => {
    const [one, acts] = [document.activeElement, document.querySelector(".grouped")];
    const [here, there] = [one.getBoundingClientRect(), acts.getBoundingClientRect()];
    return !acts.contains(one) && here.bottom > there.top && here.top < there.bottom;
}"""
IN_SIGHT = """() => {
    const {top, bottom} = document.querySelector("#acte").getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}"""


@pytest.mark.parametrize(
    ("width", "height", "stays"),
    [(360, 640, True), (640, 512, True), (640, 400, False)],
    ids=["phone", "zoomed twice", "too low to spare any height"],
)
def test_the_acts_on_ticked_projects_stay_in_reach_and_hide_nothing_that_takes_the_focus(
    browser_page, live_server, width, height, stays
):
    epci = make_epci()
    coordinator = make_coordinator(epci)
    for rank in range(6):
        make_project(epci, status=Status.ADOPTED, title=f"Projet du rang {rank}")
    page = browser_page
    page.set_viewport_size({"width": width, "height": height})
    sign_in(page, live_server, coordinator.email)
    page.goto("/projets/")
    assert not page.evaluate(IN_SIGHT)
    tick(page, "Choisir")
    assert page.evaluate(IN_SIGHT) is stays
    hidden = []
    for _ in range(11):
        page.keyboard.press("Tab")
        if page.evaluate(UNDER_THE_ACTS):
            hidden.append(page.evaluate("document.activeElement.outerHTML"))
    assert hidden == []
    reach(page, "Pour les projets cochés")
    assert page.evaluate(IN_SIGHT)
