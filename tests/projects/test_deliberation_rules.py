"""The rules of a vote, on the cases of the demo territory and at their limits."""

from datetime import date

import pytest

from projects.deliberation import rules


@pytest.mark.parametrize(
    ("present", "in_office", "reached"), [(24, 48, False), (25, 48, True), (24, 47, True), (0, 0, False)]
)
def test_quorum_is_more_than_half_of_the_members_in_office(present, in_office, reached):
    assert rules.quorum_reached(present, in_office) is reached


@pytest.mark.parametrize(
    ("votes_for", "votes_against", "secret", "chair", "adopted"),
    [
        (10, 9, False, None, True),
        (9, 10, False, True, False),
        (21, 21, False, True, True),
        (21, 21, False, False, False),
        (21, 21, False, None, False),
        (21, 21, True, True, False),
        (0, 0, False, True, False),
        (38, 5, False, None, True),
    ],
)
def test_majority_is_of_the_votes_cast_and_a_tie_follows_the_chair_unless_secret(
    votes_for, votes_against, secret, chair, adopted
):
    assert rules.is_adopted(votes_for, votes_against, secret=secret, chair_votes_for=chair) is adopted


def test_five_clear_days_lie_between_sending_and_meeting():
    assert rules.earliest_meeting(date(2026, 10, 30)) == date(2026, 11, 5)


def test_one_clear_day_lies_between_in_an_emergency_and_three_before_a_second_convocation():
    assert rules.earliest_meeting(date(2026, 10, 30), urgent=True) == date(2026, 11, 1)
    assert rules.earliest_second_meeting(date(2026, 10, 30)) == date(2026, 11, 3)


def test_a_count_says_who_votes_what_is_cast_and_what_it_gives():
    typed = {"present": 41, "powers": 5, "not_taking_part": 1, "abstentions": 3, "blank_votes": 0}
    count = rules.count_of(votes_for=38, votes_against=4, **typed)
    assert (count.voters, count.given, count.cast, count.adds_up, count.is_adopted) == (45, 45, 42, True, True)
    tie = rules.count_of(votes_for=21, votes_against=21, **typed)
    assert (tie.is_tie, tie.is_adopted) == (True, False)


def test_a_member_carries_one_power_at_most():
    assert rules.faults_of_presence(in_office=48, present=10, powers=11)
    assert not rules.faults_of_presence(in_office=48, present=41, powers=5)


def test_the_votes_add_up_to_the_voters():
    assert rules.voters(41, 5, 0) == 46
    assert rules.fault_of_sum(expected=46, given=45)
    assert not rules.fault_of_sum(expected=46, given=46)
