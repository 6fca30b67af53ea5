"""An élu receives a convocation, opens the file of an item from the mail and says what she thinks, without a mouse."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from partners.models import Body, ElectedMember, Seat
from partners.people.models import Role
from projects.convocation import posting
from projects.convocation.services import convene
from projects.deliberation import services as sessions
from projects.models import MemberOpinion, Session, Status
from tests.browsing import press, sign_in
from tests.factories import make_commune, make_coordinator, make_epci, make_member, make_project

pytestmark = pytest.mark.django_db(transaction=True)


def a_member_convened():
    """A council whose member holds an account, convened on one project."""
    epci, now = make_epci(), timezone.now()
    clerk, commune = make_coordinator(epci), make_commune(epci)
    user = make_member(epci, Role.ELECTED, "Odile Vasseur", commune=commune)
    member = ElectedMember.objects.create(intercommunality=epci, commune=commune, full_name="Odile Vasseur", user=user)
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    Seat.objects.create(body=body, member=member, function="2e vice-présidente")
    session = Session.objects.create(
        intercommunality=epci, body=body, held_on=timezone.localdate() + timedelta(days=10), place="Mairie"
    )
    project = make_project(epci, title="Bus des jeunes", status=Status.UNDER_REVIEW, oriented=True)
    sessions.add_item(session=session, project=project, by=clerk)
    convene(session=session, by=clerk, now=now)
    posting.post(now)
    return user


def give(page, position, words):
    """Choose with the arrows and the space bar, write, and press the button, by the keyboard alone."""
    page.get_by_label(position, exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("En quelques mots").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)
    press(page, "button", "Enregistrer mon avis")


def test_a_member_opens_the_file_from_her_mail_and_gives_an_opinion_by_keyboard(browser_page, live_server):
    user, page = a_member_convened(), browser_page
    page.set_viewport_size({"width": 820, "height": 1180})
    [letter] = mail.outbox
    link = re.search(r"Le dossier\xa0: \S+?(/seances/points/\d+/)", letter.body)[1]
    sign_in(page, live_server, user.email)
    page.goto(link)
    assert page.get_by_role("heading", level=1).inner_text() == "Bus des jeunes"
    assert page.evaluate("document.documentElement.scrollWidth <= 820")  # nothing to scroll sideways on a tablet
    give(page, "Défavorable", "")
    assert "Écrivez vos réserves" in page.inner_text("main")  # what was chosen is still there
    assert page.get_by_label("Défavorable", exact=True).is_checked()
    give(page, "Favorable avec réserves", "Oui, si les lycéens y sont.")
    assert "Oui, si les lycéens y sont." in page.inner_text(".said")
    give(page, "Favorable", "Le trajet est confirmé.")
    page.get_by_text("Ce qui a été dit avant").focus()
    page.keyboard.press("Enter")
    assert "Oui, si les lycéens y sont." in page.inner_text(".said")
    standing = MemberOpinion.objects.standing().get()
    assert (standing.position, standing.number, standing.capacity) == ("favourable", 2, "2e vice-présidente")
    page.goto("/nouvelles/")
    assert "Vous êtes convoqué·e" in page.inner_text("main")
    press(page, "button", "Lire la convocation")
    assert "Convoquée" in page.inner_text("main")
