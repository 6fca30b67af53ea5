"""A session of twelve items in a browser: a clerk, a chair and three members at once, and the screen of the room."""

from __future__ import annotations

import pytest

from partners.models import Body, User
from partners.people.models import Role
from partners.people.services import open_membership
from projects.ballots.models import Attendance, BallotPosition
from projects.deliberation import services as sessions
from projects.models import Decision, Session, Status
from tests.browsing import sign_in
from tests.conftest import PATIENCE
from tests.demo import load_without_circuit
from tests.factories import make_project

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = 12
CLERK, CHAIR = "assemblees@ccvo.example", "presidente@ccvo.example"
MEMBERS = ("vp@ccvo.example", "maire@laferrandiere.example", "sylvie@ccvo.example")


def an_account(body, name, email):
    """An account for a member of the demo who has none."""
    seat = body.seats.get(member__full_name=name)
    seat.member.user = User.objects.create_user(email, full_name=name)
    seat.member.save()
    open_membership(
        user=seat.member.user, intercommunality=body.intercommunality, role=Role.ELECTED, starts_on="2026-04-09"
    )


def an_agenda(body):
    session = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on="2032-03-01")
    clerk = User.objects.get(email=CLERK)
    for number in range(1, ITEMS + 1):
        project = make_project(
            body.intercommunality, title=f"Point numéro {number}", status=Status.UNDER_REVIEW, oriented=True
        )
        sessions.add_item(session=session, project=project, by=clerk)
    return session


class Room:
    """Five people, each with their own browser, and what they do."""

    def __init__(self, browser, live_server, session):
        self.session, self.server, self.contexts = session, live_server, []
        self.clerk, self.chair, *self.members = (self.enter(browser, one) for one in (CLERK, CHAIR, *MEMBERS))

    def enter(self, browser, email):
        context = browser.new_context(locale="fr-FR", base_url=self.server.url, viewport={"width": 1280, "height": 900})
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        sign_in(page, self.server, email)
        return page

    def leave(self):
        for context in self.contexts:
            context.close()

    def desk(self, page):
        page.goto(f"/seances/{self.session.pk}/tenir/")

    def press(self, name):
        self.clerk.get_by_role("button", name=name, exact=True).click()

    def call(self, number):
        if number > 1:
            self.press(f"Appeler : Point numéro {number}")
        self.clerk.get_by_role("heading", name=f"Point numéro {number}", exact=True).wait_for()

    def open(self, kind):
        self.clerk.get_by_label("Scrutin", exact=False).first.select_option(kind)
        self.press("Ouvrir le scrutin")
        self.clerk.get_by_text("ouvert").first.wait_for()

    def vote(self, *positions):
        for page, position in zip([*self.members, self.chair], positions, strict=False):
            page.goto(f"/seances/{self.session.pk}/voter/")
            self.give(page, position)
            page.get_by_text("Le vote est reçu").first.wait_for()

    @staticmethod
    def give(page, position):
        """Choose, read it again, confirm."""
        page.get_by_role("button", name=position, exact=True).click()
        page.get_by_text("Vous votez").wait_for()
        page.get_by_role("button", name="Confirmer", exact=True).click()

    def close(self, *totals):
        for label, total in zip(("Pour", "Contre", "Abstentions", "Blancs et nuls"), totals, strict=False):
            self.clerk.get_by_label(label, exact=True).fill(str(total))
        self.press("Clore le scrutin")
        self.clerk.get_by_text("Décompte arrêté").wait_for()

    def proclaim(self, by=None, outcome="", text=""):
        page = by or self.clerk
        if by:
            self.desk(page)
        if outcome:
            page.get_by_label("Résultat proclamé").select_option(outcome)
        if outcome == "referred":
            page.get_by_label("Instance à laquelle le projet est renvoyé").select_option(label="Bureau")
        page.get_by_label("Texte de la décision").fill(text)
        page.get_by_role("button", name="Proclamer", exact=True).click()
        page.get_by_text("Décision proclamée").wait_for()
        if by:
            self.desk(self.clerk)


@pytest.fixture
def room(browser, live_server):
    load_without_circuit()
    council = Body.objects.get(kind=Body.Kind.COUNCIL)
    an_account(council, "Sylvie Grandcoin", MEMBERS[2])
    found = Room(browser, live_server, an_agenda(council))
    yield found
    found.leave()


