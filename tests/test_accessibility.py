"""Every page of the demo, in a real browser: no axe violation in either theme, and what axe does not see."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from partners.people.models import User
from projects.demo.load import load
from projects.models import AgendaItem, Contribution, Project, Status
from tests.conftest import CHROMIUM, NO_BROWSER
from tests.factories import make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER),
]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WEIGHT = 80_000

VISITS = {
    "": ["/", "/accessibilite/", "/vos-donnees/", "/compte/login/"],
    "agent@ccvo.example": [
        "/", "/projets/?manque=date", "/projets/proposer/", "/partenaires/", "/projets/{draft}/proposer/besoin/",
        "/projets/{draft}/proposer/lieu/", "/projets/{draft}/proposer/acteurs/", "/projets/{draft}/proposer/moyens/",
        "/projets/{draft}/proposer/acteurs/ajouter/", "/projets/{draft}/proposer/moyens/financement/",
        "/projets/{draft}/proposer/relecture/", "/projets/{draft}/",
        "/projets/{talked}/debat/", "/projets/{talked}/debat/{said}/repondre/", "/projets/{draft}/documents/",
    ],
    "dgs@ccvo.example": [
        "/", "/projets/", "/projets/{project}/", "/instruction/", "/instruction/{submitted}/", "/seances/",
        "/seances/nouvelle/", "/seances/{session}/", "/seances/points/{item}/decision/", "/instances/",
        "/projet-de-territoire/", "/projet-de-territoire/modifier/", "/projet-de-territoire/impression/",
        "/partenaires/{partner}/", "/personnes/", "/personnes/ajouter/",
        "/projets/{talked}/", "/projets/{talked}/debat/", "/projets/{talked}/debat/{said}/masquer/",
        "/projets/{talked}/debat/{said}/versions/", "/projets/{talked}/documents/",
        "/projets/{talked}/documents/{paper}/version/",
    ],
    "conseillere@champ-rosay.example": ["/", "/seances/"],
    "relais@lespetitslierres.example": ["/", "/projets/"],
}  # fmt: skip
ONE_OF_EACH = "() => [document.querySelectorAll('h1').length, document.documentElement.lang, document.title]"
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(field => !field.labels?.length && !field.ariaLabel).map(field => field.outerHTML)"""


def sign_in(context, live_server, email):
    if email:
        client = Client()
        client.force_login(User.objects.get(email=email), BACKEND)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


def addresses(email):
    project = Project.objects.submitted().first()
    epci = project.intercommunality
    draft = Project.objects.filter(status=Status.DRAFT).first()
    if draft is None:
        agent = User.objects.get(email="agent@ccvo.example")
        draft = Project.objects.create(intercommunality=epci, reference="2026-001", author=agent)
    said = Contribution.objects.filter(file_position__isnull=False).first()
    paper = said.project.documents.first() or make_document(said.project)
    item = AgendaItem.objects.filter(decision__isnull=False).first()
    named = {
        "project": project.pk,
        "partner": epci.partners.first().pk,
        "draft": draft.pk,
        "submitted": Project.objects.filter(status=Status.SUBMITTED).first().pk,
        "session": item.session_id,
        "item": item.pk,
        "said": said.pk,
        "talked": said.project_id,
        "paper": paper.pk,
    }
    return [address.format(**named) for address in VISITS[email]]


@pytest.mark.parametrize("email", VISITS)
def test_pages_are_readable_by_everybody(browser, live_server, email):
    load()
    faults = []
    for theme in ("light", "dark"):
        context = browser.new_context(locale="fr-FR", color_scheme=theme, viewport={"width": 1280, "height": 900})
        sign_in(context, live_server, email)
        page = context.new_page()
        for address in addresses(email):
            page.goto(live_server.url + address)
            found = Axe().run(page).response["violations"]
            faults += [(theme, address, one["id"], one["nodes"][0]["html"][:120]) for one in found]
            headings, lang, title = page.evaluate(ONE_OF_EACH)
            if headings != 1 or lang != "fr" or not title.strip():
                faults.append((theme, address, headings, lang, title))
            faults += [(theme, address, "label", one) for one in page.evaluate(UNLABELLED)]
        context.close()
    assert faults == []


@pytest.mark.parametrize("email", VISITS)
def test_pages_fit_a_narrow_screen_without_script_and_start_with_the_skip_link(browser, live_server, email):
    load()
    faults = []
    context = browser.new_context(locale="fr-FR", java_script_enabled=False, viewport={"width": 320, "height": 700})
    sign_in(context, live_server, email)
    page = context.new_page()
    for address in addresses(email):
        page.goto(live_server.url + address)
        if not page.locator("main").inner_text().strip():
            faults.append((address, "empty without JavaScript"))
        if (width := page.evaluate("() => document.documentElement.scrollWidth")) > 320:
            faults.append((address, "scrolls sideways", width))
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.getAttribute('href')") != "#contenu":
            faults.append((address, "the skip link does not come first"))
    context.close()
    assert faults == []


def test_titles_tell_pages_apart_and_pages_are_light(client, live_server):
    load()
    client.force_login(User.objects.get(email="dgs@ccvo.example"), BACKEND)
    titles, heavy = {}, []
    for address in addresses("dgs@ccvo.example"):
        answer = client.get(address, HTTP_ACCEPT_ENCODING="gzip")
        if len(answer.content) > WEIGHT:
            heavy.append((address, len(answer.content)))
        plain = client.get(address).content.decode()
        titles.setdefault(plain.partition("<title>")[2].partition("</title>")[0], []).append(address)
    assert heavy == []
    assert [shared for shared in titles.values() if len(shared) > 1] == []
