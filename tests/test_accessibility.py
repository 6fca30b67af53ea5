"""Every page of the demo, in a real browser: no axe violation in either theme, and what axe does not see.

templates/cooperation/accessibility.html tells the public what is proved here and nothing more: they change together.
"""

from __future__ import annotations

import gzip
import html
import re
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models.fields import BLANK_CHOICE_DASH
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from partners.governance.models import Body
from partners.people.models import User
from projects.ballots import services as live
from projects.models import Action, AgendaItem, Contribution, OpinionRequest, Project, Session, Status
from territories.models import ImplementationAgreement, SolidarityGrant
from tests import contrast, verdicts
from tests.conftest import CHROMIUM, NO_BROWSER, PATIENCE
from tests.demo import load
from tests.factories import make_actor, make_document, make_meeting, make_milestone, make_notice, make_project
from tests.pages_world import world
from tests.test_pages import PAGES, PERSONAS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER),
]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WEIGHT = 80_000  # of a page without its images, compressed
FONTS = Path(settings.VAR_DIR) / "fonts"

CLERK = "dgs@ccvo.example"
VISITS = {
    "": ["/", "/accessibilite/", "/vos-donnees/", "/compte/login/", "/compte/password/reset/"],
    "agent@ccvo.example": [
        "/", "/projets/?manque=date", "/projets/proposer/", "/partenaires/", "/projets/{draft}/proposer/besoin/",
        "/projets/{draft}/proposer/lieu/", "/projets/{draft}/proposer/acteurs/", "/projets/{draft}/proposer/moyens/",
        "/projets/{draft}/proposer/acteurs/ajouter/",
        "/projets/{draft}/proposer/acteurs/{drafted}/retirer/", "/projets/{draft}/interets/{wanted}/retirer/",
        "/projets/{draft}/proposer/moyens/financement/",
        "/projets/{draft}/proposer/relecture/", "/projets/{draft}/",
        "/projets/{talked}/debat/", "/projets/{talked}/debat/{said}/repondre/", "/projets/{draft}/documents/",
    ],
    CLERK: [
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
        "/compte/2fa/webauthn/", "/compte/reauthenticate/", "/compte/password/change/",
    ],
}  # fmt: skip
# What answers something else than a page: a file, or the piece of a page that a script asks for again.
NO_PAGE = {
    "projects:calendar_feed", "projects:convocation_print", "projects:decisions_print", "projects:desk_count",
    "projects:document_download", "projects:export", "projects:minutes_print", "projects:project_file",
    "projects:session_note", "projects:session_pack", "projects:submission", "territories:consultation_print",
}  # fmt: skip
VISITED = {
    resolve(re.sub(r"{\w+}", "1", visit.partition("?")[0])).view_name for visits in VISITS.values() for visit in visits
}
# The pages that no visit of the demo shows, and who looks at each.
LEFT = {
    name: next(one for one in ("coordinator", *PERSONAS) if dict(zip(PERSONAS, opens, strict=True))[one] == 200)
    for name, (method, *opens) in PAGES.items()
    if method == "get" and 200 in opens and name not in VISITED | NO_PAGE
}
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
# The letters raised in « 1er » are a piece of a sentence: a flexible box would set it in three columns.
SET_APART = """() => [...document.querySelectorAll('sup')].map(letters => letters.parentElement)
    .filter(box => /flex|grid/.test(getComputedStyle(box).display)).map(box => box.outerHTML.slice(0, 120))"""
# A plain space before French punctuation, in the words of a page: a line may break there.
LOOSE = re.compile(r".{,20}(?:(?<!,) [:;?!](?=\s|$)| »|« |(?<=\d) [%€]).{,20}", re.M)
NO_WORDS, TAGS = re.compile(r"<(script|style|svg|textarea|code)\b.*?</\1>", re.S), re.compile(r"<[^>]*>")
AXE = Axe().axe_script
VIOLATIONS = """options => axe.run(document, options)
    .then(found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 120)]))"""


