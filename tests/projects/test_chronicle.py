"""What changed between two days: every word of it, and nothing that the reader may not see."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cooperation.difference import ADDED, REMOVED, difference
from partners.models import Role
from projects.chronicle.access import readable_since
from projects.chronicle.reads import changes_between, days_of_change
from projects.funding.services import open_version
from projects.models import (
    Endorsement,
    FundingLine,
    FundingPlan,
    FundingYear,
    Interest,
    Move,
    OperatingLine,
    PaymentCredit,
    Project,
    Status,
)
from projects.proposals.services import endorse
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_milestone,
    make_partner,
    make_project,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = timezone.localdate()
BEFORE = TODAY - timedelta(days=10)
TEXTS = st.text(st.sampled_from("ab é’-\n.,1"), max_size=40)


@given(TEXTS, TEXTS)
def test_nothing_of_either_text_is_lost(before, after):
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == after


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert {piece.kind for piece in difference(text, text)} <= {"same"}


def test_words_are_told_apart_whole():
    pieces = difference("Un relais à 25 km.", "Un relais à moins de 15 km.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Un relais à "),
        ("removed", "25"),
        ("added", "moins de 15"),
        ("same", " km."),
    ]


class World:
    def __init__(self):
        self.epci = make_epci()
        self.agent, self.coordinator = make_agent(self.epci), make_coordinator(self.epci)
        self.elected = make_member(self.epci, Role.ELECTED, "Hélène Marchadier")
        self.project = make_project(self.epci, author=self.agent, status=Status.UNDER_REVIEW)
        self.partner = make_partner(self.epci)
        self.actor = make_actor(self.project, "La CAF", partner=self.partner)
        for table in ("project", "actor", "interest"):
            self.date(table, BEFORE)
        self.project.refresh_from_db()

    def date(self, table, day):
        """Say that all that is kept so far of a kind was written on a day."""
        model = {"project": Project, "actor": type(self.actor), "interest": Interest}[table]
        model.history.update(history_date=timezone.make_aware(datetime.combine(day, datetime.min.time())))
        Project.objects.update(created_at=timezone.make_aware(datetime.combine(day, datetime.min.time())))

    def changes(self, reader=None):
        found = changes_between(self.project, BEFORE, TODAY, reader=reader or self.coordinator)
        return {change.label: change for change in found}


def test_texts_lists_actors_and_stages_are_compared(world):
    world.project.need = "Le relais est vraiment trop loin."
    world.project.save()
    world.project.communes.add(make_commune(world.epci, "Bréauval"))
    make_actor(world.project, "Le CCAS")
    world.actor.delete()
    make_milestone(world.project, label="Étude")
    changes = world.changes()
    assert changes["Constat"].kind == "changed"
    assert "vraiment" in "".join(piece.text for piece in changes["Constat"].pieces if piece.kind == ADDED)
    assert changes["Communes concernées"].pieces[0].text == "Bréauval"
    assert (changes["Acteur : Le CCAS"].kind, changes["Acteur : La CAF"].kind) == ("appeared", "gone")
    assert changes["Étape : Étude"].kind == "appeared"


def test_nothing_changed_says_nothing(world):
    assert world.changes() == {}
    assert days_of_change(world.project, BEFORE) == [BEFORE]


def test_what_may_not_be_seen_today_never_appears(world):
    private = Interest.objects.create(
        intercommunality=world.epci, actor=world.actor, text="CANARI-PRIVÉ", visibility=Interest.Visibility.OWN
    )
    closed = Interest.objects.create(intercommunality=world.epci, actor=world.actor, text="CANARI-REFERMÉ")
    closed.visibility = Interest.Visibility.OWN
    closed.save()
    opened = Interest.objects.create(
        intercommunality=world.epci, actor=world.actor, text="CANARI-OUVERT", visibility=Interest.Visibility.OWN
    )
    world.date("interest", BEFORE)
    opened.text, opened.visibility = "Désormais public", Interest.Visibility.EVERYONE
    opened.save()
    world.project.remark = "CANARI-REMARQUE"
    world.project.recommendation = "CANARI-AVIS"
    world.project.save()
    assert private.pk
    for reader in (world.elected, world.coordinator):
        seen = "".join(piece.text for change in world.changes(reader).values() for piece in change.pieces)
        assert "Désormais public" in seen
        assert "CANARI" not in seen


def test_an_interest_withdrawn_is_shown_if_everybody_could_read_it(world):
    shared = Interest.objects.create(intercommunality=world.epci, actor=world.actor, text="Des places de crèche")
    hidden = Interest.objects.create(
        intercommunality=world.epci, actor=world.actor, text="CANARI", visibility=Interest.Visibility.ACTORS
    )
    world.date("interest", BEFORE)
    shared.delete()
    hidden.delete()
    assert [piece.text for piece in world.changes()["Intérêt : La CAF"].pieces] == ["Des places de crèche"]


def test_the_past_is_read_from_the_day_it_was_shown(world):
    def step(name, days):
        move = Move.objects.create(
            intercommunality=world.epci, project=world.project, transition=name, label=name,
            source=Status.DRAFT, target=Status.SUBMITTED, moved_by_name="x",
        )  # fmt: skip
        Move.objects.filter(pk=move.pk).update(moved_at=timezone.now() - timedelta(days=days))

    step("submit", 6)
    step("accept", 3)
    assert readable_since(world.agent, world.project) == BEFORE
    assert readable_since(world.coordinator, world.project) == TODAY - timedelta(days=6)
    assert readable_since(world.elected, world.project) == TODAY - timedelta(days=3)


def test_the_page_marks_what_went_and_what_came_without_colour_alone(world, client):
    world.project.need = "Le relais est vraiment trop loin."
    world.project.save()
    client.force_login(world.elected, BACKEND)
    page = client.get(address(world)).content.decode()
    assert re.search(r'<ins><span class="visually-hidden">ajouté\xa0: </span> ?vraiment', page)


def address(world):
    return reverse("projects:chronicle", args=[world.project.pk])


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2020-01-01", "2026-11-23", "Ce projet se lit à partir du"),
        (str(TODAY), str(BEFORE), "échangez-les"),
        ("hier", str(TODAY), "date"),
    ],
)
def test_days_that_make_no_sense_are_refused_with_a_sentence(world, client, since, until, said):
    client.force_login(world.elected, BACKEND)
    answer = client.get(address(world), {"since": since, "until": until})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_long_past_asks_no_more_questions(world, client):
    client.force_login(world.elected, BACKEND)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(address(world))
        return len(queries)

    before = count()
    for number in range(12):
        world.project.need = f"Version {number}"
        world.project.save()
        make_actor(world.project, f"Acteur n° {number}")
    assert count() == before


def test_the_money_is_told_from_one_version_to_the_next(world):
    about = {"intercommunality": world.epci}
    plan = FundingPlan.objects.create(project=world.project, cost_excl_tax=100, cost_incl_tax=120, **about)
    line = FundingLine.objects.create(plan=plan, funder="CAF", amount=30, nature="private", state="demandée", **about)
    PaymentCredit.objects.create(plan=plan, year=2027, amount=100, **about)
    OperatingLine.objects.create(plan=plan, label="Familles", amount=8, **about)
    for model in (FundingPlan, FundingLine, PaymentCredit, OperatingLine):
        model.history.update(history_date=timezone.now() - timedelta(days=10))
    after = open_version(project=world.project, label="La CAF paie plus", by=world.coordinator)
    mine = after.lines.get()
    mine.amount, mine.state = 40, "notifiée"
    mine.save()
    FundingYear.objects.create(line=mine, year=2028, amount=40, **about)
    told = {one.label: one for one in changes_between(world.project, BEFORE, TODAY, reader=world.elected)}
    assert list(told) == ["Ressource : CAF"]
    came = "".join(piece.text for piece in told["Ressource : CAF"].pieces if piece.kind == ADDED)
    assert "40,00" in came and "notifiée" in came and "2028" in came
    before = {
        one.label for one in changes_between(world.project, BEFORE - timedelta(days=1), BEFORE, reader=world.elected)
    }
    assert {"Coût", "Dépense prévue en 2027", "Fonctionnement : Familles"} <= before
    assert TODAY in days_of_change(world.project, BEFORE)
    assert line.history.count() == 1


def test_what_an_actor_answered_on_the_objective_is_part_of_the_past(world):
    relay = make_member(world.epci, Role.RELAY, "Amandine Cazes", partner=world.partner)
    endorse(actor=world.actor, endorses=True, by=relay, on=BEFORE)
    Endorsement.history.update(history_date=timezone.make_aware(datetime.combine(BEFORE, datetime.min.time())))
    assert TODAY not in days_of_change(world.project, BEFORE)
    endorse(actor=world.actor, endorses=False, by=relay, on=TODAY)
    change = world.changes()["Partage de l’objectif : La CAF"]
    told = {(piece.kind, piece.text.strip()) for piece in change.pieces}
    assert {(REMOVED, "oui"), (ADDED, "pas encore")} <= told, told
    assert TODAY in days_of_change(world.project, BEFORE)
