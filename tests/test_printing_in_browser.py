"""A print in a real browser: a sheet that cannot be laid out is named, the rest is there, and mending it is enough."""

from __future__ import annotations

import io
import threading

import pikepdf
import pytest
from django.conf import settings
from django.test import Client
from pdfminer.high_level import extract_text

from cooperation.printing import PrintingError, assembly
from projects.models import PrintVersion, Status
from projects.prints import services
from projects.report import views
from tests.conftest import CHROMIUM, NO_BROWSER, PATIENCE
from tests.factories import make_coordinator, make_epci, make_project

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER),
]
TITLES = ("Halle couverte", "Texte sans fin", "Voie verte")
ENDLESS = "Un constat qui n’en finit pas. " * 60_000  # two million signs: half an hour of pages
WORK = 3.0  # seconds of processor for a part, instead of twenty: an honest one takes a few tenths


@pytest.fixture
def coordinator(browser_page, live_server, monkeypatch):
    """A coordinator before three projects, one of which no machine can lay out; what is asked goes to the worker."""
    monkeypatch.setattr(assembly, "PIECE_SECONDS", WORK)
    monkeypatch.setattr(services, "MANY", 0)
    epci = make_epci()
    projects = [make_project(epci, status=Status.ADOPTED, title=title, need="Un constat.") for title in TITLES]
    projects[1].need = ENDLESS
    projects[1].save()
    client = Client()
    client.force_login(make_coordinator(epci), "allauth.account.auth_backends.AuthenticationBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return browser_page, projects


def take(page):
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le document").click()
    return download.value.path().read_bytes()


def titles_of(content):
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        return [title for one in outline.root for title in [one.title, *(child.title for child in one.children)]]


def test_a_sheet_that_fails_is_named_and_replaced_and_the_print_begun_again_once_it_is_mended(coordinator):
    page, (_, endless, _) = coordinator
    page.goto("/projet-de-territoire/impression/")
    page.get_by_text("Garder ce document comme une version").click()
    page.get_by_label("Nom de la version").fill("Projet arrêté")
    page.get_by_role("button", name="Préparer le document").focus()
    page.keyboard.press("Enter")
    status = page.locator("[data-coop-print]")
    status.get_by_text("Ce document est incomplet").wait_for()
    said = status.inner_text()
    assert f"la fiche {endless.reference}. À cette place" in said
    assert "Il n’a pas été gardé comme « Projet arrêté »" in said.replace("\xa0", " ")
    assert not PrintVersion.objects.exists()
    content = take(page)
    words = " ".join(extract_text(io.BytesIO(content)).split())
    assert f"Il manque ici la fiche {endless.reference}." in words
    assert "durait trop longtemps" in words and "Le reste du document est complet." in words
    assert "qui n’en finit pas" not in words
    titles = titles_of(content)
    assert [any(title in one for one in titles) for title in TITLES] == [True, False, True]
    assert any("Page manquante" in one for one in titles)

    page.goto("/projet-de-territoire/impression/")
    assert "Terminé, incomplet" in page.get_by_role("table").inner_text()
    page.go_back()
    endless.need = "Un constat court."
    endless.save()
    page.get_by_role("button", name="Recommencer").click()
    status.get_by_text("Le document est prêt.").wait_for()
    whole = titles_of(take(page))
    assert [any(title in one for one in whole) for title in TITLES] == [True, True, True]
    assert PrintVersion.objects.get().label == "Projet arrêté"


BUTTON, STATE = "[data-coop-prepare] button", "[data-coop-prepare-state]"
PREPARING = "Le document se prépare…"


@pytest.fixture
def slow(coordinator, monkeypatch):
    """The same coordinator before the form, a short document, and what lets the server go on with it."""
    page, (_, endless, _) = coordinator
    monkeypatch.setattr(services, "MANY", 200)
    endless.need = "Un constat court."
    endless.save()
    asked, go_on, print_or_request = [], threading.Event(), views.print_or_request

    def wait(**told):
        asked.append(told)
        go_on.wait(PATIENCE / 1000)
        return print_or_request(**told)

    monkeypatch.setattr(views, "print_or_request", wait)
    page.goto("/projet-de-territoire/impression/")
    yield page, go_on, asked
    go_on.set()


def is_usable(page):
    return page.locator(BUTTON).get_attribute("aria-disabled") == "false"


def test_a_short_document_says_that_it_is_being_prepared_and_is_asked_for_once(slow):
    page, go_on, asked = slow
    page.locator(BUTTON).focus()
    page.keyboard.press("Enter")
    page.locator(STATE, has_text=PREPARING).wait_for()
    assert not is_usable(page)
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        go_on.set()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.locator(STATE, has_text="Le document est prêt.").wait_for()
    assert is_usable(page) and len(asked) == 1
    with page.expect_download():
        page.keyboard.press("Enter")
    assert len(asked) == 2


def test_the_button_is_usable_on_the_page_one_comes_back_to(slow):
    page, go_on, _ = slow
    page.locator(BUTTON).click()
    page.locator(STATE, has_text=PREPARING).wait_for()
    page.get_by_role("link", name="Les versions gardées").click()
    page.wait_for_url("**/versions/")
    go_on.set()
    page.go_back()
    page.locator(BUTTON).wait_for()
    assert is_usable(page) and page.locator(STATE).inner_text() == ""


def test_a_lost_connection_is_said_and_the_button_stays_usable(slow):
    page, _, asked = slow
    page.context.set_offline(True)
    page.locator(BUTTON).click()
    page.locator(STATE, has_text="Connexion perdue").wait_for()
    page.context.set_offline(False)
    assert is_usable(page) and not asked


def test_what_is_refused_is_shown_with_its_faults(slow):
    page, _, asked = slow
    for chapter in page.locator("[name=chapters]").all():
        chapter.uncheck()
    page.locator(BUTTON).click()
    page.get_by_role("alert").wait_for()
    assert not asked


def test_a_document_that_came_is_not_asked_for_again(slow):
    page, go_on, _ = slow
    sent = []
    page.on("request", lambda one: sent.append(one.url))
    go_on.set()
    with page.expect_download() as download:
        page.locator(BUTTON).click()
    assert download.value.suggested_filename.endswith(".pdf")
    page.locator(STATE, has_text="Le document est prêt.").wait_for()
    assert sum(one.endswith("/fichier/") for one in sent) == 1


@pytest.fixture
def sheet(coordinator, monkeypatch):
    """The page of a project, whose sheet is laid out when the server is let go on with it."""
    page, (project, *_) = coordinator
    monkeypatch.setattr(services, "MANY", 200)
    go_on, print_now = threading.Event(), services.print_now
    asked = []

    def wait(*told, **named):
        asked.append(told)
        go_on.wait(PATIENCE / 1000)
        return print_now(*told, **named)

    monkeypatch.setattr(services, "print_now", wait)
    page.goto(project.get_absolute_url())
    yield page, go_on, asked
    go_on.set()


def test_a_link_to_a_document_says_that_it_is_being_prepared_and_asks_for_it_once(sheet):
    page, go_on, asked = sheet
    link = page.get_by_role("link", name="Pour l’imprimer (PDF)")
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_text(PREPARING).wait_for()
    assert link.get_attribute("aria-disabled") == "true"
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        go_on.set()
    assert download.value.path().read_bytes().startswith(b"%PDF") and download.value.suggested_filename.endswith(".pdf")
    page.get_by_text("Le document est prêt.").wait_for()
    assert link.get_attribute("aria-disabled") == "false" and len(asked) == 1


def test_a_link_to_a_long_document_leads_to_the_page_that_offers_to_prepare_it(sheet, monkeypatch):
    page, go_on, asked = sheet
    monkeypatch.setattr(services, "write_if_short", lambda paper, by: None)
    go_on.set()
    page.get_by_role("link", name="Pour l’imprimer (PDF)").click()
    page.get_by_role("button", name="Préparer le document").wait_for()
    assert len(asked) == 1  # what proved to be long is not tried twice


def test_a_link_to_a_document_that_fails_leads_to_the_page_that_says_why(sheet, monkeypatch):
    page, go_on, _ = sheet

    failed = []

    def fail(*told, **named):
        failed.append(told)
        raise PrintingError("L’imprimante du serveur ne répond pas.")

    monkeypatch.setattr(services, "print_now", fail)
    go_on.set()
    page.get_by_role("link", name="Pour l’imprimer (PDF)").click()
    page.get_by_text("L’imprimante du serveur ne répond pas.").wait_for()
    assert len(failed) == 1 and not page.get_by_text(PREPARING).is_visible()