def signed_in(email):
    """What asks for pages without a browser, as the person; a browser given its cookies is the same person."""
    client = Client(HTTP_ACCEPT_ENCODING="gzip")
    if email:
        client.force_login(User.objects.get(email=email), BACKEND)
    return client


def a_live_session(epci):
    """An open session of the conseil, with a power, and a public ballot in which somebody voted."""
    clerk, now = User.objects.get(email=CLERK), timezone.now()
    council = Body.objects.get(intercommunality=epci, kind=Body.Kind.COUNCIL)
    seats = list(council.seats.all())
    session = Session.objects.create(intercommunality=epci, body=council, held_on="2032-03-01")
    project = make_project(epci, status=Status.UNDER_REVIEW, oriented=True)
    item = AgendaItem.objects.create(intercommunality=epci, session=session, project=project)
    live.open_sitting(session=session, present=seats[:30], by=clerk, at=now, ahead=True)
    live.give_proxy(session=session, giver=seats[40], holder=seats[8], by=clerk, at=now)
    ballot = live.open_ballot(item=item, kind="public", majority="simple", by=clerk, at=now)
    live.record_positions(ballot=ballot, positions={seats[0].pk: "for"}, by=clerk, at=now)
    return session


def addresses(email):
    project = Project.objects.submitted().first()
    epci = project.intercommunality
    draft = Project.objects.filter(status=Status.DRAFT).first()
    if draft is None:
        agent = User.objects.get(email="agent@ccvo.example")
        draft = Project.objects.create(intercommunality=epci, reference="2026-001", author=agent)
    drafted = make_actor(draft, "Les riverains")
    wanted = drafted.interests.create(intercommunality=epci, text="Dormir la nuit")
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
    make_notice(User.objects.get(email=CLERK), project)
    make_notice(User.objects.get(email=CLERK), project, "submitted", read_at=timezone.now())
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
        "drafted": drafted.pk,
        "wanted": wanted.pk,
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
    return {address: address.format(**named) for address in VISITS[email]}


@pytest.mark.parametrize("email", VISITS)
def test_pages_are_readable_by_everybody_on_any_screen_and_light(browser, live_server, email):
    """Each page of a person, on each screen where it is looked at; titles tell the pages apart."""
    load()
    client = signed_in(email)
    with opened_screens(browser, live_server, client, SCREENS if email == CLERK else FOR_ALL) as screens:
        faults = faults_of_pages(client, addresses(email), screens)
    assert faults == []


@pytest.mark.parametrize("persona", sorted(set(LEFT.values())))
def test_pages_that_the_demo_does_not_lead_to_are_readable_too(browser, live_server, persona):
    """The other pages of the table (`tests/test_pages.py`), which thus holds none that is not looked at."""
    people, made = world()
    client = signed_in(people[persona].email if persona in people else "")
    pages = {name: reverse(name, args=made.get(name, [])) for name, seen_by in LEFT.items() if seen_by == persona}
    with opened_screens(browser, live_server, client, FOR_ALL) as screens:
        faults = faults_of_pages(client, pages, screens)
    assert faults == []


def faults_of_pages(client, pages, screens):
    """What is wrong in each of these pages, by its address, and the titles that do not tell two of them apart."""
    faults, titles = [], Counter()
    for visit, address in pages.items():
        answer = client.get(address)
        page = gzip.decompress(answer.content).decode()
        if answer.status_code != 200:  # what is judged is the page, not a refusal
            faults.append((address, answer.status_code))
        titles[page.partition("<title>")[2].partition("</title>")[0]] += 1
        faults += [(address, *one) for one in faults_of_text(page, len(answer.content))]
        for screen, shown in screens.items():
            if screen.shows(visit):
                faults += [(address, *one) for one in judged(screen, shown, address, page)]
    return faults + [title for title, times in titles.items() if times > 1]


