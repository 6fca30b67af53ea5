"""The programme of investments: what is spent, aided and left each year, HT and TTC apart, from sums that are kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.people.models import Role, User
from projects.models import FundingLine, FundingPlan, FundingYear, PaymentCredit, Status
from projects.portfolio.commune_page import charges_note
from projects.portfolio.programme import programme_of
from projects.proposals.models import Project
from projects.report.content import gather
from projects.report.documents import report_document
from projects.report.tables import read_tables
from territories.models import Intercommunality
from tests.factories import make_agent, make_commune, make_coordinator, make_epci, make_member, make_project

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def said(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


class World:
    def __init__(self):
        self.epci = make_epci()
        self.coordinator = make_coordinator(self.epci)

    def program(self, spent, aids, *, cost=100, **about):
        """A project that spends (HT, TTC) each year, and its aids: amount, and what is said of its years."""
        more = {name: about.pop(name) for name in ("basis", "cost_incl_tax") if name in about}
        project = make_project(self.epci, **{"status": Status.ADOPTED} | about)
        own = {"intercommunality": self.epci, "project": project}
        plan = FundingPlan.objects.create(cost_excl_tax=cost, **more, **own)
        said = {"intercommunality": self.epci, "plan": plan}
        for year, (excl, incl) in spent.items():
            PaymentCredit.objects.create(year=year, amount=excl, amount_incl_tax=incl, **said)
        for amount, years in aids:
            line = FundingLine.objects.create(
                intercommunality=self.epci, plan=plan, funder="CAF", amount=amount, nature="private"
            )
            for year, part in years.items():
                FundingYear.objects.create(intercommunality=self.epci, line=line, year=year, amount=part)
        FundingLine.objects.create(intercommunality=self.epci, plan=plan, funder="CCVO", amount=1, nature="own")
        return project

    def give_year(self, project):
        plan = project.funding_plans.get()
        PaymentCredit.objects.create(intercommunality=self.epci, plan=plan, year=2027, amount=plan.cost_excl_tax)

    def read(self, user=None):
        return programme_of(self.epci, user or self.coordinator)


@pytest.fixture
def world():
    return World()


def test_an_aid_counts_in_its_year_or_apart_and_the_owner_is_no_aid(world):
    world.program({2027: (60, None), 2028: (40, None)}, [(30, {2028: 10, 2029: 20}), (5, {})])
    page = world.read()
    [net] = page["nets"]
    assert page["years"] == ["2027", "2028", "2029"]  # the balance of an aid comes after the works
    assert (net.basis, net.spent, net.grants, net.unsaid) == ("HT", [60, 40, 0], [0, 10, 20], 5)
    assert [(title, total) for title, _, total in net.lines][1:] == [
        ("Aides", 35), ("Net, à la charge des maîtres d’ouvrage", 65),
    ]  # fmt: skip
    assert net.net == [60, 30, -20]
    assert [cells for _, cells, _ in net.lines] == [[60, 40, 0, 0], [0, 10, 20, 5], [60, 30, -20, -5]]
    assert all(sum(cells) == total for _, cells, total in net.lines)  # a row that is read adds up
    assert "5\xa0€ n’ont pas encore d’année" in net.remarks[0]
    [(_, cells, one)] = page["rows"]
    assert (cells, one.spent, one.grants, one.net) == ([60, 40, 0], 100, 35, 65)


def test_plans_with_tax_have_their_own_table_and_nothing_of_the_two_is_added_up(world):
    world.program({2027: (100, 120)}, [(30, {2027: 30})])
    world.program({2027: (50, 60), 2028: (50, None)}, [(40, {2027: 40})], basis="incl", cost_incl_tax=120)
    page = world.read()
    without_tax, with_tax = page["nets"]
    assert (without_tax.spent, without_tax.grants) == ([100, 0], [30, 0])
    assert (with_tax.basis, with_tax.spent, with_tax.grants, with_tax.lacking) == ("TTC", [60, 0], [40, 0], 1)
    assert "1 montant TTC n’est pas encore dans ces dépenses" in with_tax.remarks[0]
    assert page["totals"] == [150, 50]  # what is spent without tax, whatever the plan stands on
    assert [net.figure for _, _, net in page["rows"]] == ["70", "TTC non dit"]
    PaymentCredit.objects.filter(year=2028).get().save()
    credit = PaymentCredit.objects.get(year=2028)
    credit.amount_incl_tax = 61
    credit.save()
    page = world.read()
    assert page["nets"][1].spent == [60, 61] and not page["nets"][1].remarks
    assert page["rows"][1][2].figure == "81 TTC"


def test_a_project_that_is_not_programmed_brings_no_aid_to_the_programme(world):
    world.program({}, [(30, {2027: 30})])
    world.program({2027: (1, None)}, [])
    assert world.read()["nets"][0].grants == [0]


def test_each_reader_reads_the_sums_of_the_projects_they_see(world):
    agent = make_agent(world.epci)
    world.program({2027: (60, None)}, [(30, {2027: 30})])
    world.program({2027: (7, None)}, [(2, {2027: 2})], status=Status.DRAFT, author=agent)
    assert world.read(agent)["nets"][0].spent == [67] and world.read(agent)["nets"][0].grants == [32]
    assert world.read()["nets"][0].spent == [60]


def test_the_page_and_the_print_say_the_same(world, client):
    world.program({2027: (100, 120)}, [(30, {2027: 20}), (10, {})])
    world.program({2026: (50, 60)}, [(40, {2028: 40})], basis="incl", cost_incl_tax=60)
    page = world.read()
    report = gather(world.epci, user=None, today=timezone.localdate())
    assert (report.programme.years, report.programme.nets) == (page["years"], page["nets"])
    assert [row[1:] for row in report.programme.rows] == [row[1:] for row in page["rows"]]
    assert [(one.basis, one.total) for one in report.funders] == [("HT", 41), ("TTC", 41)]
    html = "".join(part.html for part in report_document(report).parts).replace("\xa0", " ")
    assert html.count("Sans année</th>") == 1
    assert "leurs montants ne s’additionnent pas" in html and "(plans établis en TTC)" in html
    client.force_login(world.coordinator, BACKEND)
    shown = said(client.get(reverse("projects:investment_programme")))
    assert shown.count("Sans année") == 1
    assert "20 € n’ont pas encore d’année" in shown and "chaque base a son total" in shown


def test_what_a_commune_bears_is_added_up_without_tax_and_with_it_apart():
    note = charges_note({"TTC": Decimal(4), "HT": Decimal(3)}, "", is_cut=False)
    assert note.replace("\xa0", " ") == "Toutes les aides comptées, 3,00 € HT et 4,00 € TTC en tout."


def test_each_year_of_the_programme_is_in_the_files_that_are_taken_away(world):
    with_tax = world.program({2027: (50, 60), 2028: (50, None)}, [(40, {2027: 40})], basis="incl", cost_incl_tax=120)
    tables = {table.name: list(table.rows) for table in read_tables(Project.objects.all())}
    assert tables["Programmation par année"] == [
        (with_tax.reference, 2027, "", 50, 60, 40, 20, "TTC"),
        (with_tax.reference, 2028, "", 50, None, 0, None, "TTC"),
    ]


def test_a_programme_that_leaves_nothing_out_says_nothing_of_it(world, client):
    world.program({2027: (60, None)}, [])
    world.program({}, [], status=Status.REJECTED)
    client.force_login(world.coordinator, BACKEND)
    html = said(client.get(reverse("projects:investment_programme")))
    assert "Pas encore programmés" not in html and "Ces totaux comptent" not in html
    world.program({}, [])
    assert "1 projet n’a pas encore d’année" in said(client.get(reverse("projects:investment_programme")))


def test_what_costs_without_a_year_is_kept_as_a_sum_of_the_admissible_projects_that_each_reader_sees(world):
    world.program({}, [], cost=70)
    world.program({}, [], cost=0)
    world.program({2027: (60, None)}, [], cost=60)
    for state in (Status.REJECTED, Status.ABSORBED, Status.SUBMITTED, Status.DRAFT):
        world.program({}, [], status=state, author=world.coordinator)
    seen = world.program({}, [], cost=30, scale=Project.Scale.COMMUNE)
    commune = make_commune(world.epci)
    seen.communes.add(commune)
    with CaptureQueriesContext(connection) as asked:
        every = world.read()["unprogrammed"]
    assert (every.count, every.euros, [plan.cost_excl_tax for plan in every.some]) == (2, 100, [70, 30])
    assert not [query for query in asked.captured_queries if 'SUM("projects_fundingplan"' in query["sql"]]
    theirs = world.read(make_member(world.epci, Role.COUNCILLOR, commune=commune))["unprogrammed"]
    assert (theirs.count, theirs.euros, [plan.project for plan in theirs.some]) == (1, 30, [seen])
    world.give_year(seen)
    left = world.read()["unprogrammed"]
    assert (left.count, left.euros) == (1, 70)


def test_the_programme_of_the_demo_is_that_of_the_specification(demo_territory):
    page = programme_of(Intercommunality.objects.get(), User.objects.get(email="projet@ccvo.example"))
    totals = [2_263_400, 2_717_900, 4_867_500, 4_138_700, 2_346_500, 595_000]
    assert (page["totals"], page["total"]) == (totals, 16_929_000)
    [net] = page["nets"]
    assert [net.spent[n] for n in range(len(totals))] == totals
    assert net.lines[0][2] == 16_929_000
    # The aids of the same projects, as their plans say, whatever is said of their years.
    told = sum(one.grants for _, _, one in page["rows"])
    assert net.lines[1][2] == told and net.lines[2][2] == 16_929_000 - told
    assert Decimal(0) < net.unsaid < told


def test_what_makes_the_programme_another_sum_than_the_projet_de_territoire_is_told(demo_territory, client):
    """The projects without years are left out; what is written of the years of a rejected one stays."""
    epci, user = Intercommunality.objects.get(), User.objects.get(email="dgs@ccvo.example")
    page = programme_of(epci, user)
    left_out, kept = page["unprogrammed"], page["uncounted"]
    assert [plan.project.reference for plan in left_out.some] == ["P10", "P13", "P14", "P21"]
    assert (left_out.count, left_out.euros, left_out.more) == (4, 2_960_000, 0)
    assert (kept.count, kept.euros) == (2, 92_000 + 70_000)  # P17 is not admissible yet, P25 was rejected
    client.force_login(user, BACKEND)
    strategy = said(client.get(reverse("projects:strategy")))
    assert "19 727 000" in strategy and page["total"] - kept.euros + left_out.euros == 19_727_000
    html = said(client.get(reverse("projects:investment_programme")))
    assert "4 projets n’ont pas encore d’année, pour 2 960 000 € HT : leur coût n’est pas dans ces totaux." in html
    told = "Ces totaux comptent 162 000 € HT de 2 projets rejetés, arrêtés ou non recevables à ce jour"
    assert f"{told} : le projet de territoire ne les compte pas." in html
    assert 'badge--rejected">' in html and 'badge--in_progress">' in html
