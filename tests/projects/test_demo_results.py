"""The expected results of the demo territory, as far as its files and the rules of law can already give them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from shapely import area, coverage_is_valid
from shapely.geometry import shape
from stdnum.fr import siren, siret

from projects.demo import DemoDataError, accounts, files
from projects.funding.rules import (
    Sums,
    contribution_ceiling,
    contribution_is_within_ceiling,
    owner_share_is_enough,
    owner_share_percent,
)

DATA = files.read()
EXPECTED = DATA.expected
COMMUNES = DATA.communes["communes"]
PROJECTS = {project["ref"]: project for project in DATA.projects}
PLANS = [(project, plan) for project in DATA.projects for plan in project.get("plans", [])]
PLAN_IDS = [f"{project['ref']} {plan['version']}" for project, plan in PLANS]


def sums_of(project: dict, plan: dict, **more: int) -> Sums:
    """The amounts of a plan by nature; `more` adds euros to some of them."""
    amounts = Counter()
    for line in plan["lines"]:
        amounts[line["nature"]] += line["amount"]
    return Sums(
        cost=Decimal(files.cost_of(project)),
        public=Decimal(amounts["public"] + more.get("public", 0)),
        private=Decimal(amounts["private"]),
        contributions=Decimal(amounts["contribution"] + more.get("contributions", 0)),
        own=Decimal(amounts["own"] + more.get("own", 0)),
    )


def test_communes_and_populations_add_up():
    assert len(COMMUNES) == EXPECTED["communes"]["count"] == 22
    assert sum(one["pmun"] for one in COMMUNES) == EXPECTED["communes"]["municipal_population"] == 44_901
    assert sum(one["pmun"] + one["pcap"] for one in COMMUNES) == EXPECTED["communes"]["total_population"] == 45_790


def test_seats_follow_the_vector():
    assert [one["seats"] for one in COMMUNES] == EXPECTED["council"]["vector"]
    assert sum(one["seats"] for one in COMMUNES) == EXPECTED["council"]["seats"] == 48


def test_identifiers_have_a_right_key():
    assert siren.is_valid(DATA.territory["siren"]) and siret.is_valid(DATA.territory["siret"])
    assert all(siren.is_valid(one["siren"]) and siret.is_valid(one["siret"]) for one in COMMUNES)


def test_outlines_tile_the_territory_without_gap_or_overlap():
    shapes = [shape(DATA.outlines[one["insee"]]) for one in COMMUNES]
    assert len(DATA.outlines) == 22
    assert coverage_is_valid(shapes)
    assert area(shapes).min() > 0


def test_the_tree_has_4_axes_14_objectives_and_30_projects():
    axes = DATA.strategy["plan"]["axes"]
    objectives = [objective for axis in axes for objective in axis["objectives"]]
    assert (len(axes), len(objectives), len(PROJECTS)) == (4, 14, 30)
    placed = {ref: objective["code"] for objective in objectives for ref in objective["projects"]}
    assert placed == {ref: project["objectives"][0] for ref, project in PROJECTS.items()}
    assert all(objective["projects"] for objective in objectives)


def test_projects_were_born_where_the_specification_says():
    assert Counter(project["origin"] for project in DATA.projects) == EXPECTED["origins"]


def test_investments_add_up():
    total = sum(project["investment"]["cost_excl_tax"] for project in DATA.projects if "investment" in project)
    assert total == EXPECTED["total_investment_excl_tax"] == 19_889_000


@pytest.mark.parametrize(("project", "plan"), PLANS, ids=PLAN_IDS)
def test_a_plan_is_balanced_and_gives_the_expected_answers(project, plan):
    sums, expected = sums_of(project, plan), plan["expected"]
    assert sums.is_balanced
    if expected["min_share"] == "not_applicable":
        assert project["owner"]["private"]
    else:
        assert owner_share_is_enough(sums) == (expected["min_share"] == "ok")
        assert owner_share_percent(sums) == Decimal(expected["ratio"])
    if expected["ceiling"] is not None:
        assert contribution_ceiling(sums) == expected["ceiling"]
        assert contribution_is_within_ceiling(sums)


def test_one_plan_only_breaks_the_twenty_percent_rule():
    broken = [
        f"{project['ref']} {plan['version']}"
        for project, plan in PLANS
        if not project["owner"].get("private") and not owner_share_is_enough(sums_of(project, plan))
    ]
    assert broken == [EXPECTED["funding"]["only_non_compliant_plan"]] == ["P14 v1"]


def test_one_contribution_is_exactly_at_its_ceiling_and_one_more_euro_is_refused():
    at_ceiling = [
        project["ref"]
        for project, plan in PLANS
        if (sums := sums_of(project, plan)).contributions and sums.contributions == contribution_ceiling(sums)
    ]
    assert at_ceiling == [EXPECTED["funding"]["at_exact_ceiling"]] == ["P10"]
    plan = PROJECTS["P10"]["plans"][0]
    assert not contribution_is_within_ceiling(sums_of(PROJECTS["P10"], plan, contributions=1, own=-1))


def test_the_twenty_percent_rule_does_not_concern_a_private_owner():
    exempt = [project["ref"] for project, plan in PLANS if plan["expected"]["min_share"] == "not_applicable"]
    assert exempt == [EXPECTED["funding"]["rule_not_shown"]] == ["P21"]


def test_running_costs_add_up():
    for project in DATA.projects:
        operating = project.get("operating")
        assert operating is None or sum(line["amount"] for line in operating["lines"]) == operating["total"]


def test_shared_money_adds_up_to_the_cent():
    key, grant = DATA.levers["flying_secretariat_key"], DATA.levers["solidarity_grant"]
    assert sum(Decimal(one["amount"]) for one in key["communes"]) == Decimal(EXPECTED["flying_secretariat_key"])
    assert sum(Decimal(one["total"]) for one in grant["communes"]) == Decimal(EXPECTED["solidarity_grant"])


def test_the_investment_plan_adds_up():
    planned = DATA.investment_plan["projects"]
    assert sum(one["total"] for one in planned) == EXPECTED["investment_plan"] == 16_929_000
    assert all(one["before"] + sum(one["years"].values()) == one["total"] for one in planned)


def test_consultations_keep_the_position_of_every_commune():
    positions = DATA.consultations["positions"]
    assert sum(one["ptot"] for one in positions) == DATA.consultations["total_population"] == 45_790
    for procedure in DATA.consultations["procedures"]:
        counted = {"favourable", "silence"} if procedure["silence"] == "favourable" else {"favourable"}
        favourable = [one for one in positions if one[procedure["code"]] in counted]
        assert len(favourable) == procedure["expected"]["counted_favourable"]
        assert sum(one["ptot"] for one in favourable) == procedure["expected"]["population"]


def test_one_account_is_printed_for_each_role():
    printed = accounts()
    assert len(printed) == 12
    assert all(account.email.endswith(".example") and len(account.password) >= 12 for account in printed)


def test_every_date_moves_by_the_same_number_of_days():
    moved = files.read(shift_days=10)
    assert moved.territory["reference_date"] == date(2026, 11, 25)
    assert moved.projects[0]["steps"][0]["date"] == date(2024, 2, 24)
    assert "24/02/2024" in moved.projects[0]["origin_text"]
    assert moved.territory["phone"] == DATA.territory["phone"]


def test_a_plan_out_of_balance_is_refused_by_name():
    broken = files.read()
    broken.projects[0]["plans"][0]["lines"][0]["amount"] += 1
    with pytest.raises(DemoDataError, match=r"P01\.yaml : le plan v1 totalise 68001 € pour un coût de 68000 €"):
        files.check(broken)


def test_an_unknown_partner_is_refused_by_name():
    broken = files.read()
    broken.projects[1]["partners"].append("PA99")
    with pytest.raises(DemoDataError, match=r"P02\.yaml : le partenaire « PA99 » n’existe pas"):
        files.check(broken)


def test_an_unreadable_file_is_refused_with_its_line(tmp_path):
    (tmp_path / "territory.yaml").write_text("siren: '249600016'\nname: [\n", encoding="utf-8")
    with pytest.raises(DemoDataError, match=r"territory.yaml, ligne \d+ : le fichier n’est pas du YAML lisible"):
        files.read(tmp_path)
