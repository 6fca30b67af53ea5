"""The verbs of the platform and the rules written apart do the same, whatever is tried and in whatever order."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from projects.deliberation.services import DECIDING_OUTCOMES
from tests.projects.test_workflow import EXPECTED
from tests.walks import Walk, make_world

WALKS = int(os.environ.get("WALKS", "25"))
TOLD_EVERY = 250
ENOUGH = 1000  # from so many walks on, every act has been done and refused


@pytest.mark.django_db
def test_random_walks_never_leave_the_state_table_nor_the_rules_of_the_vote():
    world = make_world()
    walk = type("Walked", (Walk,), {"world": world, "table": EXPECTED})
    walked = 0
    while walked < WALKS:
        number = min(WALKS - walked, TOLD_EVERY)
        run_state_machine_as_test(
            walk,
            settings=settings(
                max_examples=number, stateful_step_count=24, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
        walked += number
        gone_through = sum(times for (_, should), times in world.tried.items() if should)
        print(f"{walked} parcours : {world.tried.total()} actes tentés, {gone_through} accomplis", flush=True)
    done = {name for name, should in world.tried if should}
    acts = {name for name, (who, _, _) in EXPECTED.items() if who != "session"}
    acts |= {f"proclaim {outcome}" for outcome in DECIDING_OUTCOMES}
    assert WALKS < ENOUGH or acts <= done, acts - done
