"""What a project costs to run: one figure a year is enough; other years are told apart, and balanced."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from projects.chronicle.reads import changes_between
from projects.funding.operating_reading import running_of
from projects.funding.operating_services import write_operating_years
from projects.models import OperatingLine, OperatingYear, Project, Status
from projects.portfolio.filters import without
from projects.report.choices import Choices
from projects.report.content import gather
from projects.report.tables import read_tables
from tests.factories import make_agent, make_coordinator, make_epci, make_project

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
COST = OperatingLine.Side.COST


def said(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


class World:
    def __init__(self):
        self.epci = make_epci()
        self.coordinator = make_coordinator(self.epci)
        self.project = make_project(self.epci, status=Status.ADOPTED)
        self.caf, self.own = (self.line(label, amount) for label, amount in (("CAF", 30), ("CCVO", 70)))

    def line(self, label, amount, **more):
        rank = self.project.operating_lines.count()
        about = {"intercommunality": self.epci, "project": self.project, "position": rank}
        return OperatingLine.objects.create(label=label, amount=amount, **about, **more)

    def write(self, line, **years):
        amounts = {line: {int(year[1:]): Decimal(amount) for year, amount in years.items()}}
        write_operating_years(project=self.project, amounts=amounts, by=self.coordinator)

    def running(self):
        return running_of(self.project.operating_lines.prefetch_related("years"))


@pytest.fixture
def world():
    return World()


def test_one_figure_a_year_is_enough(world):
    running = world.running()
    assert (running.years, running.ordinary_cost, running.shown_cost, running.checks) == ([], 100, 500, [])
    assert running_of([]) is None


def test_a_year_told_apart_leaves_the_others_ordinary_and_five_are_shown(world):
    world.write(world.caf, y2028="0", y2029="45.50")
    running = world.running()
    assert running.yearly_costs == [
        (2028, 70), (2029, Decimal("115.50")), (2030, 100), (2031, 100), (2032, 100),
    ]  # fmt: skip
    assert running.shown_cost == Decimal("485.50")
    world.write(world.caf, y2028="0", y2036="1")
    assert world.running().years == list(range(2028, 2037))


def test_costs_told_one_by_one_are_paid_by_the_resources_each_year_or_the_figure_that_lacks_is_said(world):
    staff, rent = world.line("Personnel", 80, side=COST), world.line("Loyer", 20, side=COST)
    [check] = world.running().checks
    assert check.holds and world.running().ordinary_cost == 100
    world.write(staff, y2028="90")
    world.write(rent, y2029="0")
    found = [check.sentence.replace("\xa0", " ") for check in world.running().checks]
    assert found == [
        "2028 : il manque 10,00 € pour que les ressources égalent les dépenses.",
        "2029 : il y a en trop 20,00 € pour que les ressources égalent les dépenses.",
    ]


def test_saving_again_writes_only_what_changed_and_nobody_else_may(world):
    world.write(world.caf, y2027="10", y2028="20")
    world.write(world.caf, y2027="10", y2029="20")
    assert OperatingYear.history.filter(year=2027).count() == 1
    assert sorted(OperatingYear.history.filter(year=2028).values_list("history_type", flat=True)) == ["+", "-"]
    with pytest.raises(PermissionDenied):
        write_operating_years(project=world.project, amounts={world.caf: {}}, by=make_agent(world.epci))
    with pytest.raises(ValidationError, match="négatif"):
        OperatingYear(line=world.caf, year=2030, amount=Decimal("-0.01")).validate_constraints()


def test_years_are_typed_in_a_table_and_nothing_typed_is_lost(world, client):
    client.force_login(world.coordinator, BACKEND)
    address = reverse("projects:operating_years", args=[world.project.pk])
    year = timezone.localdate().year
    page = said(client.get(address))
    assert f"CAF, {year}" in page and f"CCVO, {year + 4}" in page and f"CAF, {year + 5}" not in page
    refused = client.post(address, {f"line_{world.caf.pk}_{year}": "-5", f"line_{world.own.pk}_{year}": "12 000,50"})
    assert refused.status_code == 422
    assert "ne peut pas être négatif" in said(refused) and "12 000,50" in said(refused)
    assert not OperatingYear.objects.exists()
    assert client.post(address, {f"line_{world.caf.pk}_{year}": "0"}).status_code == 302
    page = said(client.get(reverse("projects:money", args=[world.project.pk])))
    assert "Année ordinaire" in page and "Les cinq premières années coûtent <strong>470,00 €" in page


def test_who_saves_second_sees_the_years_that_changed(world, client):
    client.force_login(world.coordinator, BACKEND)
    address = reverse("projects:operating_years", args=[world.project.pk])
    year = timezone.localdate().year
    seen = client.get(address).context["form"].fingerprint()
    world.write(world.caf, **{f"y{year}": "30"})
    answer = client.post(address, {"seen": seen, f"line_{world.caf.pk}_{year}": "31"})
    assert answer.status_code == 422 and "Quelqu’un a enregistré" in said(answer)
    assert world.caf.years.get().amount == 30


def test_without_an_ordinary_year_there_is_nothing_to_tell_apart(world, client):
    client.force_login(world.coordinator, BACKEND)
    project = make_project(world.epci, status=Status.ADOPTED)
    answer = client.get(reverse("projects:operating_years", args=[project.pk]), follow=True)
    assert "Écrivez d’abord une année ordinaire" in said(answer)


def test_costs_alone_leave_a_project_without_a_funder(world):
    found = Project.objects.filter(pk=world.project.pk)
    assert not without("financement", found).exists()
    world.project.operating_lines.update(side=COST)
    assert without("financement", found).exists()


def test_the_history_and_the_print_of_a_past_day_tell_the_years_as_they_were(world):
    world.write(world.caf, y2028="5")
    day = timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        world.write(world.caf, y2028="6")
        world.line("Personnel", 100, side=COST)
        today = timezone.localdate()
        now, then = (
            gather(world.epci, user=None, today=today, choices=Choices(**choices)).sheets[0].funding.yearly
            for choices in ({}, {"as_of": day.isoformat()})
        )
        told = {one.label: one for one in changes_between(world.project, day, today, reader=world.coordinator)}
    plain = [text.replace("\xa0", " ") for text in (now, then)]
    assert "2028 : il manque 24,00 €" in plain[0] and "Dépenses : Personnel 100 €." in plain[0]
    assert "75 € en 2028, 100 € en 2029" in plain[1] and "Personnel" not in plain[1]
    assert {"Fonctionnement : CAF", "Fonctionnement, dépense : Personnel"} <= told.keys()


def test_they_are_in_the_files_that_are_taken_away(world):
    world.write(world.caf, y2028="5")
    tables = {table.name: list(table.rows) for table in read_tables(Project.objects.all())}
    reference = world.project.reference
    assert tables["Fonctionnement"] == [
        (reference, "ressource", "CAF", None, 30),
        (reference, "ressource", "CAF", 2028, 5),
        (reference, "ressource", "CCVO", None, 70),
    ]
