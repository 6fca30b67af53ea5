"""Those whom a meeting expects are told that it is planned, moved, called off or near: once, and nothing undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.models import Membership, Role
from projects.calendar import services
from projects.calendar.guests import invited_to, people_expected
from projects.calendar.reads import events_of
from projects.models import Guest, Meeting, Notice, Status
from projects.notices import posting
from projects.notices.kinds import GRACE
from projects.notices.meetings import is_eve, meetings_near
from projects.notices.reminding import remind
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_meeting,
    make_member,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PARIS = ZoneInfo("Europe/Paris")
WEEK = timedelta(days=7)


class World:
    """A project under way whose actors are a commune with its mayor and a partner with its relay person."""

    def __init__(self):
        self.epci = make_epci(department_code="35")
        self.commune = make_commune(self.epci)
        self.partner = make_partner(self.epci)
        self.coordinator = make_coordinator(self.epci)
        self.agent = make_agent(self.epci, "Maud Jallet")
        self.mayor = make_member(self.epci, Role.ELECTED, "Patrick Oudinet", commune=self.commune)
        self.relay = make_member(self.epci, Role.RELAY, "Amandine Cazes", partner=self.partner)
        self.project = make_project(self.epci, author=self.agent, status=Status.IN_PROGRESS)
        make_actor(self.project, str(self.partner), partner=self.partner)
        make_actor(self.project, str(self.commune), commune=self.commune)
        make_actor(self.project, "Les familles")
        self.now = timezone.now()
        self.start = timezone.localtime(self.now).replace(hour=14, minute=0, second=0, microsecond=0) + WEEK

    def meet(self, **said):
        given = {"label": "OBJET-CANARI", "starts_at": self.start, "ends_at": self.start + timedelta(hours=1)}
        given |= {"place": "Mairie", "project": self.project, "invites_actors": True, "participants": "NOM-CANARI"}
        return services.add_meeting(intercommunality=self.epci, **({"by": self.coordinator} | given | said))

    def move(self, meeting, **said):
        given = {"label": meeting.label, "format": "in_person", "place": "Mairie"}
        given |= {"starts_at": self.start, "ends_at": self.start + timedelta(hours=1)} | said
        return services.change_meeting(meeting=meeting, **({"by": self.coordinator} | given))

    def later(self, meeting, days=1):
        start = self.start + timedelta(days=days)
        return self.move(meeting, starts_at=start, ends_at=start + timedelta(hours=1))

    def everybody(self):
        return {self.agent: "author", self.mayor: "commune", self.relay: "partner"}


def told(person):
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def shown(person):
    return list(Notice.objects.readable_by(person).order_by("pk").values_list("kind", flat=True))


def post(world, **later):
    return posting.post(timezone.now() + GRACE + timedelta(seconds=30, **later))


def test_those_who_take_part_are_invited_by_one_letter_that_leads_to_the_meeting_and_who_planned_it_is_not(world):
    meeting = world.meet()
    assert [told(one) for one in world.everybody()] == [["meet_asked"]] * 3
    assert told(world.coordinator) == []
    assert post(world).sent == 3
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert set(bodies) == {person.email for person in world.everybody()}
    for body in bodies.values():
        assert body.count("Vous êtes invité·e à une réunion") == 1
        assert reverse("projects:meeting", args=[meeting.pk]) in body
        assert "14\u00a0h" in body
        assert "CANARI" not in body
    assert post(world).sent == 0


def test_a_meeting_that_nobody_is_invited_to_or_that_was_held_already_is_told_to_nobody(world):
    world.meet(invites_actors=False)
    past = world.start - 3 * WEEK
    world.meet(starts_at=past, ends_at=past + timedelta(hours=1))
    assert not Notice.objects.exists()


def test_the_author_who_plans_is_not_told_and_a_person_named_twice_is_told_once(world):
    meeting = world.meet(by=world.agent)
    assert told(world.agent) == []
    services.invite(meeting=meeting, by=world.agent, person=world.mayor)
    assert told(world.mayor) == ["meet_asked"]
    with pytest.raises(ValidationError, match="attend déjà"):
        services.invite(meeting=meeting, by=world.agent, person=world.mayor)


def test_whoever_invites_themselves_or_moves_what_they_come_to_is_told_nothing_but_the_reminder(world):
    meeting = world.meet(invites_actors=False)
    services.invite(meeting=meeting, by=world.coordinator, person=world.coordinator)
    services.invite(meeting=meeting, by=world.coordinator, person=world.mayor)
    assert [told(one) for one in (world.coordinator, world.mayor)] == [[], ["meet_asked"]]
    post(world)
    world.later(meeting)
    assert [told(one) for one in (world.coordinator, world.mayor)] == [[], ["meet_asked", "meet_moved"]]
    world.move(meeting, by=world.agent)
    post(world)
    assert told(world.coordinator) == ["meet_asked"]  # another one moved it, and nothing had been said before
    services.cancel_meeting(meeting=meeting, by=world.coordinator, reason="Neige")
    assert told(world.coordinator) == ["meet_asked"]
    assert told(world.mayor)[-1] == "meet_off"


def test_a_meeting_that_moves_is_told_to_whoever_knew_of_it(world):
    meeting = world.meet()
    post(world)
    mail.outbox.clear()
    world.later(meeting)
    assert told(world.relay) == ["meet_asked", "meet_moved"]
    assert told(world.coordinator) == []
    assert post(world).sent == 3
    assert "Une réunion où vous êtes attendu·e change" in mail.outbox[0].body
    world.move(Meeting.objects.get(pk=meeting.pk), starts_at=world.start + timedelta(days=1), label="Un autre objet",
               ends_at=world.start + timedelta(days=1, hours=1))  # fmt: skip
    assert told(world.relay) == ["meet_asked", "meet_moved"]


def test_a_meeting_that_changes_place_moves_too(world):
    meeting = world.meet()
    post(world)
    world.move(meeting, place="Médiathèque")
    assert told(world.mayor) == ["meet_asked", "meet_moved"]
    assert "Médiathèque" in Notice.objects.get(person=world.mayor, kind="meet_moved").sentence


def test_a_meeting_moved_within_the_grace_is_told_once_with_its_new_day(world):
    meeting = world.meet()
    world.later(meeting)
    assert shown(world.relay) == ["meet_asked"]  # at once: what it said before is not shown any more
    assert post(world).sent == 3
    assert shown(world.relay) == ["meet_asked"]
    [body] = [message.body for message in mail.outbox if message.to == [world.relay.email]]
    assert body.count("Voir la réunion") == 1
    assert "change" not in body


def test_a_meeting_moved_there_and_back_did_not_move(world):
    meeting = world.meet()
    world.later(meeting)
    world.move(meeting)
    assert shown(world.relay) == ["meet_asked"]  # told once, of the day it is
    assert post(world).sent == 3
    mail.outbox.clear()
    world.later(meeting)
    world.move(meeting)
    assert shown(world.relay) == ["meet_asked"]
    assert post(world).sent == 0
    assert shown(world.relay) == ["meet_asked"]


def test_a_meeting_that_came_back_after_it_was_told_is_told_again(world):
    meeting = world.meet()
    post(world)
    for _ in range(2):
        world.later(meeting)
        assert post(world).sent == 3
        world.move(meeting)
        assert post(world).sent == 3


def test_a_cancellation_is_told_to_whoever_knew_and_drops_what_nobody_read(world):
    quiet = world.meet()
    services.cancel_meeting(meeting=quiet, by=world.coordinator, reason="MOTIF-CANARI")
    assert shown(world.relay) == []
    assert post(world).sent == 0
    assert shown(world.relay) == []
    meeting = world.meet()
    post(world)
    mail.outbox.clear()
    services.cancel_meeting(meeting=meeting, by=world.coordinator, reason="MOTIF-CANARI")
    assert post(world).sent == 3
    body = mail.outbox[0].body
    assert "Une réunion où vous étiez attendu·e est annulée" in body
    assert "CANARI" not in body


def test_whoever_read_the_invitation_in_the_application_knows_of_it(world):
    meeting = world.meet()
    Notice.objects.filter(person=world.relay).update(read_at=timezone.now())
    services.cancel_meeting(meeting=meeting, by=world.coordinator, reason="Neige")
    assert shown(world.relay) == ["meet_asked", "meet_off"]  # what was read stays
    assert told(world.mayor) == ["meet_asked"]
    assert shown(world.mayor) == []


def remove(world, meeting, by=None, **named):
    services.uninvite(guest=meeting.guests.get(**named), by=by or world.coordinator)


def test_who_is_expected_no_more_before_having_heard_of_it_is_told_nothing(world):
    meeting = world.meet()
    remove(world, meeting, partner=world.partner)
    assert (shown(world.relay), shown(world.mayor)) == ([], ["meet_asked"])
    assert post(world).sent == 2
    assert shown(world.relay) == []
    world.later(meeting)
    assert told(world.relay) == ["meet_asked"]


def test_who_knew_of_a_meeting_and_is_expected_no_more_is_told_so_once(world, client):
    meeting = world.meet(project=None)
    for named in ({"partner": world.partner}, {"commune": world.commune}, {"person": world.mayor}):
        services.invite(meeting=meeting, by=world.coordinator, **named)
    post(world)
    mail.outbox.clear()
    remove(world, meeting, partner=world.partner)
    remove(world, meeting, commune=world.commune)  # its mayor is still expected by name
    assert (told(world.relay), told(world.mayor)) == (["meet_asked", "meet_gone"], ["meet_asked"])
    assert post(world).sent == 1
    [body] = [message.body for message in mail.outbox]
    assert "Vous n’êtes plus attendu·e à une réunion" in body and "14\u00a0h" in body and "CANARI" not in body
    client.force_login(world.relay, BACKEND)
    led_to = client.post(reverse("projects:notice_open", args=[Notice.objects.get(kind="meet_gone").pk]))
    assert client.get(led_to.url).status_code == 200
    world.later(meeting)
    assert told(world.relay) == ["meet_asked", "meet_gone"]


def test_an_invitation_taken_back_and_given_again_within_the_grace_is_told_to_nobody(world):
    meeting = world.meet()
    post(world)
    remove(world, meeting, partner=world.partner)
    assert shown(world.relay) == ["meet_asked", "meet_gone"]
    services.invite(meeting=meeting, by=world.coordinator, partner=world.partner)
    assert shown(world.relay) == ["meet_asked"]
    assert post(world).sent == 0


def test_who_was_told_to_stay_and_is_expected_again_is_invited_again(world):
    meeting = world.meet()
    for rank in (1, 2, 3):
        assert post(world).sent == (3 if rank == 1 else 1)
        remove(world, meeting, partner=world.partner)
        assert post(world).sent == 1
        services.invite(meeting=meeting, by=world.coordinator, partner=world.partner)
        assert told(world.relay) == ["meet_asked", *["meet_gone", "meet_asked"] * rank]
    world.later(meeting)  # nothing of the third invitation had left
    assert shown(world.relay)[-1] == "meet_asked" and "meet_moved" not in told(world.relay)


@pytest.mark.parametrize("becomes", ["moved", "called off"])
def test_what_becomes_of_a_meeting_leaves_true_that_one_is_expected_there_no_more(world, becomes):
    meeting = world.meet()
    post(world)
    remove(world, meeting, partner=world.partner)
    if becomes == "moved":
        world.later(meeting)
    else:
        services.cancel_meeting(meeting=meeting, by=world.coordinator, reason="Neige")
    mail.outbox.clear()
    post(world)
    [body] = [message.body for message in mail.outbox if message.to == [world.relay.email]]
    assert "Vous n’êtes plus attendu·e" in body and "annulée" not in body and "change" not in body


def test_who_removes_themselves_or_closes_their_account_and_a_meeting_past_are_told_nothing(world):
    meeting = world.meet()
    post(world)
    remove(world, meeting, by=world.agent, person=world.agent)
    assert told(world.agent) == ["meet_asked"]
    services.invite(meeting=meeting, by=world.coordinator, person=world.mayor)
    Notice.objects.filter(person=world.mayor).update(read_at=timezone.now())
    Membership.objects.filter(user=world.mayor).delete()
    world.mayor.delete()
    assert not Guest.objects.filter(person__isnull=False).exists()
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=world.now - WEEK, ends_at=world.now - WEEK / 2)
    remove(world, Meeting.objects.get(pk=meeting.pk), partner=world.partner)
    assert told(world.relay) == ["meet_asked"]


@pytest.mark.parametrize("since", ["is expected in another name", "the meeting has begun"])
def test_that_one_is_expected_no_more_is_not_told_once_it_is_untrue_or_late(world, since):
    meeting = world.meet()
    post(world)
    mail.outbox.clear()
    remove(world, meeting, partner=world.partner)
    if since == "the meeting has begun":
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=world.now, ends_at=world.start)
    else:
        held = Membership.objects.get(user=world.mayor)
        held.pk, held.user = None, world.relay
        held.save()
    assert post(world).sent == 0


def hold(world, meeting, minutes="PROPOS-CANARI", by=None):
    return services.write_minutes(meeting=meeting, by=by or world.agent, minutes=minutes, now=world.start)


def test_the_minutes_of_a_meeting_are_told_once_to_those_it_expected_and_not_to_who_wrote_them(world):
    meeting = world.meet()
    post(world)
    mail.outbox.clear()
    hold(world, meeting)
    hold(world, meeting, "PROPOS-CANARI, relus", by=world.coordinator)
    assert told(world.agent) == ["meet_asked"]
    assert (told(world.mayor), told(world.relay)) == (["meet_asked", "meet_minutes"],) * 2
    assert post(world, days=1).sent == 2
    body = mail.outbox[0].body
    assert body.count("Le compte rendu d’une réunion où vous étiez attendu·e est écrit") == 1
    [act] = [line for line in body.splitlines() if line.startswith("Lire le compte rendu")]
    assert act.endswith(meeting.get_absolute_url())
    assert "CANARI" not in body
    assert Meeting.history.filter(id=meeting.pk).latest().history_user == world.coordinator


def test_minutes_that_are_no_longer_there_or_whose_project_is_closed_to_a_person_are_not_told(world):
    meeting = world.meet()
    post(world)
    hold(world, meeting)
    Membership.objects.filter(user=world.relay).delete()
    assert post(world, days=1).sent == 1
    assert shown(world.relay) == []
    Notice.objects.filter(kind="meet_minutes").delete()
    hold(world, world.meet())
    Meeting.objects.filter(state="held").update(minutes="")
    mail.outbox.clear()
    post(world, days=1)
    assert not any("compte rendu" in message.body for message in mail.outbox)


def test_who_left_the_partner_and_a_closed_account_are_not_written_to(world):
    world.meet()
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=world.relay).update(starts_on=yesterday, ends_on=yesterday)
    world.mayor.is_active = False
    world.mayor.save()
    assert post(world).sent == 1
    assert mail.outbox[0].to == [world.agent.email]


def test_a_meeting_is_called_once_on_the_working_day_before_and_only_where_it_still_is(world):
    meeting = world.meet()
    day = timezone.localdate(world.start)
    post(world)
    for ahead in range(8):
        dawn = datetime.combine(day - timedelta(days=7 - ahead), datetime.min.time(), tzinfo=PARIS) + timedelta(hours=6)
        remind(dawn)
        remind(dawn)
    assert told(world.relay) == ["meet_asked", "meet_soon"]
    [called] = Notice.objects.filter(person=world.relay, kind="meet_soon")
    assert is_eve(timezone.localdate(called.happened_at), day, "35")
    world.later(meeting)
    posting.settle(called.due_at)
    assert not Notice.objects.readable_by(world.relay).filter(kind="meet_soon").exists()


def test_nobody_is_called_to_the_meeting_of_a_project_that_was_given_up(world):
    meeting, eve = world.meet(), world.start - timedelta(days=1)
    assert meetings_near(eve) == [meeting]
    world.project.status = Status.ABANDONED
    world.project.save()
    assert meetings_near(eve) == []


@pytest.mark.parametrize(
    ("today", "day", "is_told"),
    [
        (date(2026, 11, 30), date(2026, 12, 1), True),
        (date(2026, 12, 1), date(2026, 12, 1), False),
        (date(2026, 11, 29), date(2026, 12, 1), False),
        (date(2026, 12, 4), date(2026, 12, 7), True),  # a Friday, for a Monday
        (date(2026, 12, 6), date(2026, 12, 7), True),  # and the Sunday, if nothing was told on the Friday
        (date(2026, 12, 24), date(2026, 12, 28), True),  # Christmas and a week-end between
        (date(2026, 12, 23), date(2026, 12, 28), False),
    ],
)
def test_the_eve_of_a_meeting_is_the_working_day_before(today, day, is_told):
    assert is_eve(today, day, "35") is is_told


def test_nobody_is_invited_to_the_meeting_of_a_project_that_they_do_not_see(world):
    meeting = world.meet()
    elsewhere = make_partner(world.epci, "Autre association")
    stranger = make_member(world.epci, Role.RELAY, "Luc Rey", partner=elsewhere)
    for invited in ({"person": stranger}, {"partner": elsewhere}):
        with pytest.raises(ValidationError, match="ce projet"):
            services.invite(meeting=meeting, by=world.coordinator, **invited)
    assert told(stranger) == []
    nobody = make_partner(world.epci, "Sans compte")
    services.invite(meeting=meeting, by=world.coordinator, partner=nobody)
    assert [one.guest.partner for one in invited_to(meeting, timezone.localdate()) if one.is_alone] == [nobody]


def test_a_relay_person_sees_the_meeting_of_the_territory_that_expects_them_and_no_other(world, client):
    meeting = world.meet(project=None)
    other = world.meet(project=None)
    services.invite(meeting=meeting, by=world.coordinator, partner=world.partner)
    assert told(world.relay) == ["meet_asked"]
    assert [*Meeting.objects.visible_to(world.relay)] == [meeting]
    assert f"reunion-{meeting.pk}@" in events_of(world.relay, world.now)[0].uid
    client.force_login(world.relay, BACKEND)
    assert client.get(meeting.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(reverse("projects:meeting_guests", args=[meeting.pk])).status_code == 403
    page = client.get(reverse("projects:calendar")).content.decode()
    assert page.count("OBJET-CANARI") == 1


def test_the_holder_of_the_calendar_invites_and_nobody_else_and_nothing_changes_once_held(world):
    meeting = world.meet(invites_actors=False)
    for person in (world.mayor, world.relay):
        with pytest.raises(PermissionDenied):
            services.invite(meeting=meeting, by=person, person=world.agent)
    with pytest.raises(ValidationError, match="qui vous invitez"):
        services.invite(meeting=meeting, by=world.agent)
    [guest] = services.invite(meeting=meeting, by=world.agent, person=world.mayor)
    held = services.write_minutes(meeting=meeting, by=world.agent, minutes="Accord.", now=world.start)
    with pytest.raises(ValidationError, match="s’est tenue"):
        services.invite(meeting=held, by=world.agent, person=world.coordinator)
    with pytest.raises(ValidationError, match="s’est tenue"):
        services.uninvite(guest=guest, by=world.agent)


@pytest.mark.parametrize("named", [[], ["person", "partner"], ["commune", "partner"]])
def test_the_database_refuses_a_guest_who_is_nobody_or_two(world, named):
    given = {name: {"person": world.mayor, "commune": world.commune, "partner": world.partner}[name] for name in named}
    meeting = world.meet(invites_actors=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Guest.objects.create(intercommunality=world.epci, meeting=meeting, **given)


def test_the_page_invites_by_typing_and_removes_by_a_button(world, client):
    meeting = world.meet(invites_actors=False)
    client.force_login(world.coordinator, BACKEND)
    here = reverse("projects:meeting_guests", args=[meeting.pk])
    nothing = client.post(here, {"person": ""})
    assert nothing.status_code == 422
    assert "Dites qui vous invitez" in nothing.content.decode()
    assert client.post(here, {"person": "Maud Jallet", "partner": str(world.partner)}).status_code == 302
    assert {str(guest) for guest in meeting.guests.all()} == {"Maud Jallet", str(world.partner)}
    assert "1 personne prévenue" in client.get(here).content.decode()
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert f"Maud Jallet, {world.partner}." in page and "à prévenir autrement" not in page
    gone = meeting.guests.get(partner=world.partner)
    assert client.post(here, {"remove": gone.pk}).status_code == 302
    assert client.post(here, {"remove": gone.pk}).status_code == 404
    assert client.post(here, {"remove": "²"}).status_code == 404
    assert [str(guest) for guest in meeting.guests.all()] == ["Maud Jallet"]


def test_a_meeting_is_planned_and_its_actors_invited_in_one_page(world, client):
    client.force_login(world.coordinator, BACKEND)
    typed = {"label": "Comité", "project": world.project.reference, "day": timezone.localdate(world.start)}
    typed |= {"starts": "14:00", "ends": "15:00", "format": "in_person", "place": "Mairie"}
    client.post(reverse("projects:meeting_create"), typed)
    assert not Guest.objects.exists()
    answer = client.post(reverse("projects:meeting_create"), typed | {"invites_actors": "on"})
    made = Meeting.objects.latest("pk")
    assert answer.url == made.get_absolute_url()
    assert made.guests.count() == 3


def test_the_page_asks_the_same_number_of_questions_for_one_guest_and_for_ten(world, client):
    meeting = make_meeting(world.project)
    client.force_login(world.coordinator, BACKEND)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get(meeting.get_absolute_url())
        return len(asked)

    def expect(name):
        partner = make_partner(world.epci, name)
        make_member(world.epci, Role.RELAY, f"Relais {name}", partner=partner)
        Guest.objects.create(intercommunality=world.epci, meeting=meeting, partner=partner)

    expect("Une")
    questions()
    first = questions()
    for rank in range(9):
        expect(f"Autre {rank}")
    assert questions() == first
    assert people_expected(meeting, timezone.localdate()).count() == 10
