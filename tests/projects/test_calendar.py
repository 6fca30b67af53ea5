"""Stages and meetings are planned by those who hold the project, and read by those who see it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.people.models import Role
from projects.calendar import services
from projects.calendar.rules import Slot, conflicts_of
from projects.models import CalendarAddress, Meeting, Project, Status
from tests.factories import (
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_meeting,
    make_member,
    make_milestone,
    make_partner,
    make_project,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 9, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


class World:
    def __init__(self):
        self.epci = make_epci()
        self.commune = make_commune(self.epci)
        self.coordinator = make_coordinator(self.epci)
        self.agent = make_agent(self.epci, "Maud Jallet")
        self.elected = make_member(self.epci, Role.ELECTED, "Patrick Oudinet", commune=self.commune)
        self.relay = make_member(self.epci, Role.RELAY, "Amandine Cazes", partner=make_partner(self.epci))
        self.project = make_project(self.epci, author=self.agent, status=Status.IN_PROGRESS)

    def meet(self, by=None, **said):
        given = {"label": "Comité", "starts_at": START, "ends_at": START + HOUR, "place": "Mairie"}
        given |= {"project": self.project} | said
        return services.add_meeting(intercommunality=self.epci, by=by or self.agent, **given)


@pytest.fixture
def world():
    return World()


def test_the_author_and_the_coordination_plan_and_nobody_else(world):
    days = {"label": "Travaux", "planned_start": date(2027, 1, 1), "planned_end": date(2027, 6, 30)}
    for person in (world.agent, world.coordinator):
        world.meet(person)
        services.add_milestone(project=world.project, by=person, **days)
    for person in (world.elected, world.relay):
        with pytest.raises(PermissionDenied):
            world.meet(person)
        with pytest.raises(PermissionDenied):
            services.add_milestone(project=world.project, by=person, **days)
    with pytest.raises(PermissionDenied):
        world.meet(world.agent, project=None)
    world.meet(world.coordinator, project=None)


def test_a_stage_keeps_its_days_in_order_and_remembers_the_former_ones(world):
    days = {"label": "Travaux", "planned_start": date(2027, 1, 1), "planned_end": date(2027, 6, 30)}
    stage = services.add_milestone(project=world.project, by=world.agent, **days)
    with pytest.raises(ValidationError, match="fin réelle"):
        services.change_milestone(milestone=stage, by=world.agent, **days, actual_end=date(2027, 7, 1))
    days["planned_end"] = date(2027, 9, 30)
    services.change_milestone(milestone=stage, by=world.agent, **days, actual_start=date(2027, 2, 1))
    assert [one.planned_end.month for one in stage.history.all()] == [9, 6]


def test_a_meeting_is_cancelled_with_a_reason_and_held_with_its_minutes(world):
    meeting = world.meet()
    with pytest.raises(ValidationError):
        services.cancel_meeting(meeting=meeting, by=world.agent, reason=" ")
    with pytest.raises(ValidationError, match="pas encore commencé"):
        services.write_minutes(meeting=meeting, by=world.agent, minutes="Oui.", now=START - HOUR)
    with pytest.raises(ValidationError):
        services.write_minutes(meeting=meeting, by=world.agent, minutes=" ", now=START)
    held = services.write_minutes(meeting=meeting, by=world.agent, minutes="Accord.", now=START + HOUR)
    assert held.state == Meeting.State.HELD
    with pytest.raises(ValidationError, match="tenue"):
        services.cancel_meeting(meeting=held, by=world.agent, reason="Neige")
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    off = services.cancel_meeting(meeting=world.meet(), by=world.agent, reason="Neige")
    with pytest.raises(ValidationError, match="annulée"):
        services.write_minutes(meeting=off, by=world.agent, minutes="Accord.", now=START + HOUR)


def test_a_meeting_in_person_says_where(world):
    with pytest.raises(ValidationError, match="où"):
        world.meet(place=" ")
    world.meet(place="", format=Meeting.Format.REMOTE)


def test_meetings_are_read_with_their_project_and_never_by_a_stranger(world):
    world.meet()
    world.meet(world.coordinator, project=None)
    stranger = make_coordinator(make_epci(1))

    def read(person):
        return Meeting.objects.visible_to(person).count()

    assert [read(one) for one in (world.coordinator, world.agent, world.elected)] == [2, 2, 2]
    assert read(world.relay) == 0
    assert read(stranger) == 0


def test_two_meetings_at_once_are_told_when_they_share_a_place_a_commune_or_a_project():
    def slot(key, hour, **said):
        return Slot(key, f"R{key}", START + hour * HOUR, START + (hour + 1) * HOUR, **said)

    def told(*slots):
        return [(one.first.key, one.second.key, one.shared) for one in conflicts_of(slots)]

    assert told(slot(1, 0, place="Mairie", commune=1), slot(2, 0, place=" mairie", commune=1)) == [
        (1, 2, "au même lieu")
    ]
    assert told(slot(1, 0, place="Mairie", commune=1), slot(2, 0, place="Mairie", commune=2)) == []
    assert told(slot(1, 0, commune=1), slot(2, 0.5, commune=1)) == [(1, 2, "dans la même commune")]
    assert told(slot(1, 0, project=1), slot(2, 0.5, project=1)) == [(1, 2, "pour le même projet")]
    assert told(slot(1, 0, project=1), slot(2, 1, project=1)) == []
    assert told(slot(1, 0), slot(2, 0)) == []


def test_the_secret_is_kept_as_a_digest_and_a_new_one_replaces_it(world):
    first = services.make_address(person=world.agent, now=START)
    second = services.make_address(person=world.agent, now=START)
    kept = CalendarAddress.objects.get()
    assert kept.digest == services.digest_of(second) != services.digest_of(first)
    assert second not in kept.digest
    services.revoke_address(person=world.agent)
    assert not CalendarAddress.objects.exists()


def test_a_diary_reads_what_its_person_may_read_at_that_moment(world, client):
    other = make_project(world.epci, status=Status.DRAFT, author=world.coordinator)
    make_meeting(world.project, label="Comité visible", participants="Mme Roche", state="cancelled", reason="Neige")
    make_meeting(other, label="Comité caché")
    make_milestone(world.project, label="Études; phase 1")
    address = reverse("projects:calendar_feed", args=[services.make_address(person=world.agent, now=START)])
    told = client.get(address)
    text = told.content.decode()
    assert told["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Comité visible\r\n" in text
    assert "STATUS:CANCELLED" in text
    assert "SUMMARY:Études\\; phase 1\r\n" in text
    assert "caché" not in text
    assert "Roche" not in text
    Project.objects.filter(pk=world.project.pk).update(author=None)
    world.agent.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "BEGIN:VEVENT" not in client.get(address).content.decode()
    type(world.agent).objects.filter(pk=world.agent.pk).update(is_active=False)
    assert client.get(address).status_code == 404


def test_a_secret_is_shown_once_and_answers_nothing_once_revoked(world, client):
    client.force_login(world.agent, BACKEND)
    page = reverse("projects:calendar_address")
    told = client.post(page).context["told"]
    address = told.removeprefix(told.split("/calendrier")[0])
    assert told not in client.get(page).content.decode()
    assert client.get(address).status_code == 200
    client.post(page, {"remove": "1"})
    assert client.get(address).status_code == 404


def test_a_meeting_typed_in_local_time_is_planned_and_its_conflict_is_told(world, client):
    client.force_login(world.agent, BACKEND)
    day = timezone.localdate() + timedelta(days=10)
    typed = {"label": "Comité", "project": world.project.pk, "day": day.isoformat(), "starts": "18:30", "ends": "20:00"}
    typed |= {"format": "in_person", "place": "Mairie"}
    assert client.post(reverse("projects:meeting_create"), typed | {"ends": "18:00"}).status_code == 422
    for _ in range(2):
        answer = client.post(reverse("projects:meeting_create"), typed)
        assert answer.status_code == 302
    assert timezone.localtime(Meeting.objects.first().starts_at).hour == 18
    page = client.get(answer.url).content.decode()
    assert "au même lieu" in page
    assert "18\u00a0h\u00a030" in page
    other = make_project(world.epci, status=Status.IN_PROGRESS, author=world.coordinator)
    refused = client.post(reverse("projects:meeting_create"), typed | {"project": other.pk})
    assert refused.status_code == 422


def test_the_calendar_keeps_its_number_of_queries_and_its_filters(world, client):
    client.force_login(world.coordinator, BACKEND)

    def read(**asked):
        with CaptureQueriesContext(
            connection,
        ) as made:
            page = client.get(reverse("projects:calendar"), asked)
        return len(made), page.context

    def fill(count):
        for _ in range(count):
            project = make_project(world.epci, status=Status.IN_PROGRESS)
            make_meeting(project, commune=world.commune)
            make_milestone(project)

    fill(3)
    read()
    before, shown = read()
    fill(5)
    after, _ = read()
    assert before == after
    project = shown["rows"][0].meeting.project
    _, one = read(projet=project.pk)
    assert [row.meeting.project for row in one["rows"]] == [project]
    assert [row.milestone.project for row in one["stages"]] == [project]
    past = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    _, none = read(mois=f"{past:%Y-%m}")
    assert not none["rows"]
    assert not none["stages"]
