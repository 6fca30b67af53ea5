"""How a body decides, and what surprises in its composition: pure rules, each with its article."""

import pytest

from partners.governance import plausibility
from partners.governance.conduct import (
    FREE,
    LAW,
    Conduct,
    Majority,
    Quorum,
    Representation,
    Tie,
    fault_of_majority,
    faults_of,
    in_words,
)

DEMO = [
    13_912, 5_187, 3_894, 3_106, 2_655, 2_298, 2_061, 1_803, 1_557, 1_348, 1_176, 1_019, 884, 762, 691, 608, 523, 431,
    352, 279, 214, 141,
]  # fmt: skip


@pytest.mark.parametrize(
    ("conduct", "present", "reached"),
    [
        (LAW, 24, False),
        (LAW, 25, True),
        (FREE, 0, True),
        (Conduct(Quorum.NUMBER, 8), 7, False),
        (Conduct(Quorum.NUMBER, 8), 8, True),
    ],
)
def test_the_quorum_is_that_of_the_body_and_half_of_48_is_not_enough(conduct, present, reached):
    assert conduct.quorum_reached(present, 48) is reached


def test_a_vote_may_ask_for_more_than_the_body_and_never_for_less():
    strict = Conduct(majority=Majority.TWO_THIRDS_CAST)
    assert fault_of_majority(LAW, Majority.TWO_THIRDS_MEMBERS, "Bureau") == ""
    assert fault_of_majority(strict, Majority.TWO_THIRDS_CAST, "Bureau") == ""
    assert "deux tiers des suffrages" in fault_of_majority(strict, Majority.SIMPLE, "Bureau")


def test_only_a_body_that_advises_writes_all_its_rules():
    free = Conduct(Quorum.NONE, None, Majority.SIMPLE, Tie.REJECTED, Representation.NOBODY, by_writing=True)
    assert faults_of(free, is_council=False, is_deciding=False) == {}
    assert "en séance" in faults_of(free, is_council=False, is_deciding=True)["by_writing"]
    assert "L. 2121-17" in faults_of(LAW, is_council=True, is_deciding=True)["quorum"]


@pytest.mark.parametrize(("quorum", "number"), [(Quorum.NUMBER, None), (Quorum.NUMBER, 0), (Quorum.HALF, 5)])
def test_a_quorum_in_number_has_its_number_and_the_others_have_none(quorum, number):
    assert "quorum_number" in faults_of(Conduct(quorum, number), is_council=False, is_deciding=False)


def test_powers_are_admitted_where_the_rules_say_so():
    admitted = {value for value in Representation.values if Conduct(representation=value).admits_powers}
    assert admitted == {Representation.POWER, Representation.POWER_OR_SUBSTITUTE}
    assert dict(in_words(Conduct(Quorum.NUMBER, 8)))["Quorum"] == "8 membres présents au moins"


def test_the_conseil_of_the_demo_has_48_seats_shared_as_its_order_says():
    assert plausibility.shared_seats(DEMO) == [15, 5, 4, 3, 2, 2, 2, *[1] * 15]
    assert plausibility.expected_seats(DEMO) == 48
    assert plausibility.warning_of_seats(48, DEMO) == "" == plausibility.warning_of_seats(60, DEMO)
    for surprising in (47, 61):
        assert "L. 5211-6-1" in plausibility.warning_of_seats(surprising, DEMO)
    assert plausibility.warning_of_seats(90, [400_000]) == ""  # above what the table read tells: no warning invented


@pytest.mark.parametrize(("seats", "most", "by_two_thirds"), [(48, 10, 14), (16, 4, 4), (120, 15, 15), (12, 4, 4)])
def test_a_fifth_of_the_seats_rounded_up_and_fifteen_at_most_are_vice_presidents(seats, most, by_two_thirds):
    assert plausibility.most_vice_chairs(seats) == most
    assert plausibility.most_vice_chairs(seats, two_thirds=True) == by_two_thirds


def test_vice_presidents_beyond_the_fifth_ask_for_the_vote_and_beyond_it_for_an_explanation():
    assert plausibility.warning_of_vice_chairs(10, 48) == "" == plausibility.warning_of_vice_chairs(3, None)
    assert "aux deux tiers" in plausibility.warning_of_vice_chairs(11, 48)
    assert "la loi en permet 10" in plausibility.warning_of_vice_chairs(15, 48)
