"""How a project is doing is said with its reason and kept; what was decided to be done is never lost of sight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.governance.models import Body, ElectedMember
from partners.people.models import Role
from projects.followup import rules, services
from projects.followup.access import may_close, may_note_health
from projects.followup.reads import health_of
from projects.followup.rules import Standing
from projects.models import Action, HealthNote, OpinionRequest, Project, Status
from projects.opinions.reads import line_of
from tests.factories import (
    make_action,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_health,
    make_member,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = date(2026, 11, 9)


class World:
    def __init__(self):
        self.epci = make_epci()
        self.commune = make_commune(self.epci)
        self.partner = make_partner(self.epci)
        self.coordinator = make_coordinator(self.epci)
        self.agent = make_agent(self.epci, "Maud Jallet")
        self.elected = make_member(self.epci, Role.ELECTED, "Patrick Oudinet", commune=self.commune)
        self.councillor = make_member(self.epci, Role.COUNCILLOR, "Jeanne Roche", commune=self.commune)
        self.relay = make_member(self.epci, Role.RELAY, "Amandine Cazes", partner=self.partner)
        self.project = make_project(self.epci, author=self.agent, status=Status.IN_PROGRESS)


@pytest.fixture
def world():
    return World()


def note(world, by=None, on=DAY, level="good", reason="Le chantier avance.", **said):
    return services.note_health(
        project=world.project, by=by or world.coordinator, on=on, level=level, reason=reason, **said
    )


# --- Health ----------------------------------------------------------------------------------------------------------


def test_what_is_not_well_says_what_would_unblock_it(world):
    for level in ("watch", "alert"):
        with pytest.raises(ValidationError, match="débloquerait"):
            note(world, level=level)
    with pytest.raises(ValidationError):
        note(world, reason=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_health(world.project, "alert", unblocking="")


def test_each_note_stays_after_the_next(world):
    note(world)
    note(world, on=DAY + timedelta(days=30), level="alert", unblocking="Une promesse de vente.")
    assert [one.level for one in world.project.health_notes.all()] == ["alert", "good"]
    assert health_of(world.project, DAY + timedelta(days=30)).note.noted_by_name == "Paul-Arnaud Lessieur"


def test_a_note_is_stale_after_eight_weeks(world):
    note(world)
    assert not health_of(world.project, DAY + timedelta(weeks=8)).is_stale
    assert health_of(world.project, DAY + timedelta(weeks=8, days=1)).is_stale


def test_the_coordination_the_author_and_the_elected_member_in_charge_note_it(world):
    for person in (world.elected, world.relay, world.councillor):
        with pytest.raises(PermissionDenied):
            note(world, by=person)
    world.project.lead_councillor = ElectedMember.objects.create(
        intercommunality=world.epci, commune=world.commune, full_name="Patrick Oudinet", user=world.elected
    )
    world.project.save()
    for person in (world.coordinator, world.agent, world.elected):
        assert may_note_health(person, world.project)


def test_a_project_that_ended_has_no_health(world):
    Project.objects.filter(pk=world.project.pk).update(status=Status.ABANDONED)
    with pytest.raises(PermissionDenied, match="sa santé ne se note pas"):
        note(world)


def test_the_portfolio_shows_and_filters_health_in_words(world, client):
    client.force_login(world.coordinator, BACKEND)
    today = timezone.localdate()
    make_health(world.project, "good", on=today - timedelta(days=90), unblocking="")
    make_health(world.project, "alert", on=today)
    old = make_project(world.epci, status=Status.IN_PROGRESS)
    make_health(old, "good", on=today - timedelta(days=90), unblocking="")
    never = make_project(world.epci, status=Status.IN_PROGRESS)

    def listed(value):
        return list(client.get(reverse("projects:list"), {"sante": value}).context["page"].rows)

    assert listed("alert") == [world.project]
    assert listed("good") == [old]
    assert listed("stale") == [old]
    assert listed("unsaid") == [never]
    page = client.get(reverse("projects:list")).content.decode()
    assert "Bloqué" in page
    assert "à actualiser" in page


# --- Actions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "done", "dropped", "standing"),
    [
        (DAY, None, None, Standing.TO_DO),
        (DAY + timedelta(days=1), None, None, Standing.LATE),
        (DAY + timedelta(days=9), DAY, None, Standing.DONE),
        (DAY, None, DAY, Standing.DROPPED),
    ],
)
def test_an_action_is_late_from_the_day_after(day, done, dropped, standing):
    assert rules.standing_on(day, due_on=DAY, done_on=done, dropped_on=dropped) is standing


def test_the_coordination_writes_what_was_decided_and_whoever_is_chosen_gives_its_name(world):
    said = {"project": world.project, "text": "Signer la convention", "due_on": DAY, "decided_on": DAY}
    with pytest.raises(PermissionDenied):
        services.decide_action(by=world.agent, partner=world.partner, **said)
    action = services.decide_action(by=world.coordinator, partner=world.partner, **said)
    assert action.who == "CAF du Val-de-Lierre"
    with pytest.raises(ValidationError, match="précède"):
        services.decide_action(by=world.coordinator, who="DGS", **(said | {"due_on": DAY - timedelta(days=1)}))


def test_those_in_charge_close_it_and_a_councillor_does_not(world):
    theirs = make_action(world.project, commune=world.commune)
    today = timezone.localdate()
    assert may_close(world.elected, theirs, today)
    assert not may_close(world.councillor, theirs, today)
    assert not may_close(world.relay, theirs, today)
    closed = services.close_action(action=theirs, by=world.elected, on=today, is_done=True)
    assert (closed.done_on, closed.closed_by_name) == (today, "Patrick Oudinet")
    with pytest.raises(ValidationError, match="déjà close"):
        services.close_action(action=theirs, by=world.elected, on=today, is_done=True)


def test_nothing_is_given_up_without_a_reason(world):
    with pytest.raises(ValidationError, match="pourquoi"):
        services.close_action(
            action=make_action(world.project), by=world.coordinator, on=timezone.localdate(), is_done=False
        )


def test_what_remains_is_filtered_by_body_lateness_and_charge(world, client):
    today = timezone.localdate()
    body = Body.objects.create(intercommunality=world.epci, kind="bureau", name="Bureau", power="deciding")
    decided = make_action(world.project, body=body)
    late = make_action(world.project, due_on=today - timedelta(days=1), decided_on=today - timedelta(days=9))
    mine = make_action(world.project, person=world.coordinator)
    make_action(world.project, done_on=today)
    client.force_login(world.coordinator, BACKEND)

    def found(**asked):
        return {row.action for row in client.get(reverse("projects:remaining"), asked).context["rows"]}

    assert found() == {decided, late, mine}
    assert found(instance=body.pk) == {decided}
    assert found(quoi="retard") == {late}
    assert found(quoi="moi") == {mine}


def test_what_remains_is_told_only_on_projects_that_the_person_sees(world, client):
    make_action(world.project)
    client.force_login(world.relay, BACKEND)
    assert client.get(reverse("projects:remaining")).context["rows"] == []


def test_pages_write_health_and_actions(world, client):
    client.force_login(world.coordinator, BACKEND)
    health = reverse("projects:health", args=[world.project.pk])
    assert client.post(health, {"level": "alert", "reason": "Recours"}).status_code == 422
    assert client.post(health, {"level": "alert", "reason": "Recours", "unblocking": "Le juge"}).status_code == 302
    assert HealthNote.objects.get().level == "alert"
    actions = reverse("projects:actions", args=[world.project.pk])
    told = {"text": "Saisir le juge", "due_on": "2026-12-01", "decided_on": "2026-11-09"}
    assert client.post(actions, told).status_code == 422
    assert client.post(actions, told | {"who": "DGS"}).status_code == 302
    close = reverse("projects:action_close", args=[world.project.pk, Action.objects.get().pk])
    assert "checked" not in client.get(close).text  # nobody closes an action by a button pressed too soon
    assert client.post(close, {"words": "Deux réunions tenues."}).status_code == 422
    assert "Dire que c’est fini" in client.get(actions).text
    assert client.post(close, {"outcome": "dropped"}).status_code == 422
    assert client.post(close, {"outcome": "done"}).status_code == 302
    assert client.get(reverse("projects:detail", args=[world.project.pk])).status_code == 200


@pytest.mark.parametrize("name", ["remaining", "actions", "list", "health"])
def test_lists_keep_their_number_of_queries(world, client, name):
    client.force_login(world.elected, BACKEND)
    address = reverse(f"projects:{name}", args=[world.project.pk] if name in ("actions", "health") else [])

    def queries(more):
        for _ in range(more):
            make_action(world.project, commune=world.commune)
            make_health(world.project)
            make_health(make_project(world.epci, status=Status.IN_PROGRESS, actors=0))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries(3)
    assert queries(0) == queries(5)


def test_the_demo_tells_what_is_awaited_noted_and_late(demo_territory):
    today = date(2026, 11, 15)
    epci = demo_territory
    awaited = OpinionRequest.objects.awaited(today).filter(intercommunality=epci)
    assert sorted(f"{one.project.reference} {one.who}" for one in awaited) == [
        "P08 Conférence des maires",
        "P21 Chambre d’agriculture",
        "P21 Fontbrune-le-Haut",
        "P29 Association Lire au Val",
        "P29 Orvelle-le-Château",
    ]
    lake = epci.projects.get(reference="P23")
    lines = [line_of(one, today) for one in lake.opinion_requests.with_all()]
    assert [(line.label, line.has_changed) for line in lines] == [("Défavorable", True), ("Défavorable", False)]
    assert health_of(epci.projects.get(reference="P13"), today).note.level == "alert"
    assert health_of(epci.projects.get(reference="P05"), today).is_stale
    late = Action.objects.late(today).filter(intercommunality=epci)
    assert [action.project.reference for action in late] == ["P24"]
