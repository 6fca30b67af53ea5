"""On a phone and on a tablet: what is told is within the screen, and what is drawn is seen beside its words."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from partners.governance.models import Body, Seat
from partners.people.models import Role
from projects.deliberation.models import AgendaItem, Session
from projects.models import Status
from tests.browsing import sign_in
from tests.conftest import CHROMIUM, NO_BROWSER
from tests.factories import (
    make_assessment,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_milestone,
    make_project,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER),
]
WIDTHS = (360, 820)
# What a reader has to push aside to see the whole of it.
BEYOND = """() => [...document.querySelectorAll("main *")].filter(one =>
    one.scrollWidth > one.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(one).overflowX)
).map(one => one.className)"""

# Where the words of an element stand.
WORDS = """one => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect().toJSON();
}"""


@pytest.fixture
def world(browser_page, live_server):
    epci = make_epci()
    coordinator = make_coordinator(epci)
    sign_in(browser_page, live_server, coordinator.email)
    return browser_page, epci


def at(page, width, address):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)


@pytest.mark.parametrize("width", [320, 360])
def test_the_head_of_a_page_leaves_the_screen_of_a_phone_to_the_page(world, width):
    page, epci = world
    at(page, width, reverse("projects:list"))
    menu, name = page.get_by_role("button", name="Menu"), page.get_by_text(epci.name).first
    button, words = menu.bounding_box(), name.evaluate(WORDS)
    assert words["right"] <= button["x"]
    assert button["y"] <= (words["top"] + words["bottom"]) / 2 <= button["y"] + button["height"]
    assert page.get_by_role("banner").bounding_box()["height"] < 180
    menu.click(timeout=9000)
    opened = page.get_by_role("link", name="Accueil", exact=True).bounding_box()
    assert opened["y"] >= button["y"] + button["height"]


def test_the_way_back_up_is_read_as_a_line_of_text_on_a_phone(world):
    page, epci = world
    project = make_project(epci, title="Autopartage des véhicules de service", status=Status.IN_PROGRESS)
    at(page, 360, reverse("projects:chronicle", args=[project.pk]))
    trail = page.get_by_role("navigation", name="Fil d’Ariane")
    assert trail.bounding_box(timeout=9000)["height"] < 70  # two lines of text, not two rows of buttons


@pytest.mark.parametrize("width", WIDTHS)
def test_sessions_and_their_agenda_are_read_without_being_pushed_aside(world, width):
    page, epci = world
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil communautaire", power="deciding")
    place = "Siège de la communauté, 4 place de la Filature, Orvelle-le-Château"
    session = Session.objects.create(intercommunality=epci, body=body, held_on=date(2032, 12, 10), place=place)
    project = make_project(epci, title="Réseau des bibliothèques et navette de livres", status=Status.ON_AGENDA)
    AgendaItem.objects.create(intercommunality=epci, session=session, project=project, position=1, minutes_planned=20)
    at(page, width, reverse("projects:sessions"))
    assert not page.evaluate(BEYOND)
    assert "Lieu\u00a0: Siège de la communauté" in page.get_by_role("table").first.inner_text()
    at(page, width, reverse("projects:session", args=[session.pk]))
    assert not page.evaluate(BEYOND)
    assert "Point 1" in page.locator("#points").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_who_sits_in_a_body_is_read_without_being_pushed_aside(world, width):
    page, epci = world
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil communautaire", power="deciding")
    commune = make_commune(epci, "Saint-Maurin-sur-Orvelle")
    Seat.objects.create(body=body, commune=commune, function="10e vice-présidence, culture, tourisme, services publics")
    at(page, width, reverse("partners:body", args=[body.pk]))
    assert not page.evaluate(BEYOND)
    assert "Fonction\u00a0: 10e vice-présidence" in page.get_by_role("table").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_who_holds_a_role_is_read_without_being_pushed_aside(world, live_server, width):
    page, epci = world
    sign_in(page, live_server, make_member(epci, Role.ADMINISTRATOR, "Nadia Perrin").email)
    at(page, width, reverse("partners:people"))
    assert not page.evaluate(BEYOND)
    assert page.get_by_role("table").get_by_role("link", name="Terminer").first.is_visible()
    assert "Rôle\u00a0: Coordination" in page.get_by_role("table").inner_text()


def test_the_fields_of_a_row_of_filters_are_as_high_and_wide_enough_for_what_is_chosen(world):
    page, _ = world
    at(page, 1440, reverse("projects:calendar"))
    shown = page.locator(".filters :is(input, select, button):visible")
    assert len({round(one.bounding_box()["height"]) for one in shown.all()}) == 1
    at(page, 360, reverse("projects:calendar"))
    assert all(one.bounding_box()["width"] > 240 for one in page.locator(".filters :is(input, select):visible").all())


@pytest.mark.parametrize("width", WIDTHS)
def test_stages_are_drawn_where_their_words_are_read(world, width):
    page, epci = world
    make_milestone(make_project(epci, status=Status.IN_PROGRESS), label="Essai dans trois communes de la vallée")
    at(page, width, reverse("projects:calendar_stages"))
    assert not page.evaluate(BEYOND)
    drawn = page.locator(".stages__bar .gantt__planned").first.bounding_box()
    assert drawn["x"] > 0 and drawn["x"] + drawn["width"] < width
    words, bar = page.locator(".stages__name").first.bounding_box(), page.locator(".stages__bar").nth(1).bounding_box()
    assert bar["y"] <= words["y"] if width == 820 else bar["y"] >= words["y"] + words["height"]
    # The years go on being read above the bars of what follows.
    page.set_viewport_size({"width": width, "height": 300})
    page.locator(".stages tbody tr").last.scroll_into_view_if_needed()
    assert 0 <= page.locator(".gantt__year").first.bounding_box()["y"] < 60


def test_what_groups_say_of_themselves_is_drawn_in_letters_that_are_read(world):
    page, epci = world
    make_assessment(epci)
    at(page, 360, reverse("projects:diagnosis"))
    size = "one => one.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize)"
    assert page.locator(".matrix__name").last.evaluate(size) >= 13
