"""Every page of the demo, in a real browser: no axe violation in either theme, and what axe does not see.

templates/cooperation/accessibility.html tells the public what is proved here and nothing more: they change together.
"""

from __future__ import annotations

import gzip
import html
import re
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from partners.governance.models import Body
from partners.people.models import User
from projects.ballots import services as live
from projects.models import Action, AgendaItem, Contribution, OpinionRequest, Project, Session, Status
from territories.models import ImplementationAgreement, SolidarityGrant
from tests import contrast, verdicts
from tests.conftest import CHROMIUM, NO_BROWSER
from tests.demo import load
from tests.factories import make_document, make_meeting, make_milestone, make_notice, make_project

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER),
]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WEIGHT = 80_000  # of a page without its images, compressed
FONTS = Path(settings.VAR_DIR) / "fonts"

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
        "/seances/nouvelle/", "/seances/{session}/", "/seances/{coming}/convocation/", "/seances/{coming}/modifier/",
        "/seances/{coming}/annuler/", "/seances/information-municipale/", "/seances/points/{item}/",
        "/seances/points/{item}/decision/", "/instances/",
        "/instances/{body}/", "/instances/{body}/regles/", "/instances/elus/", "/instances/elus/ajouter/",
        "/instances/circuit/", "/instances/circuit/{circuit}/", "/instances/circuit/{circuit}/apercu/",
        "/projets/{followed}/circuit/", "/projets/{lake}/entre-deux-seances/",
        "/projet-de-territoire/versions/",
        "/seances/points/{item}/decision/rectifier/", "/seances/points/{item}/decision/enregistrement/",
        "/seances/{session}/proces-verbal/", "/seances/decisions/", "/seances/decisions/donnees-ouvertes/",
        "/projet-de-territoire/", "/projet-de-territoire/modifier/", "/projet-de-territoire/impression/",
        "/partenaires/{partner}/", "/personnes/", "/personnes/ajouter/", "/territoire/?chiffre=projets&tri=-totale",
        "/territoire/communes/96012/",
        "/projets/{project}/objectifs/", "/projets/{project}/financement/communes/", "/projets/{project}/copier/",
        "/projets/{project}/regrouper/", "/projets/{project}/diviser/?titles=Le+lieu&reason=Deux+budgets",
        "/projets/{project}/marque/", "/nouvelles/", "/nouvelles/courriels/", "/projets/{project}/historique/",
        "/calendrier/", "/calendrier/etapes/", "/calendrier/lieux/", "/calendrier/agenda/",
        "/calendrier/reunions/nouvelle/",
        "/projets/{project}/calendrier/", "/calendrier/reunions/{meeting}/",
        "/calendrier/reunions/{meeting}/invites/",
        "/projets/ensemble/?p={project}&p={submitted}&acte=accept",
        "/projets/{project}/interets/", "/projets/{project}/financement/", "/projets/programmation/",
        "/projets/{lake}/carte-des-acteurs/", "/cooperation/", "/cooperation/evaluer/",
        "/projets/{project}/financement/annees/financeurs/",
        "/territoire/consultations/", "/territoire/consultations/nouvelle/", "/territoire/consultations/simulateur/",
        "/territoire/consultations/{consultation}/", "/territoire/consultations/{running}/",
        "/territoire/consultations/reponses/{answer}/",
        "/territoire/competences/", "/territoire/competences/nouvelle/", "/territoire/competences/{competence}/",
        "/territoire/competences/{competence}/modifier/", "/territoire/competences/{competence}/accord/",
        "/territoire/competences/{competence}/interet-communautaire/", "/territoire/competences/accords/{agreement}/",
        "/territoire/competences/accords/{agreement}/positions/", "/territoire/competences/?au=2017-01-01&q=sport",
        "/territoire/mutualisation/", "/territoire/mutualisation/services/{service}/",
        "/territoire/mutualisation/services/{service}/modifier/",
        "/territoire/mutualisation/services/{service}/2026/cle/", "/territoire/pacte/", "/territoire/pacte/modifier/",
        "/territoire/pacte/2026/montants/", "/territoire/pacte/2026/fonds-de-concours/",
        "/territoire/pacte/2026/dotation/", "/territoire/pacte/2026/dotation/modifier/",
        "/territoire/pacte/dotations/{grant}/simulation/?{simulation}",
        "/partenaires/", "/partenaires/ajouter/",
        "/partenaires/doublons/", "/partenaires/{partner}/modifier/", "/partenaires/{partner}/inviter/",
        "/partenaires/{partner}/relais/ajouter/", "/partenaires/relais/a-effacer/",
        "/projets/{talked}/", "/projets/{talked}/debat/", "/projets/{talked}/debat/{said}/masquer/",
        "/projets/{talked}/debat/{said}/versions/", "/projets/{talked}/documents/",
        "/projets/{talked}/documents/{paper}/version/",
        "/seances/{coming}/tenir/", "/seances/{live}/tenir/", "/seances/{live}/ecran/", "/seances/{coming}/urgence/",
        "/seances/points/{item}/reinscrire/",
        "/projets/{lake}/avis/", "/avis/", "/avis/{asked}/", "/avis/{asked}/retirer-la-demande/",
        "/avis/{given}/retirer/",
        "/projets/{lake}/sante/", "/projets/{followed}/suites/", "/projets/{followed}/suites/{action}/",
        "/projets/suites/?quoi=retard", "/projets/{measured}/effets/", "/projets/{measured}/effets/ajouter/",
        "/projets/{measured}/effets/{yardstick}/", "/projets/{measured}/effets/{yardstick}/ne-plus-suivre/",
        "/enquetes/", "/enquetes/nouvelle/", "/enquetes/{heard}/",
    ],
    "vp@ccvo.example": ["/seances/{live}/voter/", "/seances/{live}/"],
    "conseillere@champ-rosay.example": ["/", "/seances/", "/territoire/", "/territoire/communes/96022/"],
    "relais@lespetitslierres.example": [
        "/", "/projets/", "/territoire/competences/{competence}/", "/compte/2fa/",
        "/compte/2fa/webauthn/", "/compte/reauthenticate/",
    ],
}  # fmt: skip
# What is drawn, and scrolls in its own frame where the screen is narrow.
DRAWN = (
    "/calendrier/", "/calendrier/etapes/", "/calendrier/lieux/", "/projets/{lake}/calendrier/",
    "/projets/{lake}/carte-des-acteurs/", "/projets/{lake}/interets/", "/cooperation/",
)  # fmt: skip
# Contrast is judged apart (tests/contrast.py); of the other rules, the theme may break one only.
BY_THEME = {"light": {"rules": {"color-contrast": {"enabled": False}}}, "dark": {"runOnly": ["link-in-text-block"]}}
# How far the page goes, and how many letters its longest line of text could hold.
WIDEST = """() => [document.documentElement.scrollWidth, Math.max(0, ...[...document.querySelectorAll('main p')]
    .map(text => text.clientWidth / parseFloat(getComputedStyle(text).fontSize) * 2))]"""
