"""The rules on money are exact to the cent, carry their article, and give the figure that would put things right."""

from decimal import Decimal

import pytest

from projects.funding.forms import EurosField
from projects.funding.rules import (
    Sums,
    checks_of,
    contribution_ceiling,
    contribution_is_within_ceiling,
    largest_contribution,
    owner_share_is_enough,
    owner_share_percent,
)


def sums(cost, public=0, private=0, contributions=0, own=0):
    return Sums(*(Decimal(amount) for amount in (cost, public, private, contributions, own)))


def test_eighty_four_per_cent_of_subsidies_may_be_legal():
    assert owner_share_is_enough(sums(500_000, public=320_000, private=100_000, own=80_000))


def test_seventy_two_per_cent_of_public_aid_may_not():
    plan = sums(500_000, public=300_000, private=60_000, contributions=60_000, own=80_000)
    assert not owner_share_is_enough(plan)
    assert owner_share_percent(plan) == Decimal("18.18")


def test_one_cent_under_twenty_per_cent_is_refused():
    assert owner_share_is_enough(sums(100, public=80, own=20))
    assert not owner_share_is_enough(sums(100, public="80.01", own="19.99"))


def test_the_ceiling_of_fonds_de_concours_is_exact_to_the_euro():
    at_ceiling = sums(1_078_000, public=428_000, private=120_000, contributions=265_000, own=265_000)
    above = sums(1_078_000, public=428_000, private=120_000, contributions=265_001, own=264_999)
    assert contribution_ceiling(at_ceiling) == 265_000
    assert contribution_is_within_ceiling(at_ceiling)
    assert not contribution_is_within_ceiling(above)


def test_what_may_still_be_asked_obeys_both_rules():
    plan = sums(500_000, public=300_000, private=60_000, own=140_000)
    assert largest_contribution(plan) == Decimal("52000.0")


def test_a_private_owner_is_not_told_of_the_twenty_per_cent():
    plan = sums(240_000, public=165_000, private=30_000, own=45_000)
    assert "owner_share" not in {check.name for check in checks_of(plan, owner_is_public=False)}
    assert "owner_share" in {check.name for check in checks_of(plan)}


def test_the_article_of_fonds_de_concours_is_that_of_the_kind_of_intercommunality():
    plan = sums(100_000, public=20_000, contributions=10_000, own=70_000)
    cited = {kind: checks_of(plan, kind=kind)[-1].article for kind in ("CC", "CA", "CU")}
    assert cited == {"CC": "CGCT, art. L. 5214-16 V", "CA": "CGCT, art. L. 5216-5 VI", "CU": "CGCT, art. L. 5215-26"}


def test_a_plan_that_does_not_balance_says_by_how_much():
    balance = checks_of(sums(100_000, own=90_000))[0]
    assert not balance.holds
    assert balance.figure == 10_000
    assert "Il manque" in balance.sentence


@pytest.mark.parametrize("typed", ["12 350,50 €", "12\u202f350,50\u00a0€", "12350.50", "12350,5"])
def test_an_amount_is_read_as_people_write_it(typed):
    assert EurosField().clean(typed) == Decimal("12350.50")
