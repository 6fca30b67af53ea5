"""A shared cost is shared to the cent, whatever the key; the key of the demo comes out as written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.demo import files
from territories.levers.sharing import (
    SharingError,
    breakdown,
    fixed_share,
    nearest_cent,
    quotas,
    repayment,
    share,
    unit_cost,
)

KEY = files.read().levers["flying_secretariat_key"]
WORKED = [
    (50, {"A": 620, "B": 300, "C": 180}),
    (30, {"A": 284, "B": 218, "C": 144}),
    (20, {"A": 1, "B": 1, "C": 1}),
]
TOTALS = st.decimals(min_value="-9999999", max_value="9999999", places=2)


@st.composite
def keys(draw):
    """Weights that make a hundred, and values for the same communes, never all zero."""
    codes = draw(st.lists(st.integers(1001, 99999).map("{:05d}".format), min_size=1, max_size=30, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=0, max_size=3)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    value = st.one_of(st.integers(0, 50_000), st.decimals(min_value=0, max_value=9999, places=3))
    criteria = []
    for weight in weights:
        values = {code: draw(value) for code in codes}
        values[codes[0]] += 1
        criteria.append((weight, values))
    return criteria


def demo_key():
    hours = {one["insee"]: one["hours"] for one in KEY["communes"]}
    people = {one["insee"]: one["ptot"] for one in KEY["communes"]}
    weights = KEY["weights"]
    criteria = [(weights["hours"], hours), (weights["total_population"], people)]
    return [*criteria, (weights["equal"], dict.fromkeys(hours, 1))]


def test_the_worked_example_comes_out_to_the_cent():
    given_to = share(Decimal("42000.00"), WORKED)
    assert given_to == {"A": Decimal("20175.68"), "B": Decimal("12779.29"), "C": Decimal("9045.03")}


def test_the_components_of_the_worked_example_are_those_of_the_table_and_the_rounding_is_shown():
    lines = {line.insee: line for line in breakdown(Decimal("42000.00"), WORKED)}
    assert lines["A"].components == (Decimal("11836.36"), Decimal("5539.32"), Decimal("2800.00"))
    assert lines["B"].components == (Decimal("5727.27"), Decimal("4252.01"), Decimal("2800.00"))
    assert lines["C"].components == (Decimal("3436.36"), Decimal("2808.67"), Decimal("2800.00"))
    assert [lines[code].rounding for code in "ABC"] == [0, Decimal("0.01"), 0]


def test_the_key_of_the_flying_secretariat_comes_out_to_the_cent():
    total = Decimal(KEY["total_cost"])
    assert fixed_share(total, Decimal(KEY["epci_share_percent"])) == Decimal("31500.00")
    shares = share(total - Decimal("31500.00"), demo_key())
    assert shares == {one["insee"]: Decimal(one["amount"]) for one in KEY["communes"]}
    assert sum(shares.values()) == Decimal("94500.00")


@given(TOTALS, keys())
def test_the_sum_is_the_total_exactly_and_no_share_is_a_cent_away(total, criteria):
    shares, parts = share(total, criteria), quotas(criteria)
    assert sum(shares.values()) == total
    assert all(abs(Fraction(shares[code]) - Fraction(total) * parts[code]) < Fraction(1, 100) for code in shares)


@given(st.decimals(min_value=0, max_value="9999", places=2), keys())
def test_a_naive_sharing_cent_by_cent_gives_the_same(total, criteria):
    parts = quotas(criteria)
    due = {code: Fraction(total) * 100 * part for code, part in parts.items()}
    given_to = {code: int(amount) for code, amount in due.items()}
    while sum(given_to.values()) < total * 100:
        code = min(due, key=lambda code: (given_to[code] - due[code], code))
        given_to[code] += 1
    assert share(total, criteria) == {code: Decimal(cents) / 100 for code, cents in given_to.items()}


@given(st.decimals(min_value=0, max_value="9999999", places=2), keys())
def test_who_uses_more_never_pays_less(total, criteria):
    shares, parts = share(total, criteria), quotas(criteria)
    ranked = sorted(parts, key=lambda code: (-parts[code], code))
    assert [shares[code] for code in ranked] == sorted(shares.values(), reverse=True)


@given(TOTALS, keys(), st.randoms())
def test_the_order_of_communes_and_criteria_changes_nothing(total, criteria, chance):
    mixed = [(weight, dict(chance.sample(list(values.items()), len(values)))) for weight, values in criteria]
    chance.shuffle(mixed)
    assert share(total, mixed) == share(total, criteria)


@given(TOTALS, keys())
def test_a_negative_total_is_shared_as_its_opposite(total, criteria):
    back = share(-total, criteria)
    assert {code: -amount for code, amount in back.items()} == share(total, criteria)


@given(TOTALS, keys())
def test_every_line_and_every_column_of_the_table_adds_up(total, criteria):
    lines = breakdown(total, criteria)
    assert all(sum(line.components) + line.rounding == line.share for line in lines)
    columns = [sum(line.components[n] for line in lines) for n in range(len(criteria))]
    assert sum(columns) + sum(line.rounding for line in lines) == total


def test_ties_go_in_insee_order():
    assert share(Decimal("0.02"), [(100, {"96003": 1, "96001": 1, "96002": 1})]) == {
        "96001": Decimal("0.01"),
        "96002": Decimal("0.01"),
        "96003": Decimal("0.00"),
    }


@pytest.mark.parametrize(
    ("criteria", "reason"),
    [
        ([(60, {"A": 1}), (50, {"A": 1})], "ils font 110 %"),
        ([(60, {"A": 1})], "ils font 60 %"),
        ([], "ils font 0 %"),
        ([(100, {"A": 0, "B": 0})], "« heures » : le total des valeurs est nul"),
        ([(100, {"A": -1, "B": 2})], "ne peut pas être négative"),
        ([(50, {"A": 1, "B": 1}), (50, {"A": 1})], "« population » : il faut une valeur pour chaque commune"),
        ([(120, {"A": 1}), (-20, {"A": 1})], "Un poids ne peut pas être négatif"),
        ([(100, {"A": Decimal("NaN")})], "n’est pas un nombre"),
    ],
)
def test_a_key_that_cannot_be_computed_is_refused_in_words(criteria, reason):
    with pytest.raises(SharingError, match=reason):
        share(Decimal("10.00"), criteria, ["heures", "population"])


def test_a_criterion_without_weight_may_have_no_value():
    assert share(Decimal("1.00"), [(100, {"A": 1}), (0, {"A": 0})]) == {"A": Decimal("1.00")}


@pytest.mark.parametrize("criteria", [[(100, {"A": 1.5})], [(50.0, {"A": 1}), (50.0, {"A": 1})], [(100, {"A": True})]])
def test_floats_are_refused(criteria):
    with pytest.raises(TypeError):
        share(Decimal("1.00"), criteria)
    with pytest.raises(TypeError):
        share(1.0, [(100, {"A": 1})])


def test_less_than_a_cent_is_refused():
    with pytest.raises(SharingError, match="au centime"):
        share(Decimal("1.001"), [(100, {"A": 1})])


def test_a_half_cent_goes_away_from_zero():
    assert [nearest_cent(Fraction(n, 1000)) for n in (5, -5, 4, -4)] == [
        Decimal(x) for x in ("0.01", "-0.01", "0", "0")
    ]


def test_the_unit_cost_is_the_one_of_the_regulation():
    cost = unit_cost(
        staff=Decimal("48000"), supplies=Decimal("7400"), renewal=Decimal("3600"), contracts=Decimal("2000"), units=1900
    )
    assert cost == Decimal("32.11")
    assert repayment(cost, 120) == Decimal("3853.20")
    assert repayment(cost, Decimal("12.5")) == Decimal("401.38")


def test_a_unit_cost_without_units_is_refused():
    with pytest.raises(SharingError, match="supérieur à zéro"):
        unit_cost(staff=Decimal(1), supplies=Decimal(0), renewal=Decimal(0), contracts=Decimal(0), units=0)


def test_the_share_of_the_epci_stays_between_nothing_and_everything():
    assert fixed_share(Decimal("100.01"), Decimal("50")) == Decimal("50.01")
    with pytest.raises(SharingError, match="entre 0 et 100"):
        fixed_share(Decimal("1.00"), Decimal("101"))
