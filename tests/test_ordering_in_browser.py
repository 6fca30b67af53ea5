"""Putting things in order in a real browser: what is dragged is kept, and the whole page follows."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from partners.governance.models import Body
from projects.deliberation.models import AgendaItem, Session
from projects.models import Status
from tests.browsing import sign_in
from tests.conftest import CHROMIUM, NO_BROWSER
from tests.factories import make_coordinator, make_epci, make_project

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER),
]
TITLES = ("Crèche", "Navette", "Verger")


@pytest.fixture
def agenda(browser_page, live_server):
    """A coordinator before an agenda of three projects."""
    epci = make_epci()
    coordinator = make_coordinator(epci)
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    session = Session.objects.create(intercommunality=epci, body=body, held_on=date(2026, 12, 10))
    for position, title in enumerate(TITLES, start=1):
        project = make_project(epci, title=title, status=Status.ON_AGENDA)
        AgendaItem.objects.create(intercommunality=epci, session=session, project=project, position=position)
    sign_in(browser_page, live_server, coordinator.email)
    browser_page.goto(reverse("projects:session", args=[session.pk]))
    return browser_page, session


def kept(session):
    return [item.project.title for item in session.items.select_related("project")]


def drag(page, moved, target):
    """Take the handle of one line and let it go in the lower half of another, as a hand does."""
    page.locator(".reorder").scroll_into_view_if_needed()
    page.locator(".reorder__item").last.scroll_into_view_if_needed()
    start = page.locator(".reorder__item", has_text=moved).locator("[data-coop-handle]").bounding_box()
    end = page.locator(".reorder__item", has_text=target).bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] - 4, steps=12)
    page.mouse.up()


def test_a_line_dragged_to_the_end_stays_there_and_the_table_follows(agenda):
    page, session = agenda
    with page.expect_response(lambda answer: "/ordre/" in answer.url) as answer:
        drag(page, "Crèche", "Verger")
    assert answer.value.status == 204
    assert kept(session) == ["Navette", "Verger", "Crèche"]
    page.locator("#points tr:last-child", has_text="Crèche").wait_for()
    assert page.locator("#points [data-coop-rank]").all_inner_texts() == ["1", "2", "3"]
    first, *_, last = page.locator(".reorder__item").all()
    assert first.locator("button[value=up]").is_disabled()
    assert first.locator("button[value=down]").is_enabled()
    assert last.locator("button[value=down]").is_disabled()
    page.reload()
    assert [title.split()[-1] for title in page.locator(".reorder__label").all_inner_texts()] == kept(session)


def test_a_list_that_changed_meanwhile_comes_back_as_it_is(agenda):
    page, session = agenda
    session.items.last().delete()  # another person took a project off
    with page.expect_navigation():
        drag(page, "Crèche", "Navette")
    assert kept(session) == ["Crèche", "Navette"]
    assert page.locator(".reorder__item").count() == 2


def test_the_keyboard_does_the_same_with_the_buttons(agenda):
    page, session = agenda
    page.get_by_role("button", name="Descendre « ").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert kept(session) == ["Navette", "Crèche", "Verger"]