def open_the_session(room):
    room.desk(room.clerk)
    for box in room.clerk.locator("[name=present]").all()[:40]:
        box.check()
    room.clerk.get_by_label("je l’ouvre avant son jour").check()
    room.press("Ouvrir la séance")
    room.clerk.get_by_text("La séance est ouverte").wait_for()


def refresh_by_themselves(room):
    """Item 1: nobody reloads; the tablet and the screen follow the desk."""
    tablet, screen = room.members[0], room.members[1]
    tablet.goto(f"/seances/{room.session.pk}/voter/")
    screen.goto(f"/seances/{room.session.pk}/ecran/")
    screen.get_by_text("En débat").wait_for()
    room.open("ordinary")
    button = tablet.get_by_role("button", name="Pour", exact=True)
    button.wait_for()
    assert button.bounding_box()["height"] >= 44
    tablet.get_by_role("button", name="Contre", exact=True).click()
    tablet.get_by_text("Vous votez : Contre.").wait_for()
    assert "0 vote reçu sur 40" in " ".join(screen.locator("main").inner_text().split())  # nothing is given yet
    tablet.get_by_role("link", name="Revenir", exact=True).click()
    room.give(tablet, "Pour")
    tablet.get_by_text("Le vote est reçu : Pour.").wait_for()
    screen.get_by_text("vote reçu sur 40").wait_for()
    room.clerk.get_by_text("vote reçu sur 40").wait_for()
    room.close()
    room.proclaim()
    screen.locator(".room__state--done").wait_for()
    assert screen.locator(".room__state--done").inner_text() == "Adopté"


def go_out_and_stand_aside(room):
    """Items 2 and 3: somebody leaves, somebody is interested in the matter; the count follows."""
    room.call(2)
    room.clerk.get_by_text("Arrivées et départs").click()
    room.press("Sort de la salle : Bertrand Lacombrade")
    room.open("public")
    room.vote("Pour", "Contre", "Abstention", "Pour")
    room.desk(room.clerk)
    assert "sur 39" in room.clerk.locator("#avancement").inner_text()
    room.close()
    room.proclaim(by=room.chair)
    room.call(3)
    room.clerk.get_by_text("Un membre ne prend pas part à ce point").click()
    room.clerk.locator("[name=deport-seat]").select_option(label="Mireille Toussaint-Roy")
    room.clerk.get_by_label("Pourquoi").fill("Administratrice du bailleur.")
    room.press("Inscrire le déport")
    room.open("secret")
    vice = room.members[0]
    vice.goto(f"/seances/{room.session.pk}/voter/")
    assert "Vous ne prenez pas part" in vice.locator("main").inner_text()
    assert vice.locator(".button--vote").count() == 0
    room.close(20, 10, 0, 8)
    room.proclaim()


def test_twelve_items_are_decided_by_a_clerk_a_chair_and_three_members_at_once(room):
    open_the_session(room)
    room.call(1)
    refresh_by_themselves(room)
    go_out_and_stand_aside(room)
    for number, outcome in ((4, "deferred"), (5, "taken_note"), (6, "referred"), (7, "withdrawn"), (8, "no_object")):
        room.call(number)
        room.proclaim(outcome=outcome, text="Dit en séance.")
    for number, totals in ((9, (30, 9, 0, 0)), (10, (9, 30, 0, 0))):
        room.call(number)
        room.open("ordinary")
        room.close(*totals)
        room.proclaim()
    room.call(11)
    room.open("secret")
    room.members[1].goto(f"/seances/{room.session.pk}/voter/")
    room.give(room.members[1], "Contre")
    room.members[1].get_by_text("Le bulletin secret est dans l’urne").wait_for()
    assert "Contre" not in room.members[1].locator("#tablette").inner_text()
    room.desk(room.clerk)
    room.clerk.get_by_label("Clore quand même").check()  # one vote is in the urn
    room.close()
    room.proclaim(by=room.chair)
    room.call(12)
    room.open("ordinary")
    room.close(20, 18, 1, 0)
    room.proclaim(outcome="adopted_modified", text="Avec une navette.")
    made = Decision.objects.filter(item__session=room.session).order_by("item__position")
    assert [one.outcome for one in made] == [
        "adopted", "adopted", "adopted", "deferred", "taken_note", "referred", "withdrawn", "no_object", "adopted",
        "rejected", "rejected", "adopted_modified",
    ]  # fmt: skip
    assert [one.present for one in made] == [40, *[39] * 11]
    assert Attendance.objects.get(way="out").item == made[1].item
    assert BallotPosition.objects.filter(ballot__item__in=[made[2].item, made[10].item]).count() == 0
