"""A session counts by the rules of its body: quorum, majority, tie, powers — those of its day, not of today."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from partners.models import Body, BodyRule, Seat
from projects.ballots import services as live
from projects.deliberation import services
from projects.models import Session, Status
from tests.factories import make_coordinator, make_epci, make_project

HELD = date(2026, 10, 12)
VALUES = {
    "ballot": "ordinary", "in_office": 12, "present": 5, "powers": 0, "not_taking_part": 0,
    "not_taking_part_reason": "", "votes_for": 3, "votes_against": 2, "abstentions": 0, "blank_votes": 0,
    "chair_votes_for": None, "outcome": "adopted", "text": "Adopté.",
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_coordinator(make_epci())


@pytest.fixture
def council(clerk):
    epci = clerk.memberships.get().intercommunality
    return Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding", legal_seats=12)


def ruled(body, starts_on=date(2026, 4, 9), **rules):
    return BodyRule.objects.create(
        intercommunality=body.intercommunality, body=body, starts_on=starts_on, source="Règlement", **rules
    )


def faults(body, **changes):
    session = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on=HELD, state="open")
    return services.faults_of(session, VALUES | changes)


@pytest.mark.parametrize(
    ("rules", "changes", "field", "sentence"),
    [
        ({}, {}, "present", "quorum"),
        ({"quorum": "none"}, {}, "", ""),
        ({"quorum": "number", "quorum_number": 6}, {}, "present", "quorum"),
        ({"quorum": "number", "quorum_number": 5}, {}, "", ""),
        ({"quorum": "none", "majority": "two_thirds_cast"}, {}, "outcome", "projet rejeté"),
        ({"quorum": "none", "majority": "two_thirds_cast"}, {"majority": "simple"}, "outcome", "à cette majorité"),
        (
            {"quorum": "none", "majority": "two_thirds_members"},
            {"votes_for": 4, "votes_against": 1},
            "outcome",
            "rejeté",
        ),
        ({"quorum": "none", "representation": "nobody"}, {"powers": 1}, "powers", "n’admettent pas de pouvoir"),
        ({"quorum": "none"}, {"votes_for": 2, "abstentions": 1}, "chair_votes_for", "partage des voix"),
        (
            {"quorum": "none", "tie": "rejected"},
            {"votes_for": 2, "abstentions": 1, "chair_votes_for": True},
            "outcome",
            "projet rejeté",
        ),
    ],
)
def test_the_rules_of_the_body_say_what_is_reached(council, rules, changes, field, sentence):
    if rules:
        ruled(council, **rules)
    found = faults(council, **changes)
    assert list(found) == ([field] if field else [])
    assert sentence in " ".join(found.get(field, []))


def test_the_rules_are_those_of_the_day_of_the_session(council):
    ruled(council, quorum="none")
    ruled(council, starts_on=date(2026, 10, 13), quorum="number", quorum_number=9)
    assert faults(council) == {}


def test_an_opinion_asks_no_quorum_unless_the_body_wrote_one(council):
    council.kind, council.power = "committee", "advisory"
    council.save()
    assert faults(council, outcome="favourable") == {}
    ruled(council, quorum="number", quorum_number=9)
    assert "present" in faults(council, outcome="favourable")


def test_the_desk_refuses_a_power_and_a_weaker_majority(council, clerk):
    ruled(council, quorum="none", majority="two_thirds_cast", representation="substitute", tie="rejected")
    session = Session.objects.create(intercommunality=council.intercommunality, body=council, held_on=HELD)
    project = make_project(council.intercommunality, status=Status.UNDER_REVIEW, oriented=True)
    item = services.add_item(session=session, project=project, by=clerk)
    with pytest.raises(ValidationError, match="n’admettent pas de pouvoir"):
        services.open_session(session=session, in_office=12, present=5, powers=1, by=clerk, on=HELD)
    services.open_session(session=session, in_office=12, present=5, powers=0, by=clerk, on=HELD)
    live.call_item(item=item, by=clerk)
    seats = [Seat.objects.create(body=council) for _ in range(2)]
    with pytest.raises(ValidationError, match="n’admettent pas de pouvoir"):
        live.give_proxy(session=session, giver=seats[0], holder=seats[1], by=clerk, at=timezone.now())
    with pytest.raises(ValidationError, match="à cette majorité au moins"):
        live.open_ballot(item=item, kind="ordinary", majority="simple", by=clerk, at=timezone.now())
    ballot = live.open_ballot(item=item, kind="ordinary", majority="two_thirds_cast", by=clerk, at=timezone.now())
    typed = live.rules.Totals(2, 2, 1, 0)
    closed = live.close_ballot(ballot=ballot, typed=typed, chair_votes_for=True, by=clerk, at=timezone.now())
    assert closed.chair_votes_for is None  # a tie is rejected here: nobody asks how the chair voted
