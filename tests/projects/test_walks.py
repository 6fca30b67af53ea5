"""The verbs of the platform and the rules written apart do the same, whatever is tried and in whatever order."""

from __future__ import annotations

import os
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from projects.deliberation.services import DECIDING_OUTCOMES
from projects.models import Status
from tests.projects.test_workflow import EXPECTED
from tests.walks import Walk
from tests.walks_world import LEADS_TO, MEMBERS, VOTED, Wanted, make_world

WALKS = int(os.environ.get("WALKS", "25"))
TOLD_EVERY = 250
ENOUGH = 1000  # from so many walks on, every act has been done and refused
DECIDED = {f"proclaim {outcome}" for outcome in DECIDING_OUTCOMES}

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk():
    """A walk whose rules hypothesis calls at random, and that a test may also lead by hand."""
    return type("Walked", (Walk,), {"world": make_world(), "table": EXPECTED})


@contextmanager
def led(walk, **wanted):
    """A session of six members, the chair among them, in which one vote is led to its end."""
    usual = {"kind": "field", "person": "clerk", "ballot": "ordinary", "majority": "simple", "by_hand": False}
    usual |= {"chair": False, "outcome": "adopted", "right": False, "said": dict.fromkeys(range(MEMBERS), "for")}
    here = walk()
    try:
        here.begin((Status.UNDER_REVIEW,) * 3, set(range(MEMBERS - 1)), set(), Wanted(**usual | wanted))
        yield here
        here.the_database_says_the_same()
    finally:
        here.teardown()


@pytest.mark.parametrize("outcome", DECIDING_OUTCOMES)
def test_every_outcome_is_proclaimed_and_moves_the_project_as_the_table_says(walk, outcome):
    carried = VOTED.get(outcome, True)
    said = dict.fromkeys(range(MEMBERS), "for" if carried else "against")
    with led(walk, outcome=outcome.value, said=said) as here:
        assert here.status["field"] == LEADS_TO[outcome]
    assert walk.world.tried[f"proclaim {outcome.value}", True] == 1


def test_a_project_that_was_adopted_is_followed_to_its_evaluation(walk):
    turns = ("complete", "start", "suspend", "complete", "resume", "evaluate", "complete", "evaluate", "abandon")
    with led(walk) as here:
        for turn in turns:
            here.move("field", turn, "clerk", True)
        assert here.status["field"] == Status.EVALUATED


@pytest.mark.parametrize(
    ("ballot", "chair", "outcome"),
    [("ordinary", "for", "adopted"), ("ordinary", "against", "rejected"), ("secret", "for", "rejected")],
)
def test_a_divided_vote_follows_the_chair_and_not_when_it_is_secret(walk, ballot, chair, outcome):
    other = "against" if chair == "for" else "for"
    said = {seat: other if seat % 2 else chair for seat in range(MEMBERS)}
    with led(walk, ballot=ballot, said=said, outcome=outcome) as here:
        assert here.points["field"].outcome == outcome


def test_random_walks_never_leave_the_state_table_nor_the_rules_of_the_vote(walk):
    world, walked = walk.world, 0
    while walked < WALKS:
        number = min(WALKS - walked, TOLD_EVERY)
        run_state_machine_as_test(
            walk,
            settings=settings(
                max_examples=number,
                stateful_step_count=16,
                deadline=None,
                derandomize=WALKS < ENOUGH,  # a few walks are always the same: red for a change, never by bad luck
                suppress_health_check=list(HealthCheck),
            ),
        )
        walked += number
        gone_through = sum(times for (_, should), times in world.tried.items() if should)
        print(f"{walked} parcours : {world.tried.total()} actes tentés, {gone_through} accomplis", flush=True)
    done = {name for name, should in world.tried if should}
    refused = {name for name, should in world.tried if not should}
    acts = {name for name, (who, _, _) in EXPECTED.items() if who != "session"} | DECIDED
    assert WALKS < ENOUGH or (acts <= done and acts <= refused), (acts - done, acts - refused)
    assert done & DECIDED and refused & DECIDED
