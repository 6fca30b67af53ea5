"""A consultation of the communes in a browser: simulated, prepared, notified, followed, closed, printed."""

from __future__ import annotations

import pytest

from territories.models import Consultation
from tests.browsing import follow, sign_in
from tests.demo import load

pytestmark = pytest.mark.django_db(transaction=True)


def check(page, name, choice):
    page.get_by_role("row", name=name).get_by_label(choice, exact=True).check()


def simulate(page):
    """The outcome changes under the eyes of whoever ticks a commune, and the address follows."""
    page.goto("/territoire/consultations/")
    follow(page, page.get_by_role("link", name="Simuler un vote des communes"))
    result = page.get_by_role("region", name="Résultat simulé")
    assert "Accepté" in result.inner_text()
    check(page, "Orvelle-le-Château", "Défavorable")
    result.get_by_text("faute de l’accord de la commune la plus peuplée").wait_for()
    page.wait_for_url("**c96001=d**")
    page.reload()
    assert "Rejeté" in result.inner_text()


def prepare(page):
    page.get_by_role("link", name="Préparer cette consultation").click()
    page.get_by_label("Objet").fill("Mobilité solidaire")
    page.get_by_role("button", name="Préparer la consultation").click()
    page.get_by_label("Reçue le").fill("2026-09-01")
    page.get_by_role("button", name="Enregistrer la notification").click()
    # The council has not voted: the refusal says what to do, and nothing is lost.
    page.get_by_text("Écrivez d’abord la délibération du conseil communautaire").first.wait_for()


def record(page, commune, position, day):
    page.get_by_role("link", name=f"Saisir la réponse : {commune}", exact=True).click()
    page.get_by_label(position, exact=True).check()
    page.get_by_label("Date de la délibération").fill(day)
    page.get_by_role("button", name="Enregistrer la réponse").click()
    page.get_by_text(f"La réponse de la commune «\xa0{commune}\xa0» est enregistrée").wait_for()


def test_a_consultation_is_simulated_launched_followed_and_closed(browser_page, live_server):
    load()
    page = browser_page
    sign_in(page, live_server, "dgs@ccvo.example")
    simulate(page)
    prepare(page)
    consultation = Consultation.objects.get(title="Mobilité solidaire")
    Consultation.objects.filter(pk=consultation.pk).update(council_on="2026-06-25")
    page.get_by_label("Reçue le").fill("2026-07-01")
    page.get_by_role("button", name="Enregistrer la notification").click()
    page.get_by_text("le délai de chaque commune court").wait_for()
    record(page, "Orvelle-le-Château", "Défavorable", "2026-08-15")
    follow(page, page.get_by_role("button", name="Clore et figer le résultat"))
    assert page.get_by_text("La consultation est close").is_visible()
    assert "Rejetée" in page.locator("main").inner_text()
    assert "Orvelle-le-Château compte plus du quart de la population" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Abandonner").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Imprimer (PDF)").click()
    assert download.value.suggested_filename.endswith(".pdf")
    sign_in(page, live_server, "vp@ccvo.example")
    page.goto(consultation.get_absolute_url())
    assert "Rejetée" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Enregistrer la notification").count() == 0
