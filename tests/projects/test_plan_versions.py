"""Versions of a plan: each keeps its years and its running, two of them are compared, and one alone is in force."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects.chronicle.reads import changes_between, days_of_change
from projects.funding.comparing import compare_versions
from projects.funding.operating_reading import running_of
from projects.funding.services import open_version, plan_in_force, version_in_force
from projects.funding.year_services import write_operating_years, write_years
from projects.models import FundingLine, FundingPlan, OperatingLine, PaymentCredit, Project, Status
from projects.portfolio.programme import programme_of
from projects.report.choices import Choices
from projects.report.content import gather
from projects.report.tables import read_tables
from projects.report.versions import compare as compare_prints
from projects.report.versions import facts_of
from projects.review.checklist import funding
from projects.totals.models import Group, Kind
from projects.totals.reads import sums_seen
from tests.factories import make_coordinator, make_epci, make_project

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UNLIKE = "ne sont pas sur la même base, et leurs montants ne se soustraient pas"


def said(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


class World:
    """A nursery: 100 € HT over two years, of which the CAF pays 30; it costs 50 € a year, less in its first one."""

    def __init__(self, client):
        self.epci = make_epci()
        self.client, self.coordinator = client, make_coordinator(self.epci)
        client.force_login(self.coordinator, BACKEND)
        self.project = make_project(self.epci, status=Status.ADOPTED)
        self.first = FundingPlan.objects.create(intercommunality=self.epci, project=self.project, cost_excl_tax=100)
        about = {"intercommunality": self.epci, "plan": self.first}
        for year, amount in ((2027, 60), (2028, 40)):
            PaymentCredit.objects.create(year=year, amount=amount, **about)
        for rank, (funder, amount, nature) in enumerate([("CAF", 30, "private"), ("CCVO", 70, "own")]):
            FundingLine.objects.create(funder=funder, amount=amount, nature=nature, position=rank, **about)
        self.running = OperatingLine.objects.create(label="Familles", amount=50, **about)
        write_operating_years(plan=self.first, amounts={self.running: {2029: Decimal(20)}}, by=self.coordinator)

    def open(self, **changes):
        plan = open_version(project=self.project, label="Plus grand", by=self.coordinator)
        for name, value in changes.items():
            setattr(plan, name, value)
        plan.save()
        return plan

    def revise(self):
        """A second version: 90 € in 2028, the families pay 55, and 25 in the first year."""
        second = self.open(cost_excl_tax=150)
        second.payment_credits.filter(year=2028).get().delete()
        PaymentCredit.objects.create(intercommunality=self.epci, plan=second, year=2028, amount=90)
        families = second.operating_lines.get()
        families.amount = 55
        families.save()
        write_operating_years(plan=second, amounts={families: {2029: Decimal(25)}}, by=self.coordinator)
        return second

    def page(self, **asked):
        return said(self.client.get(reverse("projects:money", args=[self.project.pk]), asked))


@pytest.fixture
def world(client):
    return World(client)


def told_by(plan):
    """All that a version says of its years and its running."""
    running = running_of(FundingPlan.objects.get(pk=plan.pk))
    return (
        list(plan.payment_credits.values_list("year", "amount", "amount_incl_tax", "is_until")),
        list(plan.lines.values_list("funder", "amount")),
        [(row.label, row.ordinary) for row in running.resources],
        running.yearly_costs[:1],
    )


def test_a_version_begins_with_the_years_and_the_running_of_the_former_which_no_longer_moves(world):
    before = told_by(world.first)
    second = world.open()
    assert told_by(second) == before
    world.page()
    second.delete()
    world.first.refresh_from_db()
    world.first.is_current = True
    world.first.save()
    second = world.revise()
    assert told_by(world.first) == before
    assert told_by(second)[0] == [(2027, 60, None, False), (2028, 90, None, False)]
    assert told_by(second)[2:] == ([("Familles", 55)], [(2029, 25)])


def test_nobody_writes_in_a_version_that_is_no_longer_in_force(world):
    world.open()
    first = FundingPlan.objects.get(pk=world.first.pk)
    for write, line in ((write_years, first.lines.first()), (write_operating_years, world.running)):
        with pytest.raises(ValidationError, match="n’est plus en vigueur"):
            write(plan=first, amounts={line: {2027: line.amount}}, by=world.coordinator)
    assert not first.lines.first().years.exists() and world.running.years.get().amount == 20


def test_the_history_says_who_closed_a_version_and_when_the_next_one_opened(world):
    second = world.open()
    opened, closed = (FundingPlan.history.filter(id=one.pk).latest() for one in (second, world.first))
    assert (closed.is_current, closed.history_type, closed.history_user) == (False, "~", world.coordinator)
    assert closed.history_date <= opened.history_date


@pytest.mark.parametrize("table", ["money_years", "money_operating", "funding"])
def test_rows_typed_on_a_version_that_somebody_else_replaced_are_not_written_in_either(world, table):
    """The page was read on the first version: its rows are not those of the second."""
    prefix, name = {
        "money_years": ("payment_credits", "year"),
        "money_operating": ("operating_lines", "label"),
        "funding": ("lines", "funder"),
    }[table]
    [row, *_] = getattr(world.first, prefix).all()
    value = getattr(row, name)
    typed = {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 1, f"{prefix}-0-id": row.pk}
    typed |= {f"{prefix}-0-{name}": value, f"{prefix}-0-amount": "77", f"{prefix}-0-side": "resource"}
    typed |= {f"{prefix}-0-nature": "private", "cost_excl_tax": "100", "basis": "excl", "owner_floor": 20}
    second = world.open()
    before = told_by(world.first), told_by(second)
    answer = world.client.post(reverse(f"projects:{table}", args=[world.project.pk]), typed)
    assert answer.status_code == 422
    assert "77" in said(answer)
    assert "Une nouvelle version a pris la place de celle que vous lisiez" in said(answer)
    assert (told_by(world.first), told_by(second)) == before


def test_two_versions_are_compared_year_by_year_and_by_what_they_cost_to_run(world):
    second = world.revise()
    found = {
        one.name: [(row.name, row.when, row.before, row.after, row.change) for row in one.rows]
        for one in compare_versions(world.project, world.first, second).sections
    }
    assert found["couts"] == [("Coût HT", "", 100, 150, 50)]
    assert found["annees"] == [("Dépense HT", "2028", 40, 90, 50)]
    assert found["fonctionnement"] == [("Familles", "", 50, 55, 5)]
    assert found["annees-fonctionnement"] == [("Familles", "2029", 20, 25, 5)]
    page = world.page(avant="1", apres="2")
    assert "les années de dépense qui changent" in page and "les années de fonctionnement qui changent" in page
    assert "D’une version à l’autre, aucune année d’un financeur ne change." in page
    back = compare_versions(world.project, second, world.first)
    assert [row.change for one in back.sections for row in one.rows if one.name == "annees"] == [-50]


def test_a_year_without_money_is_worth_nothing_where_other_years_are_said_and_unsaid_where_none_is(world):
    second = world.open()
    second.payment_credits.filter(year=2028).delete()
    caf = second.lines.get(funder="CAF")
    write_years(plan=second, amounts={caf: {2027: Decimal(30)}}, by=world.coordinator)
    sections = {one.name: one for one in compare_versions(world.project, world.first, second).sections}
    [spent], [paid] = sections["annees"].rows, sections["annees-financeurs"].rows
    assert (spent.when, spent.before, spent.after, spent.change) == ("2028", 40, 0, -40)
    assert (paid.name, paid.when, paid.before, paid.after, paid.change) == ("CAF", "2027", None, 30, None)
    assert "non dit" in world.page()


def test_a_year_told_apart_in_one_version_alone_is_an_ordinary_one_in_the_other(world):
    second = world.open()
    second.operating_lines.get().years.all().delete()
    OperatingLine.objects.create(intercommunality=world.epci, plan=second, label="MSA", amount=5)
    sections = {one.name: one for one in compare_versions(world.project, world.first, second).sections}
    [row] = sections["annees-fonctionnement"].rows
    assert (row.name, row.when, row.before, row.after) == ("Familles", "2029", 20, 50)
    assert [(row.name, row.before, row.after) for row in sections["fonctionnement"].rows] == [
        ("Familles", 50, 50), ("MSA", None, 5),
    ]  # fmt: skip


def test_a_version_replaced_before_its_years_were_kept_says_so_rather_than_zero(world):
    """Years and running once hung on the project: a new version took them all with it."""
    second = FundingPlan(intercommunality=world.epci, project=world.project, number=2, cost_excl_tax=150)
    world.first.is_current = False
    world.first.save()
    second.save()
    for row in (*world.first.payment_credits.all(), *world.first.operating_lines.all()):
        row.plan = second
        row.save()
    third = world.open()
    sentence = "La version 1 a été remplacée avant que les années et le fonctionnement d’une version soient conservés"
    for page in (world.page(avant="1", apres="2"), world.page(avant="3", apres="1")):
        assert sentence in page
        told = {name for name in ("couts", "financeurs", "annees", "fonctionnement") if f"versions-{name}" in page}
        assert told == {"couts", "financeurs"}
    second.refresh_from_db()
    third.payment_credits.all().delete()
    kept = world.page(avant="2", apres="3")
    assert "conservés" not in kept and "les années de dépense qui changent" in kept


def test_the_days_of_an_aid_to_the_investment_follow_one_another(world):
    """On the page, which keeps what was typed, and in the database."""
    caf = world.first.lines.get(funder="CAF")
    typed = {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 1, "lines-0-id": caf.pk, "lines-0-funder": "CAF"}
    typed |= {"lines-0-amount": "30", "lines-0-nature": "private", "lines-0-requested_on": "2026-03-02"}
    typed |= {"cost_excl_tax": "100", "basis": "excl", "owner_floor": 20, "lines-0-awarded_on": "2026-03-01"}
    address = reverse("projects:funding", args=[world.project.pk])
    refused = world.client.post(address, typed)
    page = said(refused)
    assert refused.status_code == 422 and 'value="2026-03-01"' in page
    assert "Une aide est demandée, notifiée, puis versée : remettez ces dates en ordre." in page
    assert world.client.post(address, typed | {"lines-0-awarded_on": "2026-03-02"}).status_code == 302
    caf.refresh_from_db()
    assert (caf.requested_on, caf.awarded_on, caf.paid_on) == (date(2026, 3, 2), date(2026, 3, 2), None)
    with pytest.raises(IntegrityError), transaction.atomic():
        FundingLine.objects.filter(pk=caf.pk).update(paid_on=date(2026, 3, 1))


def test_what_is_without_tax_is_never_subtracted_from_what_is_with_it(world):
    world.open(basis="incl", cost_incl_tax=Decimal(120))
    page = world.page()
    assert "La version 1 est établie en euros HT et la version 2 en euros TTC" in page and UNLIKE in page
    assert "Écart" not in page
    world.open()
    page = world.page()  # the second and the third are both with the tax
    assert "Écart" in page and UNLIKE not in page
    assert "Écart" not in world.page(avant="1", apres="3")


def test_the_versions_of_the_document_and_the_history_say_that_the_basis_changed(world):
    today = timezone.localdate()
    former = facts_of(gather(world.epci, user=None, today=today, choices=Choices()))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        world.open(basis="incl", cost_incl_tax=Decimal(120))
        later = timezone.localdate()
        latter = facts_of(gather(world.epci, user=None, today=later, choices=Choices()))
        told = {one.label: one for one in changes_between(world.project, today, later, reader=world.coordinator)}
    [sheet] = compare_prints(former, latter).changed
    assert ("Base du plan", "HT", "TTC") in [(one.label, one.before, one.after) for one in sheet.changes]
    assert UNLIKE in sheet.unlike
    assert not compare_prints(former, former).changed
    del former["sheets"][world.project.reference]["basis"]  # as versions were kept before
    [sheet] = compare_prints(former, latter).changed
    assert sheet.unlike == ""
    assert {piece.text for piece in told["Ressource : CAF"].pieces if piece.kind == "added"} == {"TTC"}


def test_what_reads_the_plan_reads_the_version_in_force_alone(world):
    world.revise()
    page = programme_of(world.epci, world.coordinator)
    assert (page["totals"], page["rows"][0][1]) == ([60, 90], [60, 90])
    sums = sums_seen(world.coordinator, world.epci, (Kind.YEAR,), Group)
    assert sums.of(Kind.YEAR, 2028, 0).cents == 9_000
    tables = {table.name: list(table.rows) for table in read_tables(Project.objects.all())}
    assert [row[1:4] for row in tables["Programmation par année"]] == [(2027, "", 60), (2028, "", 90)]
    assert [row[3:6] for row in tables["Fonctionnement"]] == [(None, 55, "HT"), (2029, 25, "HT")]
    [sheet] = gather(world.epci, user=None, today=timezone.localdate(), choices=Choices()).sheets
    assert "2028, 90 €" in sheet.funding.spending.replace("\xa0", " ")
    assert "Fonctionnement : 55 € HT par an" in sheet.funding.yearly.replace("\xa0", " ")


def test_a_past_day_reads_the_version_that_was_in_force_then(world):
    day = timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        world.revise()
        today = timezone.localdate()
        then, now = (
            gather(world.epci, user=None, today=today, choices=Choices(**choices)).sheets[0].funding
            for choices in ({"as_of": day.isoformat()}, {})
        )
        told = {one.label for one in changes_between(world.project, day, today, reader=world.coordinator)}
        days = days_of_change(world.project, day)
    assert "2028, 40 €" in then.spending.replace("\xa0", " ") and "2028, 90 €" in now.spending.replace("\xa0", " ")
    assert "50 € HT par an" in then.yearly.replace("\xa0", " ") and "20 € en 2029" in then.yearly.replace("\xa0", " ")
    assert told == {"Coût", "Dépense prévue en 2028", "Fonctionnement : Familles"}
    assert days == [today, day]


class TestAPlanWithTax:
    """Its cost with the tax is what it must balance; a running alone, with the tax, has no cost to tell."""

    def write(self, world, project, **cost):
        typed = {"basis": "incl", "owner_floor": 20, "lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0} | cost
        return world.client.post(reverse("projects:funding", args=[project.pk]), typed)

    def test_its_cost_with_the_tax_is_asked_for_once_a_cost_is_written(self, world):
        refused = self.write(world, world.project, cost_excl_tax="100")
        assert refused.status_code == 422 and "Écrivez le coût toutes taxes comprises" in said(refused)
        assert self.write(world, world.project, cost_excl_tax="100", cost_incl_tax="120").status_code == 302

    def test_a_running_alone_is_told_with_the_tax_without_inventing_a_cost(self, world):
        project = make_project(world.epci, status=Status.ADOPTED)
        assert self.write(world, project).status_code == 302
        plan = project.funding_plans.get()
        OperatingLine.objects.create(intercommunality=world.epci, plan=plan, label="CAF", amount=12)
        page = said(world.client.get(reverse("projects:money", args=[project.pk])))
        assert (plan.is_incl_tax, plan.cost_incl_tax, plan_in_force(project)) == (True, None, None)
        assert "en euros TTC</caption>" in page and "12,00 €" in page
        assert "Le coût TTC n’est pas encore écrit" not in page


class TestTheRunningAlone:
    """A service that costs no investment has a version that says its running: its plan is still to be written."""

    @pytest.fixture
    def service(self, world):
        project = make_project(world.epci, status=Status.ADOPTED)
        rows = {"operating_lines-TOTAL_FORMS": 1, "operating_lines-INITIAL_FORMS": 0}
        rows |= {
            "operating_lines-0-label": "CAF",
            "operating_lines-0-amount": "12",
            "operating_lines-0-side": "resource",
        }
        assert world.client.post(reverse("projects:money_operating", args=[project.pk]), rows).status_code == 302
        return project

    def test_it_is_no_plan_of_investment_for_anybody(self, world, service):
        assert version_in_force(service).operating_lines.count() == 1
        assert plan_in_force(service) is None
        page = said(world.client.get(reverse("projects:money", args=[service.pk])))
        assert "Aucun plan de financement" in page and "équilibré" not in page
        assert "version Plan" not in page  # the name of the version of the software, at the foot of the page
        assert "en euros HT</caption>" in page and "12,00 €" in page
        assert funding(service).said == "Seul un fonctionnement est inscrit."
        sums = sums_seen(world.coordinator, world.epci, (Kind.ALL,), Group)
        assert (sums.of(Kind.ALL).projects, sums.of(Kind.ALL).cents) == (1, 10_000)
        told = {
            row[0]: row for table in read_tables(Project.objects.all()) if table.name == "Projets" for row in table.rows
        }
        assert told[service.reference][7:11] == (None, "HT", None, None)

    def test_two_of_its_versions_are_compared(self, world, service):
        second = open_version(project=service, label="Deux jours de plus", by=world.coordinator)
        second.operating_lines.update(amount=20)
        page = said(world.client.get(reverse("projects:money", args=[service.pk])))
        assert (
            "une année ordinaire de fonctionnement" in page
            and "8,00 €" in page
            and "Aucune ressource n’est écrite" in page
        )

    def test_years_are_the_first_thing_that_may_be_written_and_one_year_twice_is_refused(self, world):
        project = make_project(world.epci, status=Status.ADOPTED)
        rows = {"payment_credits-TOTAL_FORMS": 2, "payment_credits-INITIAL_FORMS": 0}
        rows |= {
            f"payment_credits-{n}-{name}": value for n in (0, 1) for name, value in (("year", 2027), ("amount", 5))
        }
        address = reverse("projects:money_years", args=[project.pk])
        assert world.client.post(address, rows).status_code == 422
        assert not project.funding_plans.exists()
        assert world.client.post(address, rows | {"payment_credits-1-year": 2028}).status_code == 302
        assert told_years(project) == [(2027, 5), (2028, 5)]
        empty = make_project(world.epci, status=Status.ADOPTED)
        none = {"payment_credits-TOTAL_FORMS": 0, "payment_credits-INITIAL_FORMS": 0}
        world.client.post(reverse("projects:money_years", args=[empty.pk]), none)
        assert not empty.funding_plans.exists()


def told_years(project):
    return list(project.funding_plans.get().payment_credits.values_list("year", "amount"))


def test_the_page_reads_ten_versions_with_as_many_queries_as_two(world):
    world.revise()

    def count():
        with CaptureQueriesContext(connection) as seen:
            world.page()
        return len(seen)

    count()
    before = count()
    for _ in range(8):
        world.open()
    assert count() == before
