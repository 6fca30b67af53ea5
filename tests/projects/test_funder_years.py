"""What each funder pays year by year: said or not, always the whole of what it brings, kept from version to version."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partners.people.models import User
from projects.funding.comparing import changed, compare_years, funder_years_in
from projects.funding.services import open_version
from projects.funding.year_reading import table_of
from projects.funding.year_services import write_years
from projects.models import FundingLine, FundingPlan, FundingYear, PaymentCredit, Project, Status
from projects.report.choices import Choices
from projects.report.content import gather
from projects.report.documents import report_document
from projects.report.tables import read_tables
from tests.factories import make_agent, make_coordinator, make_epci, make_project

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def said(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


class World:
    def __init__(self):
        self.epci = make_epci()
        self.coordinator = make_coordinator(self.epci)
        self.project = make_project(self.epci, status=Status.ADOPTED)
        about = {"intercommunality": self.epci, "project": self.project}
        self.plan = FundingPlan.objects.create(cost_excl_tax=100, **about)
        self.caf, self.own = (
            FundingLine.objects.create(
                intercommunality=self.epci, plan=self.plan, funder=funder, amount=amount, nature=nature, position=rank
            )
            for rank, (funder, amount, nature) in enumerate([("CAF", 30, "private"), ("CCVO", 70, "own")])
        )
        mine = {"intercommunality": self.epci, "plan": self.plan}
        for year, amount in ((2027, 60), (2028, 40)):
            PaymentCredit.objects.create(year=year, amount=amount, is_until=year == 2027, **mine)

    def write(self, line, **years):
        amounts = {line: {int(year[1:]): Decimal(amount) for year, amount in years.items()}}
        write_years(plan=self.plan, amounts=amounts, by=self.coordinator)

    def table(self):
        plan = FundingPlan.objects.prefetch_related("lines__years").get(project=self.project, is_current=True)
        return table_of(plan)


@pytest.fixture
def world():
    return World()


def test_the_years_of_a_funder_make_what_it_brings_to_the_cent(world):
    with pytest.raises(ValidationError) as refusal:
        world.write(world.caf, y2027="10", y2028="19.99")
    [sentence] = refusal.value.messages
    assert sentence.replace("\xa0", " ") == "CAF : les années font 29,99 € pour 30,00 € apportés ; il manque 0,01 €."
    assert not FundingYear.objects.exists()
    world.write(world.caf, y2027="10", y2028="20")
    assert list(world.caf.years.values_list("year", "amount")) == [(2027, 10), (2028, 20)]


def test_years_are_optional_and_what_is_not_said_is_counted_apart(world):
    assert world.table() is None
    world.write(world.caf, y2027="10", y2029="20")
    table = world.table()
    assert table.years == ["Jusqu’en 2027", "2028", "2029"]
    assert [row.is_said for row in table.rows] == [True, False]
    assert (table.totals, table.costs) == ([10, 0, 20], [60, 40, 0])
    assert (table.unsaid, table.silent) == (70, "CCVO")


def test_saving_again_writes_only_what_changed(world):
    world.write(world.caf, y2027="10", y2028="20")
    world.write(world.caf, y2027="10", y2029="20")
    assert FundingYear.history.filter(year=2027).count() == 1
    assert sorted(FundingYear.history.filter(year=2028).values_list("history_type", flat=True)) == ["+", "-"]


def test_only_those_who_hold_the_money_say_its_years(world):
    with pytest.raises(PermissionDenied):
        write_years(plan=world.plan, amounts={world.caf: {2027: Decimal(30)}}, by=make_agent(world.epci))


def test_a_line_that_changes_afterwards_is_pointed_at(world, client):
    world.write(world.caf, y2027="30")
    world.caf.amount = 31
    world.caf.save()
    [check] = world.table().checks
    assert "il manque 1,00" in check.sentence
    client.force_login(world.coordinator, BACKEND)
    assert "les années font 30,00 € pour 31,00 € apportés" in said(
        client.get(reverse("projects:money", args=[world.project.pk]))
    )


def test_a_new_version_begins_with_the_years_of_the_former_and_is_compared_with_it(world, client):
    world.write(world.caf, y2027="10", y2028="20")
    after = open_version(project=world.project, label="La CAF paie plus tard", by=world.coordinator)
    line = after.lines.get(funder="CAF")
    assert list(line.years.values_list("year", "amount")) == [(2027, 10), (2028, 20)]
    assert changed(compare_years(funder_years_in, world.plan, after)) == []
    write_years(plan=after, amounts={line: {2028: Decimal(30)}}, by=world.coordinator)
    changes = [(row.name, row.when, row.change) for row in changed(compare_years(funder_years_in, world.plan, after))]
    assert changes == [("CAF", "2027", -10), ("CAF", "2028", 10)]
    assert world.caf.years.count() == 2
    client.force_login(world.coordinator, BACKEND)
    assert "les années des financeurs qui changent" in said(
        client.get(reverse("projects:money", args=[world.project.pk]))
    )


def test_years_are_typed_in_a_table_and_nothing_typed_is_lost(world, client):
    client.force_login(world.coordinator, BACKEND)
    address = reverse("projects:funder_years", args=[world.project.pk])
    page = said(client.get(address))
    assert "CAF, jusqu’en 2027" in page and "CCVO, 2029" in page  # the balance often comes the year after
    typed = {f"line_{world.caf.pk}_2027": "12 000,50"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "il y a 11 970,50 € de trop" in said(refused) and "12 000,50" in said(refused)
    assert client.post(address, {f"line_{world.caf.pk}_2027": "30"}).status_code == 302
    page = said(client.get(reverse("projects:money", args=[world.project.pk])))
    assert "années non dites" in page and 'Année non dite</th><td class="money">70,00 €' in page


def test_who_saves_second_sees_the_years_that_changed(world, client):
    client.force_login(world.coordinator, BACKEND)
    address = reverse("projects:funder_years", args=[world.project.pk])
    seen = client.get(address).context["form"].fingerprint()
    world.write(world.caf, y2027="30")
    answer = client.post(address, {"seen": seen, f"line_{world.caf.pk}_2028": "30"})
    assert answer.status_code == 422 and "Quelqu’un a enregistré" in said(answer)
    assert list(world.caf.years.values_list("year", flat=True)) == [2027]


def test_a_project_without_any_year_says_so(world, client):
    client.force_login(world.coordinator, BACKEND)
    page = said(client.get(reverse("projects:money", args=[world.project.pk])))
    assert "Aucun financeur n’a encore dit ses années" in page


def test_they_are_in_the_files_that_are_taken_away(world):
    world.write(world.caf, y2027="10", y2028="20")
    tables = {table.name: table.rows for table in read_tables(Project.objects.all())}
    reference = world.project.reference
    assert list(tables["Financement par année"]) == [
        (reference, "CAF", "droit privé", 2027, 10, "HT"),
        (reference, "CAF", "droit privé", 2028, 20, "HT"),
    ]


class TestOnPaper:
    def read(self, world, **choices):
        report = gather(world.epci, user=None, today=timezone.localdate(), choices=Choices(**choices))
        return report, "".join(part.html for part in report_document(report).parts).replace("\xa0", " ")

    def test_the_sheet_and_the_funders_say_the_years_or_that_nobody_did(self, world):
        report, html = self.read(world)
        assert report.funders[0].by_year is None
        assert "l’année des versements n’est pas encore connue" in html
        assert "aucun n’a encore dit quelles années il verse" in html
        world.write(world.caf, y2027="10", y2028="20")
        report, html = self.read(world)
        by_year = report.funders[0].by_year
        assert by_year.rows == [("CAF", [10, 20], 0)]
        assert (by_year.others, by_year.totals, by_year.unsaid) == (70, [10, 20], 70)
        assert "Années non dites : CCVO." in html and "Jusqu’en 2027" in html

    def test_a_past_state_tells_the_years_as_they_were(self, world):
        world.write(world.caf, y2027="30")
        day = timezone.localdate()
        with time_machine.travel(timezone.now() + timedelta(days=3)):
            world.write(world.caf, y2027="5", y2028="25")
            now, _ = self.read(world)
            then, _ = self.read(world, as_of=day.isoformat())
        assert now.funders[0].by_year.rows == [("CAF", [5, 25], 0)]
        assert then.funders[0].by_year.rows == [("CAF", [30], 0)]


def test_the_years_of_the_demo_agree_with_its_programme(demo_territory, client):
    """What funders say of a year, where all of them do, is what the programme of investments spends in it."""
    for reference in ("P01", "P02", "P03", "P27"):
        project = Project.objects.get(reference=reference)
        plan = project.funding_plans.prefetch_related("lines__years").get(is_current=True)
        table = table_of(plan)
        assert table.totals == table.costs and not table.unsaid and not table.checks, reference
    client.force_login(User.objects.get(email="projet@ccvo.example"), BACKEND)
    page = said(client.get(reverse("projects:money", args=[Project.objects.get(reference="P29").pk])))
    assert 'Année non dite</th><td class="money">11 100,00 €' in page and "37 740,00 €" in page
