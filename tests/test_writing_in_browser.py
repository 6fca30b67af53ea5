"""Writing in a real browser: a lost connection and an expired session cost no word, and the law is told meanwhile."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from tests.browsing import follow, sign_in
from tests.conftest import PATIENCE
from tests.factories import make_agent, make_commune, make_competence, make_epci, make_project

pytestmark = pytest.mark.django_db(transaction=True)
NEED = "[name=need]"
STATE = "[data-coop-autosave-state]"
WORDS = "Le relais est à quarante minutes de route."


@pytest.fixture
def writing(browser_page, live_server):
    """An author on the first step of a draft."""
    epci = make_epci()
    author = make_agent(epci)
    project = make_project(epci, author=author, need="")
    sign_in(browser_page, live_server, author.email)
    browser_page.goto(reverse("projects:write", args=[project.pk, "besoin"]))
    return browser_page, project, author


def wait_for(page, words):
    page.locator(STATE, has_text=words).wait_for()


def test_a_lost_connection_keeps_the_text_and_sends_it_when_it_comes_back(writing):
    page, project, _ = writing
    page.context.set_offline(True)
    page.locator(NEED).fill(WORDS)
    wait_for(page, "Connexion perdue")
    page.context.set_offline(False)
    wait_for(page, "Enregistré à")
    project.refresh_from_db()
    assert project.need == WORDS


def test_an_expired_session_keeps_the_text_until_the_person_is_back(writing, live_server):
    page, project, author = writing
    page.context.clear_cookies()
    page.locator(NEED).fill(WORDS)
    wait_for(page, "Votre session a expiré")
    sign_in(page, live_server, author.email)
    page.reload()
    assert page.locator(NEED).input_value() == WORDS
    wait_for(page, "Enregistré à")
    project.refresh_from_db()
    assert project.need == WORDS


def test_a_text_saved_elsewhere_meanwhile_is_never_covered_by_a_kept_one(writing):
    page, project, _ = writing
    page.context.set_offline(True)
    page.locator(NEED).fill(WORDS)
    wait_for(page, "Connexion perdue")
    project.need, project.version = "Écrit ailleurs.", project.version + 1
    project.save()
    page.context.set_offline(False)
    wait_for(page, "modifié ailleurs")
    follow(page, page.get_by_role("button", name="Enregistrer et continuer"))
    page.locator("del", has_text="Écrit ailleurs").wait_for()  # word by word: the full stop is in both
    assert page.locator(NEED).input_value() == WORDS
    project.refresh_from_db()
    assert project.need == "Écrit ailleurs."


def test_the_button_pressed_while_a_save_is_on_its_way_does_not_meet_ones_own_words(writing):
    page, project, _ = writing
    on_its_way = []

    def hold(route):
        if "x-autosave" in route.request.headers:
            on_its_way.append((route, route.fetch()))  # the server has it, and the page does not know yet
        else:
            route.continue_()

    page.route("**/besoin/", hold)
    page.locator(NEED).fill(WORDS)
    for _ in range(PATIENCE // 50):
        if on_its_way:
            break
        page.wait_for_timeout(50)
    page.locator(NEED).press_sequentially(" Et le car passe deux fois.")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    [(route, answer)] = on_its_way
    with page.expect_navigation():
        route.fulfill(response=answer)
    assert page.url.endswith("/lieu/")
    project.refresh_from_db()
    assert project.need == f"{WORDS} Et le car passe deux fois."


def test_the_law_is_told_while_one_writes_without_leaving_the_page(writing):
    page, project, _ = writing
    make_competence(project.intercommunality, label="Mobilité")
    page.goto(reverse("projects:write", args=[project.pk, "lieu"]))
    law = page.locator("[data-coop-around=law]")
    assert "Mobilité" not in law.inner_text()
    page.get_by_label("Mobilité").check()
    law.filter(has_text="Les communes ont transféré").wait_for()
    wait_for(page, "Ce que dit le droit a changé")
    assert page.get_by_label("Mobilité").is_checked()


def test_letters_twice_as_large_put_the_columns_of_the_form_one_under_the_other(writing):
    """RGAA 10.4: whoever needs large letters reads words, not one letter to a line."""
    page, _, _ = writing
    wide = page.locator(NEED).bounding_box()["width"]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.locator(NEED).bounding_box()["width"] >= wide
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_interest_sent_once_the_session_has_expired_is_found_again_then_forgotten(writing, live_server):
    page, project, author = writing
    commune = make_commune(project.intercommunality)
    address = reverse("projects:actor_add", args=[project.pk])
    page.goto(address)
    page.locator("[name=who]").select_option(label=commune.name)
    page.locator("[name=interest]").fill(WORDS)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    follow(page, page.get_by_role("button", name="Enregistrer cet acteur"))
    assert page.get_by_role("button", name="Se connecter", exact=True).is_visible()
    sign_in(page, live_server, author.email)
    page.goto(address)
    assert page.locator("[name=interest]").input_value() == WORDS
    assert page.get_by_text("a été remis dans les champs").is_visible()
    page.locator("[name=places]").first.check()
    page.locator("[name=relay_to_be_found]").check()
    follow(page, page.get_by_role("button", name="Enregistrer cet acteur"))
    assert page.get_by_text("L’acteur est enregistré").is_visible()
    assert project.actors.latest("pk").interests.get().text == WORDS
    page.goto(address)
    assert page.locator("[name=interest]").input_value() == ""


def test_the_page_counts_a_pasted_text_that_is_too_long_and_cuts_nothing(writing):
    page, project, _ = writing
    endless = "Un mot de trop, et un saut de ligne.\n" * 300  # 11,099 signs and 300 lines once its end is trimmed
    page.locator(NEED).fill(endless)
    count = page.locator(f"{NEED} + .field__count")
    count.filter(has_text="Trop long : 11\u202f099 signes, pour 10\u202f000 au plus").wait_for()
    wait_for(page, "Enregistré, sauf un champ à corriger")
    page.reload()
    assert page.locator(NEED).input_value() == endless
    page.locator(NEED).fill("a\n" * 600)
    count.filter(has_text="Trop de lignes : 600, pour 500 au plus").wait_for()
    page.locator(NEED).fill("mot " * 2_300)
    count.filter(has_text="9\u202f199 signes sur 10\u202f000").wait_for()
    with page.expect_response(lambda response: WORDS in (response.request.post_data or "")):
        page.locator(NEED).fill(WORDS)
    assert count.text_content() == ""
    project.refresh_from_db()
    assert project.need == WORDS


def test_words_written_while_a_save_is_on_its_way_stay_on_the_device(writing):
    page, _, _ = writing
    saves = []

    def held(route):
        """The first save waits; those after it are lost."""
        saves.append(route)
        if len(saves) > 1:
            route.abort()

    page.route("**/besoin/", held)
    with page.expect_request("**/besoin/"):
        page.locator(NEED).fill("Le relais est loin.")
    page.locator(NEED).fill(WORDS)
    saves[0].continue_()
    wait_for(page, "Connexion perdue")
    page.unroute("**/besoin/")
    page.reload()
    assert page.locator(NEED).input_value() == WORDS
