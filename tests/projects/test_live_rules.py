"""The rules of the room and of the vote, on plain values: article by article, then 500 walks at random.

`WALKS=5000` walks as long as the promise says; the suite walks less, to stay quick.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from projects.ballots import rules
from projects.ballots.rules import Room, Totals
from projects.deliberation.models import Outcome
from projects.deliberation.rules import Majority, is_carried, required_votes, two_thirds
from projects.deliberation.services import DECIDING_OUTCOMES, TRANSITION_OF
from projects.proposals.states import Status
from projects.proposals.workflow import TRANSITIONS

P23 = {"first": (31, 7, 4), "second": (34, 8, 2)}
WALKS = int(os.environ.get("WALKS", "500"))


@pytest.mark.parametrize(
    ("vote", "majority", "carried"),
    [
        ("first", Majority.TWO_THIRDS_MEMBERS, False),
        ("first", Majority.TWO_THIRDS_CAST, True),
        ("first", Majority.SIMPLE, True),
        ("second", Majority.TWO_THIRDS_MEMBERS, True),
        ("second", Majority.TWO_THIRDS_CAST, True),
    ],
)
def test_the_lake_is_refused_with_31_votes_then_adopted_with_34_where_32_are_needed(vote, majority, carried):
    votes_for, against, _ = P23[vote]
    assert two_thirds(48) == 32
    assert is_carried(majority, votes_for=votes_for, votes_against=against, in_office=48) is carried


def test_the_basis_changes_what_is_needed():
    def needed(majority, votes_for=31, against=7):
        return required_votes(majority, votes_for=votes_for, votes_against=against, in_office=48)

    assert [needed(majority) for majority in Majority] == [20, 26, 32]
    # P29: 30 for, 9 against: two thirds of the votes cast, not of the members
    assert needed(Majority.TWO_THIRDS_CAST, 30, 9) == 26
    assert not is_carried(Majority.TWO_THIRDS_MEMBERS, votes_for=30, votes_against=9, in_office=48)


def test_a_tie_follows_the_chair_except_when_secret_and_never_makes_two_thirds():
    def tie(majority=Majority.SIMPLE, **fields):
        return is_carried(majority, votes_for=21, votes_against=21, in_office=48, **fields)

    assert tie(chair_votes_for=True)
    assert not tie(chair_votes_for=False)
    assert not tie(chair_votes_for=True, secret=True)
    assert not tie(Majority.TWO_THIRDS_CAST, chair_votes_for=True)
    assert not is_carried(Majority.TWO_THIRDS_CAST, votes_for=0, votes_against=0, in_office=48)


def test_powers_make_no_quorum_and_who_stands_aside_leaves_it():
    powers = {100 + n: n for n in range(20)}
    assert not rules.has_quorum(Room(48, frozenset(range(24)), powers))
    assert rules.has_quorum(Room(48, frozenset(range(25)), powers))
    assert not rules.has_quorum(Room(48, frozenset(range(25)), powers, withdrawn=frozenset({3})))


def test_one_power_per_holder_given_by_an_absent_member_to_a_present_one():
    room = Room(48, frozenset({1, 2}), {10: 1})
    assert "n’en permet qu’un" in rules.fault_of_power(room, 11, 1)
    assert "déjà donné" in rules.fault_of_power(room, 10, 2)
    assert "vote elle-même" in rules.fault_of_power(room, 1, 2)
    assert "présent dans la salle" in rules.fault_of_power(room, 11, 12)
    assert "soi-même" in rules.fault_of_power(room, 11, 11)
    assert rules.fault_of_power(room, 11, 2) == ""


def test_a_power_sleeps_while_its_holder_is_out_or_stands_aside():
    assert rules.entitled(Room(48, frozenset({1, 2}), {10: 1})) == {1: 1, 2: 2, 10: 1}
    assert rules.entitled(Room(48, frozenset({2}), {10: 1})) == {2: 2}
    assert rules.entitled(Room(48, frozenset({1, 2}), {10: 1}, frozenset({1}))) == {2: 2}
    assert rules.entitled(Room(48, frozenset({1, 2}), {10: 1}, frozenset({10}))) == {1: 1, 2: 2}
    assert rules.entitled(Room(48, frozenset({1, 10}), {10: 1})) == {1: 1, 10: 10}


def test_a_quarter_asks_for_a_public_ballot_and_a_third_for_a_secret_one():
    assert rules.public_ballot_is_due(10, 40)
    assert not rules.public_ballot_is_due(10, 41)
    assert rules.secret_ballot_is_due(14, 42)
    assert not rules.secret_ballot_is_due(13, 42)
    assert rules.secret_ballot_is_due(0, 42, is_appointment=True)


def test_typed_totals_add_up_and_wipe_out_no_vote_received():
    assert "42 votants" in rules.fault_of_totals(Totals(31, 7, 3), voters=42, received=Totals())
    assert "reçu 32" in rules.fault_of_totals(Totals(31, 7, 4), voters=42, received=Totals(32))
    assert rules.fault_of_totals(Totals(31, 7, 4), voters=42, received=Totals(31, 2)) == ""
    assert rules.completed(Totals(31, 7), 42) == Totals(31, 7, 4)


def test_every_outcome_of_a_deciding_body_moves_the_project_from_the_agenda():
    table = {row.name: row for row in TRANSITIONS}
    for outcome in DECIDING_OUTCOMES:
        assert table[TRANSITION_OF[outcome]].sources == {Status.ON_AGENDA}


SEATS = st.integers(0, 6)
TABLE = {transition.name: transition for transition in TRANSITIONS}


class WalkedSession(RuleBasedStateMachine):
    """A session of seven members and one project, walked at random; what is counted twice must agree."""

    def __init__(self):
        super().__init__()
        self.present, self.powers, self.aside = set(), {}, set()
        self.status, self.votes, self.frozen, self.decided = Status.ON_AGENDA, None, None, []

    @property
    def room(self):
        return Room(7, frozenset(self.present), dict(self.powers), frozenset(self.aside))

    @property
    def voted(self):
        return set(self.votes or ())

    @rule(seat=SEATS)
    def arrive(self, seat):
        if rules.fault_of_arrival(self.room, seat) or seat in self.voted:
            return
        self.present.add(seat)
        self.powers.pop(seat, None)

    @rule(seat=SEATS)
    def leave(self, seat):
        if not rules.fault_of_departure(self.room, seat, self.voted):
            self.present.remove(seat)

    @rule(giver=SEATS, holder=SEATS)
    def give_power(self, giver, holder):
        if not rules.fault_of_power(self.room, giver, holder):
            self.powers[giver] = holder

    @rule(seat=SEATS)
    def stand_aside(self, seat):
        if not rules.fault_of_withdrawal(self.room, seat, "Son frère est candidat.", self.voted):
            self.aside.add(seat)

    @precondition(lambda self: self.votes is None and self.frozen is None and self.status == Status.ON_AGENDA)
    @rule()
    def open_ballot(self):
        if rules.has_quorum(self.room):
            self.votes = {}

    @precondition(lambda self: self.votes is not None)
    @rule(seat=SEATS, position=st.sampled_from(["votes_for", "votes_against", "abstentions", "blank_votes"]))
    def vote(self, seat, position):
        if seat in rules.entitled(self.room):
            self.votes.setdefault(seat, position)

    @precondition(lambda self: self.votes)
    @rule()
    def close_ballot(self):
        values = list(self.votes.values())
        names = ("votes_for", "votes_against", "abstentions", "blank_votes")
        voters = rules.entitled(self.room)
        assert set(self.votes) <= set(voters)  # nobody who voted lost the right to
        self.frozen = rules.completed(Totals(*(values.count(name) for name in names)), len(voters)), len(voters)
        self.votes = None

    @precondition(lambda self: self.votes is None)
    @rule(outcome=st.sampled_from(DECIDING_OUTCOMES), majority=st.sampled_from(Majority), chair=st.booleans())
    def proclaim(self, outcome, majority, chair):
        move = TABLE[TRANSITION_OF[outcome]]
        voted = {Outcome.ADOPTED: True, Outcome.ADOPTED_MODIFIED: True, Outcome.REJECTED: False}
        if outcome in voted:
            if self.frozen is None:
                return
            count = self.frozen[0]
            cast = {"votes_for": count.votes_for, "votes_against": count.votes_against}
            if is_carried(majority, **cast, in_office=7, chair_votes_for=chair) is not voted[outcome]:
                return
        if self.status in move.sources:
            self.status = move.target
            self.decided.append(outcome)

    @precondition(lambda self: self.status == Status.DEFERRED)
    @rule()
    def return_later(self):
        self.status, self.votes, self.frozen, self.decided = TABLE["place_on_agenda"].target, None, None, []
        self.aside = set()

    @invariant()
    def what_is_counted_agrees(self):
        room = self.room
        voters, used = rules.entitled(room), rules.powers_in_use(room)
        assert len(voters) == len(rules.taking_part(room)) + len(used)
        assert len(set(used.values())) == len(used)  # one power per holder
        assert not set(voters) & self.aside and not set(voters.values()) & self.aside
        assert rules.has_quorum(room) == (len(self.present - self.aside) >= 4)
        assert set(self.votes or ()) <= set(voters)
        assert len(self.decided) <= 1  # one decision, and the project left the agenda with it
        assert bool(self.decided) == (self.status != Status.ON_AGENDA)
        if self.frozen:
            assert self.frozen[0].given == self.frozen[1]


WalkedSession.TestCase.settings = settings(max_examples=WALKS, stateful_step_count=16, deadline=None)
TestASessionWalkedAtRandomNeverLeavesTheRules = WalkedSession.TestCase


@pytest.mark.parametrize(
    ("voted", "voters", "warns"),
    [(0, 25, False), (1, 25, True), (2, 25, True), (3, 25, False), (2, 3, True), (1, 1, False), (2, 2, False)],
)
def test_few_ballots_in_a_secret_urn_tell_who_voted_what(voted, voters, warns):
    assert bool(rules.told_of_few(voted, voters)) is warns