ONE_OF_EACH = "() => [document.querySelectorAll('h1').length, document.documentElement.lang, document.title]"
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(field => !field.labels?.length && !field.ariaLabel).map(field => field.outerHTML)"""
# A plain space before French punctuation, in the words of a page: a line may break there.
LOOSE = re.compile(r".{,20}(?:(?<!,) [:;?!](?=\s|$)| »|« |(?<=\d) [%€]).{,20}", re.M)
NO_WORDS, TAGS = re.compile(r"<(script|style|svg|textarea|code)\b.*?</\1>", re.S), re.compile(r"<[^>]*>")
AXE = Axe().axe_script
VIOLATIONS = """options => axe.run(document, options)
    .then(found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 120)]))"""


def sign_in(context, live_server, email):
    """Sign the person in, in the browser; returns what asks for pages without it, as the same person."""
    client = Client()
    if email:
        client.force_login(User.objects.get(email=email), BACKEND)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return client


def is_judged(what, client, address):
    """Whether the page was found without fault on the other database, where it is the same (`tests/verdicts.py`)."""
    return verdicts.may_be_known() and verdicts.is_known(what, client.get(address, follow=True).text)


def a_live_session(epci):
    """An open session of the conseil, with a power, and a public ballot in which somebody voted."""
    clerk, now = User.objects.get(email="dgs@ccvo.example"), timezone.now()
    council = Body.objects.get(intercommunality=epci, kind=Body.Kind.COUNCIL)
    seats = list(council.seats.all())
    session = Session.objects.create(intercommunality=epci, body=council, held_on="2032-03-01")
    project = make_project(epci, status=Status.UNDER_REVIEW, oriented=True)
    item = AgendaItem.objects.create(intercommunality=epci, session=session, project=project)
    live.open_sitting(session=session, present=seats[:30], by=clerk, at=now)
    live.give_proxy(session=session, giver=seats[40], holder=seats[8], by=clerk, at=now)
    ballot = live.open_ballot(item=item, kind="public", majority="simple", by=clerk, at=now)
    live.record_positions(ballot=ballot, positions={seats[0].pk: "for"}, by=clerk, at=now)
    return session


def addresses(email, visits=()):
    project = Project.objects.submitted().first()
    epci = project.intercommunality
    draft = Project.objects.filter(status=Status.DRAFT).first()
    if draft is None:
        agent = User.objects.get(email="agent@ccvo.example")
        draft = Project.objects.create(intercommunality=epci, reference="2026-001", author=agent)
    said = Contribution.objects.filter(file_position__isnull=False).first()
    paper = said.project.documents.first() or make_document(said.project)
    item = AgendaItem.objects.filter(decision__isnull=False).first()
    grant = SolidarityGrant.objects.first()
    weights = "&".join(f"weight_{part.pk}={part.weight}" for part in grant.criteria.all())
    competence = epci.competences.get(label__startswith="Politique locale du commerce")
    agreement, _ = ImplementationAgreement.objects.get_or_create(
        intercommunality=epci, competence=competence, title="Aide au dernier commerce", text="Qui fait quoi"
    )
    running = epci.consultations.get(procedure_code="pooling-scheme")
    sitting = a_live_session(epci)
    make_milestone(project, actual_start=timezone.localdate())
    make_notice(User.objects.get(email="dgs@ccvo.example"), project)
    make_notice(User.objects.get(email="dgs@ccvo.example"), project, "submitted", read_at=timezone.now())
    meeting = [make_meeting(project), make_meeting(project)][0]
    action = Action.objects.filter(done_on=None).first()
    yardstick = epci.projects.get(reference="P01").indicator_set.first()
    named = {
        "live": sitting.pk,
        "coming": sitting.body.sessions.filter(state="convened").first().pk,
        "circuit": epci.circuits.first().pk,
        "body": epci.bodies.get(kind=Body.Kind.BUREAU).pk,
        "lake": epci.projects.get(reference="P23").pk,
        "asked": OpinionRequest.objects.get(project__reference="P21", commune__isnull=False).pk,
        "given": OpinionRequest.objects.get(project__reference="P21", body__isnull=False).pk,
        "followed": action.project_id,
        "action": action.pk,
        "meeting": meeting.pk,
        "competence": competence.pk,
        "agreement": agreement.pk,
        "consultation": epci.consultations.get(procedure_code="transfer").pk,
        "running": running.pk,
        "answer": running.answers.first().pk,
        "service": epci.shared_services.first().pk,
        "grant": grant.pk,
        "simulation": f"total=250000&{weights}",
        "project": project.pk,
        "partner": epci.partners.first().pk,
        "draft": draft.pk,
        "submitted": Project.objects.filter(status=Status.SUBMITTED).first().pk,
        "session": item.session_id,
        "item": item.pk,
        "said": said.pk,
        "talked": said.project_id,
        "paper": paper.pk,
        "measured": yardstick.project_id,
        "yardstick": yardstick.pk,
        "heard": epci.projects.get(reference="P09").surveys.get().pk,
    }
    return [address.format(**named) for address in visits or VISITS[email]]


@pytest.mark.parametrize("email", VISITS)
def test_pages_are_readable_by_everybody(browser, live_server, email):
    # Without motion, colours change at once with the theme.
    screen = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 900}}
    assert walk(browser, live_server, email, "readable", unreadable, **screen) == []


@pytest.mark.parametrize("email", VISITS)
def test_pages_fit_a_narrow_screen_without_script_and_start_with_the_skip_link(browser, live_server, email):
    screen = {"java_script_enabled": False, "viewport": {"width": 320, "height": 700}}
    assert walk(browser, live_server, email, "narrow", out_of_reach, **screen) == []


def test_drawings_are_readable_on_a_telephone_too(browser, live_server):
    screen = {"reduced_motion": "reduce", "viewport": {"width": 360, "height": 740}}
    found = walk(browser, live_server, "dgs@ccvo.example", "drawn", unreadable_or_wide, visits=DRAWN, **screen)
    assert found == []


def walk(browser, live_server, email, what, faults_of, visits=(), **screen):
    """Open all the pages of a person, but those judged on the other database; returns the faults of each."""
    load()
    faults = []
    context = browser.new_context(locale="fr-FR", **screen)
    context.add_init_script(AXE)  # given once, and there in each page that runs scripts
    client = sign_in(context, live_server, email)
    page = context.new_page()
    for address in addresses(email, visits):
        if is_judged(what, client, address):
            continue
        answer = page.goto(live_server.url + address)
        found = [(address, *one) for one in faults_of(page)]
        if answer.status != 200:  # what is judged is the page, not a refusal
            found.append((address, answer.status))
        faults += found
        if not found:
            verdicts.keep(what, answer.text())
    context.close()
    return faults


def unreadable(page):
    """What keeps somebody from reading the open page: rules broken in either theme, and what axe does not see."""
    faults = []
    for theme, rules in BY_THEME.items():  # it changes colours and nothing else
        page.emulate_media(color_scheme=theme)
        faults += [(theme, *one) for one in (*violations(page, rules), *contrast.faults(page))]
    headings, lang, title = page.evaluate(ONE_OF_EACH)
    if headings != 1 or lang != "fr" or not title.strip():
        faults.append((headings, lang, title))
    return faults + [("label", one) for one in page.evaluate(UNLABELLED)]


def unreadable_or_wide(page):
    width, room = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    return unreadable(page) + ([("scrolls sideways", width)] if width > room else [])


def violations(page, rules):
    """What axe finds in the page as it is shown: the name of each rule broken, and the first piece that breaks it."""
    return page.evaluate(VIOLATIONS, rules | {"resultTypes": ["violations"]})


def out_of_reach(page):
    """What somebody without scripts, on a narrow screen or without a mouse does not reach in the page that is open."""
    faults = []
    if not page.locator("main").inner_text().strip():
        faults.append(("empty without JavaScript",))
    if (width := page.evaluate("() => document.documentElement.scrollWidth")) > 320:
        faults.append(("scrolls sideways", width))
    page.keyboard.press("Tab")
    if page.evaluate("() => document.activeElement.getAttribute('href')") != "#contenu":
        faults.append(("the skip link does not come first",))
    return faults


@pytest.mark.parametrize("email", VISITS)
def test_titles_tell_pages_apart_and_pages_are_light(client, live_server, email):
    load()
    if email:
        client.force_login(User.objects.get(email=email), BACKEND)
    titles, heavy, loose = {}, [], {}
    for address in addresses(email):
        answer = client.get(address, HTTP_ACCEPT_ENCODING="gzip")
        page = gzip.decompress(answer.content).decode()
        if (weight := len(answer.content) + weight_with(page)) > WEIGHT:
            heavy.append((address, weight))
        spaces = LOOSE.findall("\n".join(html.unescape(one) for one in TAGS.split(NO_WORDS.sub("", page))))
        if spaces:
            loose[address] = spaces
        titles.setdefault(page.partition("<title>")[2].partition("</title>")[0], []).append(address)
    assert heavy == []
    assert loose == {}
    assert [shared for shared in titles.values() if len(shared) > 1] == []


def weight_with(page):
    """What a first visit fetches beside the page: the styles and scripts that it names, and the letters."""
    named = set(re.findall(r'"/static/([^"]+\.(?:css|js))"', page))
    assert named
    return sum(map(compressed, named)) + sum(face.stat().st_size for face in FONTS.glob("*.woff2"))


@cache
def compressed(name):
    return len(gzip.compress(Path(finders.find(name)).read_bytes()))


def test_a_very_wide_screen_keeps_lines_that_can_be_read(browser, live_server):
    load()
    context = browser.new_context(locale="fr-FR", viewport={"width": 3840, "height": 2160})
    sign_in(context, live_server, "dgs@ccvo.example")
    page = context.new_page()
    pages = addresses("dgs@ccvo.example")[:4]
    widths = [page.goto(live_server.url + address) and page.evaluate(WIDEST) for address in pages]
    context.close()
    assert {screen for screen, _ in widths} == {3840}
    assert 0 < max(line for _, line in widths) <= 100