@contextmanager
def opened_screens(browser, live_server, client, screens):
    """A page on each of these kinds of screen, of the person whose client is given."""
    cookies = [{"name": one.key, "value": one.value, "url": live_server.url} for one in client.cookies.values()]
    contexts = {
        screen: browser.new_context(locale="fr-FR", base_url=live_server.url, **screen.options) for screen in screens
    }
    for context in contexts.values():
        context.set_default_timeout(PATIENCE)
        context.add_init_script(AXE)  # given once, and there in each page that runs scripts
        context.add_cookies(cookies)
    yield {screen: context.new_page() for screen, context in contexts.items()}
    for context in contexts.values():
        context.close()


def judged(screen, shown, address, page):
    """The faults of a page on a screen, unless it was found without any on the other database (`tests/verdicts.py`)."""
    if verdicts.is_known(screen.name, page):
        return []
    answer = shown.goto(address)
    faults = [(screen.name, *one) for one in screen.faults_of(shown)]
    if not faults and answer.status == 200:
        verdicts.keep(screen.name, page)
    return faults


def faults_of_text(page, size):
    """What needs no browser: how heavy the page is, and the lines that would break before French punctuation."""
    if (weight := size + weight_with(page)) > WEIGHT:
        yield "heavy", weight
    if loose := LOOSE.findall("\n".join(html.unescape(one) for one in TAGS.split(NO_WORDS.sub("", page)))):
        yield "loose", loose
    if any(f">{dashes}</option>" in page for dashes in (BLANK_CHOICE_DASH[0][1], "—")):
        yield ("a choice without words",)


def unreadable(page):
    """What keeps somebody from reading the open page: rules broken in either theme, and what axe does not see."""
    faults = []
    for theme, rules in BY_THEME.items():  # it changes colours and nothing else
        page.emulate_media(color_scheme=theme)
        faults += [(theme, *one) for one in (*violations(page, rules), *contrast.faults(page))]
    headings, lang, title = page.evaluate(ONE_OF_EACH)
    if headings != 1 or lang != "fr" or not title.strip():
        faults.append((headings, lang, title))
    faults += [("set apart", one) for one in page.evaluate(SET_APART)]
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


def weight_with(page):
    """What a first visit fetches beside the page: the styles and scripts that it names, and the letters."""
    named = set(re.findall(r'"/static/([^"]+\.(?:css|js))"', page))
    assert named
    return sum(map(compressed, named)) + sum(face.stat().st_size for face in FONTS.glob("*.woff2"))


@cache
def compressed(name):
    return len(gzip.compress(Path(finders.find(name)).read_bytes()))


def lines_too_long(page):
    """On a very wide screen, the page spreads and its lines can still be read."""
    screen, line = page.evaluate(WIDEST)
    return [("wide", screen, line)] if screen != 3840 or not 0 < line <= 100 else []


@dataclass(frozen=True)
class Screen:
    """On what pages are looked at, and what is looked for there: in all pages of everybody, unless it names some.

    Those that it names are looked at as the coordinator sees them.
    """

    name: str
    faults_of: Callable
    width: int
    height: int
    only: tuple[str, ...] = ()
    runs_scripts: bool = True

    @property
    def options(self):
        viewport = {"width": self.width, "height": self.height}
        # Without motion, colours change at once with the theme.
        return {"viewport": viewport, "java_script_enabled": self.runs_scripts, "reduced_motion": "reduce"}

    def shows(self, visit):
        return not self.only or visit in self.only


SCREENS = (
    Screen("readable", unreadable, 1280, 900),
    Screen("narrow", out_of_reach, 320, 700, runs_scripts=False),
    Screen("drawn", unreadable_or_wide, 360, 740, only=DRAWN),
    Screen(
        "wide", lines_too_long, 3840, 2160, only=("/", "/projets/", "/projets/{project}/", "/instruction/{submitted}/")
    ),
)
FOR_ALL = [screen for screen in SCREENS if not screen.only]
