"""The money between the EPCI and its communes follows the law, to the cent; the grant of the demo comes out as told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.demo import files
from territories.levers.pact_rules import (
    Criterion,
    compensation,
    compensation_check,
    envelope_check,
    equalisation_check,
    fund_ceiling,
    fund_check,
    fund_is_within_ceiling,
    grant_is_adopted,
    is_within_thirty_percent,
    legal_criteria_check,
    regulation_check,
    solidarity_grant,
    weighted_mean,
)
from territories.levers.sharing import SharingError, nearest_cent

DATA = files.read()
TOLD = DATA.levers["solidarity_grant"]
PEOPLE = {one["insee"]: one["pmun"] + one["pcap"] for one in DATA.communes["communes"]}


def column(name):
    return {one["insee"]: one[name] for one in TOLD["communes"]}


def criteria(income=20, potential=20, population=30, roads=30):
    return [
        Criterion("income", "revenu", income, column("income_per_head"), is_gap=True, is_legal=True),
        Criterion(
            "potential", "potentiel", potential, column("financial_potential_per_head"), is_gap=True, is_legal=True
        ),
        Criterion("population", "population", population, PEOPLE),
        Criterion("roads", "voirie", roads, column("road_km")),
    ]


def test_the_averages_are_weighted_by_population():
    assert nearest_cent(weighted_mean(column("income_per_head"), PEOPLE)) == Decimal("14486.71")
    assert nearest_cent(weighted_mean(column("financial_potential_per_head"), PEOPLE)) == Decimal("955.00")


@pytest.mark.parametrize("code", ["income", "potential", "population", "roads"])
def test_every_component_of_the_grant_comes_out_to_the_cent(code):
    grant = solidarity_grant(Decimal("300000.00"), criteria(), PEOPLE)
    told = {"roads": "road"}.get(code, code)
    assert grant.components[code] == {one["insee"]: Decimal(one[f"{told}_share"]) for one in TOLD["communes"]}
    assert sum(grant.components[code].values()) == grant.envelopes[code] == Decimal(TOLD["total"][f"{told}_share"])


def test_every_total_of_the_grant_comes_out_to_the_cent():
    grant = solidarity_grant(Decimal("300000.00"), criteria(), PEOPLE)
    assert grant.totals == {one["insee"]: Decimal(one["total"]) for one in TOLD["communes"]}
    assert sum(grant.totals.values()) == Decimal("300000.00")
    assert grant.holds and grant.legal == Decimal("120000.00")


@given(
    st.decimals(min_value=0, max_value="5000000", places=2),
    st.lists(st.integers(0, 100), min_size=3, max_size=3),
)
def test_a_grant_adds_up_and_rounding_never_breaks_the_thirty_five_percent(total, cuts):
    cuts = sorted(cuts)
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    grant = solidarity_grant(total, criteria(*weights), PEOPLE)
    assert sum(grant.totals.values()) == sum(grant.envelopes.values()) == total
    if weights[0] + weights[1] >= 35:
        assert grant.holds


def test_less_than_thirty_five_percent_is_refused_with_the_figure_that_is_lacking():
    case = TOLD["must_be_refused"][0]
    total = Decimal(case["envelope"])
    legal = total * (case["income_percent"] + case["potential_percent"]) / 100
    answer = legal_criteria_check(legal, total)
    assert answer.holds is False and answer.article == "CGCT, art. L. 5211-28-4"
    assert answer.figure == Decimal("15000.00")
    assert legal_criteria_check(legal + answer.figure, total).holds
    assert not legal_criteria_check(legal + answer.figure - Decimal("0.01"), total).holds


def test_exactly_thirty_five_percent_is_enough():
    assert solidarity_grant(Decimal("100.01"), criteria(20, 15, 35, 30), PEOPLE).holds


def test_a_commune_without_income_is_refused_in_words():
    poor = [Criterion("income", "revenu", 100, {**column("income_per_head"), "96001": 0}, is_gap=True)]
    with pytest.raises(SharingError, match="« revenu » : il faut une valeur supérieure à zéro"):
        solidarity_grant(Decimal("1.00"), poor, PEOPLE)


def test_weights_that_do_not_make_a_hundred_are_refused():
    with pytest.raises(SharingError, match="ils font 105 %"):
        solidarity_grant(Decimal("1.00"), criteria(25), PEOPLE)


@pytest.mark.parametrize(("pour", "contre", "adopted"), [(33, 11, True), (2, 1, True), (65, 33, False), (0, 0, False)])
def test_the_grant_takes_two_thirds_of_the_votes_cast(pour, contre, adopted):
    assert grant_is_adopted(pour, contre) is adopted


def test_the_compensation_goes_down_with_charges_and_may_become_negative():
    assert compensation(Decimal("8100.00"), Decimal("12000.00")) == Decimal("-3900.00")
    assert compensation(Decimal("-18400.00"), Decimal("0.00"), Decimal("20000.00")) == Decimal("1600.00")


def test_a_compensation_that_does_not_follow_is_said_with_its_article():
    said = compensation_check(
        "Bréauval",
        previous=Decimal("33100.00"),
        amount=Decimal("33000.00"),
        transferred=Decimal(0),
        returned=Decimal(0),
    )
    assert said.holds is False and "1609 nonies C" in said.article and said.figure == Decimal("33100.00")


@pytest.mark.parametrize(
    ("amount", "common", "within"),
    [("130.00", "100.00", True), ("130.01", "100.00", False), ("70.00", "100.00", True), ("69.99", "100.00", False),
     ("-130.00", "-100.00", True), ("-130.01", "-100.00", False), ("0.00", "0.00", True), ("0.01", "0.00", False)],
)  # fmt: skip
def test_the_fpic_stays_within_thirty_percent_of_the_common_rule(amount, common, within):
    assert is_within_thirty_percent(Decimal(amount), Decimal(common)) is within
    assert equalisation_check("Bréauval", amount=Decimal(amount), common_rule=Decimal(common)).holds is within


def test_a_fund_reaches_its_ceiling_and_not_one_cent_more():
    cost, subsidies = Decimal("1078000"), Decimal("548000")  # P10
    assert fund_ceiling(cost, subsidies) == Decimal("265000.00")
    assert fund_is_within_ceiling(Decimal("265000"), cost=cost, subsidies=subsidies)
    assert not fund_is_within_ceiling(Decimal("265000.01"), cost=cost, subsidies=subsidies)


@pytest.mark.parametrize(
    ("kind", "article"), [("CC", "L. 5214-16 V"), ("CA", "L. 5216-5 VI"), ("CU", "L. 5215-26"), ("METRO", "L. 5215-26")]
)
def test_the_article_of_a_fund_is_the_one_of_the_kind_of_epci(kind, article):
    said = fund_check("X", kind, amount=Decimal(60), cost=Decimal(100), subsidies=Decimal(0))
    assert said.holds is False and article in said.article


def test_the_regulation_of_the_demo_stops_at_thirty_percent_and_265_000_euros():
    told = DATA.levers["contribution_funds"]
    rule = {
        "percent_ceiling": Decimal(told["share_ceiling_percent"]),
        "amount_ceiling": Decimal(told["amount_ceiling"]),
    }
    assert regulation_check("P10", amount=Decimal("265000"), cost=Decimal("1078000"), **rule).holds
    assert not regulation_check("P10", amount=Decimal("265001"), cost=Decimal("1078000"), **rule).holds
    small = regulation_check("X", amount=Decimal("30001"), cost=Decimal("100000"), **rule)
    assert not small.holds and small.figure == Decimal("30000.00")
    assert regulation_check("X", amount=Decimal(1), cost=Decimal(1), percent_ceiling=None, amount_ceiling=None) is None


def test_the_envelope_of_the_year_says_by_how_much_it_is_exceeded():
    said = envelope_check(Decimal("600000.01"), Decimal("600000"))
    assert said.holds is False and "0,01" in said.sentence
