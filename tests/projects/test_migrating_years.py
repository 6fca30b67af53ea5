"""The years and the running of a project, given to the versions of its plan by a migration, and taken back by it."""

from __future__ import annotations

from datetime import date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.loader import MigrationLoader

from cooperation.tables import AlterTables

pytestmark = pytest.mark.django_db
STEP = import_module("projects.migrations.0010_say_the_years_and_the_running_of_a_version")
BEFORE = ("projects", "0009_say_where_to_look_for_projects_without_funder")
ALONE = "years_before_versions"  # where the tables stand on PostgreSQL


def day(number: int) -> datetime:
    return datetime(2026, 5, number, 12, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def own_connection():
    """An empty database of this test alone, in the place of that of the others, which keeps its tables."""
    others = connections["default"]
    own = others.copy("default")
    if own.vendor == "postgresql":
        own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | {"options": f"-c search_path={ALONE}"}
    else:
        own.settings_dict["NAME"] = ":memory:"
    connections["default"] = own
    try:
        with own.cursor() as cursor:
            if own.vendor == "postgresql":
                cursor.execute(f"DROP SCHEMA IF EXISTS {ALONE} CASCADE")
                cursor.execute(f"CREATE SCHEMA {ALONE}")
        yield own
        with own.cursor() as cursor:
            if own.vendor == "postgresql":
                cursor.execute(f"DROP SCHEMA {ALONE} CASCADE")
    finally:
        own.close()
        connections["default"] = others


class Base:
    """The tables that the step reads and alters, as the migrations before it made them; it is walked both ways."""

    def __init__(self, connection):
        self.connection = connection
        whole = MigrationLoader(None).project_state(BEFORE)
        self.before = AlterTables((*STEP.TABLES, *STEP.READ), []).lean("projects", whole, whole)
        self.after = self.before.clone()
        STEP.Migration("step", "projects").mutate_state(self.after, preserve=False)
        self.state = self.before
        with connection.schema_editor() as editor:
            for model in self.before.apps.get_models():
                editor.create_model(model)
        self.epci = self.before.apps.get_model("territories", "Intercommunality").objects.create(pk=1)

    def rows(self, name):
        return self.state.apps.get_model("projects", name).objects

    def migrate(self):
        with self.connection.schema_editor(atomic=True) as editor:
            STEP.Migration("step", "projects").apply(self.before.clone(), editor)
        self.state = self.after

    def go_back(self):
        with self.connection.schema_editor(atomic=True) as editor:
            STEP.Migration("step", "projects").unapply(self.before.clone(), editor)
        self.state = self.before

    def say(self, name, on, **said):
        """Write a row with its history, as the platform does."""
        row = self.rows(name).create(intercommunality_id=1, **said)
        self.remember(name, row, on, "+")
        return row

    def remember(self, name, row, on, kind):
        self.rows(f"Historical{name}").create(**STEP.said_of(row), history_date=day(on), history_type=kind)

    def change(self, name, row, on, **said):
        for field, value in said.items():
            setattr(row, field, value)
        row.save()
        self.remember(name, row, on, "~")

    def forget(self, name, row, on):
        self.remember(name, row, on, "-")
        row.delete()

    def project(self, number):
        return self.rows("Project").create(pk=number).pk

    def told(self, name, *fields, **about):
        return sorted(self.rows(name).filter(**about).values_list(*fields))

    def everything(self):
        """All that the tables say, but for the numbers of records, and of the version made for the third project."""
        made = self.rows("FundingPlan").filter(project_id=3).values_list("pk", flat=True).first() or "none"
        found = {}
        for name in ("FundingPlan", "PaymentCredit", "OperatingLine"):
            number = "id" if name == "FundingPlan" else "plan_id"
            for kind in (name, f"Historical{name}"):
                rows = [row | {"history_id": 0} for row in self.rows(kind).values()]
                told = [row | ({number: "made"} if row.get(number) == made else {}) for row in rows]
                found[kind] = sorted(map(str, told))
        return found


@pytest.fixture
def base(own_connection):
    """Four projects: one with one version, one that replaced its first version, one that only runs, one whose years
    were written before its plan. Days are those of May.
    """
    base = Base(own_connection)
    one, revised, runs, late = (base.project(number) for number in (1, 2, 3, 4))
    base.say("FundingPlan", 1, pk=10, project_id=one, cost_excl_tax=100)
    base.say("PaymentCredit", 2, pk=100, project_id=one, year=2027, amount=100)
    base.say("OperatingLine", 2, pk=200, project_id=one, label="CAF", amount=12)

    first = base.say("FundingPlan", 1, pk=20, project_id=revised, cost_excl_tax=50)
    base.say("PaymentCredit", 2, pk=110, project_id=revised, year=2027, amount=30)
    gone = base.say("PaymentCredit", 2, pk=111, project_id=revised, year=2028, amount=20)
    base.change("FundingPlan", first, 10, is_current=False)
    base.say("FundingPlan", 10, pk=21, project_id=revised, number=2, cost_excl_tax=80)
    base.change("PaymentCredit", gone, 12, amount=50)
    dropped = base.say("OperatingLine", 12, pk=210, project_id=revised, label="Familles", amount=5)
    base.forget("OperatingLine", dropped, 14)

    base.say("OperatingLine", 3, pk=220, project_id=runs, label="Commune", amount=40)

    base.say("PaymentCredit", 4, pk=130, project_id=late, year=2029, amount=7)
    base.say("FundingPlan", 6, pk=40, project_id=late, cost_excl_tax=7, label="Le plan", owner_floor=30,
             owner_floor_reason="Chef de file")  # fmt: skip
    return base


def test_what_is_there_goes_to_the_version_in_force(base):
    base.migrate()
    [made] = base.rows("FundingPlan").filter(project_id=3)
    assert (made.number, made.is_current, made.cost_excl_tax) == (1, True, 0)
    assert base.told("PaymentCredit", "pk", "plan", "year", "amount") == [
        (100, 10, 2027, 100), (110, 21, 2027, 30), (111, 21, 2028, 50), (130, 40, 2029, 7),
    ]  # fmt: skip
    assert base.told("OperatingLine", "pk", "plan", "amount", "state") == [
        (200, 10, 12, ""), (220, made.pk, 40, ""),
    ]  # fmt: skip


def test_the_history_says_each_thing_of_the_version_of_its_day(base):
    base.migrate()

    def past(name, pk):
        rows = base.rows(f"Historical{name}").filter(id=pk).order_by("history_date", "history_id")
        return [(row.history_date.day, row.history_type, row.plan_id, row.amount) for row in rows]

    assert past("PaymentCredit", 100) == [(2, "+", 10, 100)]
    assert past("PaymentCredit", 110) == [(2, "+", 20, 30), (10, "~", 21, 30)]  # lasted from a version to the next
    assert past("PaymentCredit", 111) == [(2, "+", 20, 20), (10, "~", 21, 20), (12, "~", 21, 50)]
    assert past("OperatingLine", 210) == [(12, "+", 21, 5), (14, "-", 21, 5)]


def test_what_was_written_before_any_plan_begins_its_first_version_without_a_cost(base):
    base.migrate()
    [made] = base.rows("FundingPlan").filter(project_id=3)
    records = base.rows("HistoricalFundingPlan").filter(project_id__in=(3, 4)).order_by("history_date")
    told = [(one.history_date.day, one.id, one.cost_excl_tax, one.label, one.owner_floor) for one in records]
    assert told == [(3, made.pk, 0, "", 20), (4, 40, 0, "", 20), (6, 40, 7, "Le plan", 30)]
    assert base.told("HistoricalPaymentCredit", "plan", id=130) == [(40,)]


def test_a_year_twice_in_a_version_is_refused_from_then_on(base):
    base.migrate()
    with pytest.raises(IntegrityError), transaction.atomic():
        base.rows("PaymentCredit").create(intercommunality_id=1, plan_id=10, year=2027, amount=1)
    base.rows("PaymentCredit").create(intercommunality_id=1, plan_id=20, year=2027, amount=1)  # of another version


def test_walked_back_it_leaves_what_it_found_and_walked_again_it_says_the_same(base):
    found = base.everything()
    base.migrate()
    once = base.everything()
    base.go_back()
    back = base.everything()
    for name in ("FundingPlan", "PaymentCredit", "OperatingLine"):
        assert back[name] == found[name]
    # What the history was completed with says of its day what it said already: it stays, and is written once.
    assert all(set(found[name]) <= set(back[name]) for name in back)
    with pytest.raises(IntegrityError), transaction.atomic():
        base.rows("PaymentCredit").create(intercommunality_id=1, project_id=1, year=2027, amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        base.rows("PaymentCredit").create(intercommunality_id=1, project_id=None, year=2031, amount=1)
    base.migrate()
    assert base.everything() == once


def test_walked_back_the_past_of_a_version_that_is_gone_still_says_its_project(base):
    base.migrate()
    past = base.rows("HistoricalPaymentCredit").get(id=100)
    base.rows("HistoricalFundingPlan").filter(id=10).update(id=11)
    base.rows("HistoricalPaymentCredit").filter(pk=past.pk).update(plan=11)
    base.go_back()
    assert base.rows("HistoricalPaymentCredit").get(id=100).project_id == 1


class TestUndoneOnceItWasUsed:
    """What a project cannot say is not lost in silence."""

    @pytest.fixture
    def used(self, base):
        base.migrate()
        return base

    def refused(self, base, because):
        said = base.everything()
        with pytest.raises(IrreversibleError, match=because):
            base.go_back()
        assert base.everything() == said

    def test_the_years_of_a_replaced_version_would_be_lost(self, used):
        used.rows("PaymentCredit").create(intercommunality_id=1, plan_id=20, year=2027, amount=1)
        self.refused(used, "perdrait les années ou le fonctionnement d’une version remplacée : restaurez")

    @pytest.mark.parametrize("said", [{"state": "notifiée"}, {"awarded_on": date(2026, 5, 1)}])
    def test_where_an_aid_to_the_running_stands_would_be_lost(self, used, said):
        used.rows("OperatingLine").filter(pk=200).update(**said)
        self.refused(used, "perdrait l’état et les dates d’une aide au fonctionnement : restaurez")

    def test_it_would_be_lost_of_the_past_too(self, used):
        used.rows("HistoricalOperatingLine").filter(id=210).update(state="demandée")
        self.refused(used, "l’état et les dates d’une aide")
