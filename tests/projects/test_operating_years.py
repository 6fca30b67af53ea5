"""What a project costs to run: one figure a year is enough; other years are told apart, and balanced."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects.chronicle.reads import changes_between
from projects.funding.operating_reading import running_of
from projects.funding.year_services import write_operating_years
from projects.models import FundingPlan, OperatingLine, OperatingYear, Project, Status
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
        self.plan = FundingPlan.objects.create(intercommunality=self.epci, project=self.project, cost_excl_tax=0)
        self.caf, self.own = (self.line(label, amount) for label, amount in (("CAF", 30), ("CCVO", 70)))

    def line(self, label, amount, **more):
        rank = self.plan.operating_lines.count()
        about = {"intercommunality": self.epci, "plan": self.plan, "position": rank}
        return OperatingLine.objects.create(label=label, amount=amount, **about, **more)

    def write(self, line, **years):
        amounts = {line: {int(year[1:]): Decimal(amount) for year, amount in years.items()}}
        write_operating_years(plan=self.plan, amounts=amounts, by=self.coordinator)

    def award(self, line):
        line.state, line.requested_on, line.awarded_on = "notifiée", date(2026, 3, 1), date(2026, 6, 1)
        line.save()

    def running(self):
        return running_of(FundingPlan.objects.get(project=self.project, is_current=True))


def test_one_figure_a_year_is_enough(world):
    running = world.running()
    assert (running.years, running.ordinary_cost, running.shown_cost, running.checks) == ([], 100, 500, [])
    assert running_of(None) is None


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
        write_operating_years(plan=world.plan, amounts={world.caf: {}}, by=make_agent(world.epci))
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
    world.plan.operating_lines.update(side=COST)
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
    world.award(world.caf)
    tables = {table.name: list(table.rows) for table in read_tables(Project.objects.all())}
    reference = world.project.reference
    assert tables["Fonctionnement"] == [
        (reference, "ressource", "CAF", None, 30, "HT", "notifiée", date(2026, 3, 1), date(2026, 6, 1), None),
        (reference, "ressource", "CAF", 2028, 5, "HT", "", None, None, None),
        (reference, "ressource", "CCVO", None, 70, "HT", "", None, None, None),
    ]


class TestAids:
    """A resource of the running that is an aid says where it stands, as those of the investment do."""

    def send(self, world, client, **typed):
        client.force_login(world.coordinator, BACKEND)
        rows = {"operating_lines-TOTAL_FORMS": 2, "operating_lines-INITIAL_FORMS": 2}
        for number, line in enumerate((world.caf, world.own)):
            told = {"id": line.pk, "label": line.label, "amount": line.amount, "side": "resource"}
            rows |= {f"operating_lines-{number}-{name}": value for name, value in told.items()}
        rows |= {f"operating_lines-0-{name}": value for name, value in typed.items()}
        return client.post(reverse("projects:money_operating", args=[world.project.pk]), rows)

    def test_its_state_and_its_days_are_typed_and_shown_wherever_the_running_is(self, world, client):
        typed = {"state": "notifiée", "requested_on": "2026-03-01", "awarded_on": "2026-06-01"}
        assert self.send(world, client, **typed).status_code == 302
        cells = "<td>notifiée</td><td>01/03/2026</td><td>01/06/2026</td><td>—</td>"
        page = said(client.get(reverse("projects:money", args=[world.project.pk])))
        assert f'<th scope="row">CAF</th>{cells}' in page and '<th scope="row">CCVO</th><td>' not in page
        assert cells in said(client.get(world.project.get_absolute_url()))
        [sheet] = gather(world.epci, user=None, today=timezone.localdate(), choices=Choices()).sheets
        assert "Où en sont les aides : CAF, notifiée." in sheet.funding.yearly

    def test_its_days_follow_one_another_and_a_cost_is_no_aid(self, world, client):
        refused = self.send(world, client, requested_on="2026-03-01", awarded_on="2026-02-28")
        assert refused.status_code == 422 and "Une aide est demandée, notifiée, puis versée" in said(refused)
        refused = self.send(world, client, side="cost", state="demandée")
        assert refused.status_code == 422 and "Une dépense n’est pas une aide" in said(refused)
        world.caf.refresh_from_db()
        assert (world.caf.state, world.caf.requested_on, world.caf.side) == ("", None, "resource")

    def test_the_database_refuses_them_too(self, world):
        for wrong in ({"awarded_on": date(2026, 1, 2), "paid_on": date(2026, 1, 1)}, {"side": COST, "state": "votée"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                OperatingLine.objects.filter(pk=world.caf.pk).update(**wrong)

    def test_the_history_tells_what_became_of_it(self, world):
        day = timezone.localdate()
        with time_machine.travel(timezone.now() + timedelta(days=3)):
            world.award(world.caf)
            today = timezone.localdate()
            [told] = changes_between(world.project, day, today, reader=world.coordinator)
        assert told.label == "Fonctionnement : CAF"
        assert "notifiée" in "".join(piece.text for piece in told.pieces if piece.kind == "added")

    def test_the_running_is_on_the_basis_of_its_plan_and_says_so(self, world, client):
        world.plan.basis, world.plan.cost_excl_tax, world.plan.cost_incl_tax = "incl", 100, 120
        world.plan.save()
        client.force_login(world.coordinator, BACKEND)
        for name in ("money", "operating_years"):
            page = said(client.get(reverse(f"projects:{name}", args=[world.project.pk])))
            assert "en euros TTC</caption>" in page
        assert world.running().basis == "TTC"
        assert "qui la paie, en euros TTC" in said(client.get(world.project.get_absolute_url()))
        [sheet] = gather(world.epci, user=None, today=timezone.localdate(), choices=Choices()).sheets
        assert "Fonctionnement : 100 € TTC par an" in sheet.funding.yearly.replace("\xa0", " ")


def test_the_page_of_a_project_asks_nothing_twice_and_no_more_for_more_lines(world, client):
    client.force_login(world.coordinator, BACKEND)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(world.project.get_absolute_url())
        return [query["sql"] for query in queries.captured_queries]

    few = asked()
    assert len(few) == len(set(few))
    for number in range(5):
        world.line(f"Financeur {number}", 10, side=OperatingLine.Side.COST)
    assert len(asked()) == len(few)
