"""HT and TTC, year by year: each said or missing, never added up, and the refund that is no aid."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import odfdo
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from partners.people.models import User
from projects.funding.cost_reading import costs_of
from projects.funding.vat_rules import (
    RATES,
    YearCost,
    checks_of_years,
    rate_between,
    refund_of,
    what_tax_lacks,
    with_tax,
)
from projects.funding.year_reading import table_of
from projects.models import FundingLine, FundingPlan, FundingYear, PaymentCredit, Project, Status
from projects.report.content import gather_sheet
from projects.report.letters import sheet_to_odt
from tests.factories import make_coordinator, make_epci, make_project

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
db = pytest.mark.django_db


def said(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@given(cents=st.integers(1_000, 10**12), rate=st.sampled_from(RATES))
def test_a_rate_leads_to_an_amount_with_tax_and_back(cents, rate):
    excl = Decimal(cents).scaleb(-2)
    incl = with_tax(excl, rate)
    assert abs(incl - excl * (100 + rate) / 100) <= Decimal("0.005")
    assert rate_between(excl, incl) == rate


def test_an_amount_under_several_rates_has_none():
    assert rate_between(Decimal(100), Decimal(115)) is None


def test_the_refund_is_that_of_the_specification():
    assert refund_of(Decimal(600_000)) == Decimal("98424.00")


def test_years_make_the_cost_without_tax_and_with_it_and_half_a_sum_is_no_sum():
    whole = [YearCost("2027", Decimal(60), Decimal(72)), YearCost("2028", Decimal(40), Decimal(47))]
    excl, incl = checks_of_years(whole, Decimal(100), Decimal(120))
    assert excl.holds and not incl.holds
    assert "TTC" in incl.sentence and "il manque 1,00\xa0€" in incl.sentence
    half = [whole[0], YearCost("Jusqu’en 2028", Decimal(40), None)]
    assert [check.name for check in checks_of_years(half, Decimal(100), Decimal(120))] == ["years_HT"]
    [sentence] = what_tax_lacks(half, Decimal(120), Decimal(0), recovers_vat=False, is_refunded=True)
    assert sentence == "Le montant TTC n’est pas encore écrit pour : jusqu’en 2028."


def test_what_lacks_depends_on_who_pays_the_tax():
    def lacks(incl, **about):
        return what_tax_lacks([], incl, None, **{"recovers_vat": False, "is_refunded": True} | about)

    assert lacks(None) == ["Le coût TTC n’est pas encore écrit."]
    assert lacks(None, recovers_vat=True) == []
    assert "98\u202f424,00\xa0€" in lacks(Decimal(600_000))[0]
    assert lacks(Decimal(600_000), is_refunded=False) == []


class World:
    def __init__(self, client):
        self.epci = make_epci(1)
        self.project = make_project(self.epci, status=Status.ADOPTED)
        self.about = {"intercommunality": self.epci, "project": self.project}
        self.client = client
        client.force_login(make_coordinator(self.epci), BACKEND)

    def plan(self, **fields):
        return FundingPlan.objects.create(**{"cost_excl_tax": Decimal(100)} | fields, **self.about)

    def program(self, *rows):
        """Type years as (year, HT, rate, TTC)."""
        sent = {"payment_credits-TOTAL_FORMS": len(rows), "payment_credits-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            names = ("year", "amount", "rate", "amount_incl_tax")
            sent |= {f"payment_credits-{number}-{name}": value for name, value in zip(names, row, strict=True)}
        return self.client.post(reverse("projects:money_years", args=[self.project.pk]), sent)

    def page(self):
        return said(self.client.get(reverse("projects:money", args=[self.project.pk])))


@pytest.fixture
def world(db, client):
    return World(client)


def test_a_year_is_typed_with_its_tax_or_made_from_a_rate_or_left_without(world):
    world.plan(cost_incl_tax=Decimal(118))
    assert (
        world.program(("2027", "50", "20", ""), ("2028", "40", "5.5", "43"), ("2029", "10", "", "")).status_code == 302
    )
    stored = PaymentCredit.objects.values_list("year", "amount", "amount_incl_tax")
    assert list(stored) == [(2027, 50, 60), (2028, 40, 43), (2029, 10, None)]
    page = world.page()
    assert "Le montant TTC n’est pas encore écrit pour : 2029." in page
    assert "plusieurs taux" in page and "incomplet" in page
    assert "Les années font exactement le coût HT, 100,00 €." in page


def test_a_year_with_its_tax_is_never_smaller_than_without(world):
    refused = world.program(("2027", "50", "", "49,99"))
    assert refused.status_code == 422
    assert "n’est pas plus petit que son montant HT" in said(refused) and "49,99" in said(refused)
    assert not PaymentCredit.objects.exists()


def test_a_budget_that_recovers_its_tax_is_written_without_tax_and_asked_for_none(world):
    plan = world.plan(recovers_vat=True)
    world.program(("2027", "100", "20", "120"))
    assert PaymentCredit.objects.get().amount_incl_tax is None
    page = world.page()
    assert (
        "budget assujetti à la TVA" in page and "Taux de TVA" not in page and "n’est pas encore écrit pour" not in page
    )
    for refused in ({"basis": "incl"}, {"cost_incl_tax": Decimal(120)}, {"vat_refund": Decimal(1)}):
        for name, value in refused.items():
            setattr(plan, name, value)
        with pytest.raises(ValidationError, match="hors taxes"):
            plan.full_clean()
        plan.refresh_from_db()


@pytest.mark.parametrize("incl", [120, None])
def test_what_is_spent_stands_beside_the_funders_on_the_basis_of_the_plan_once_it_is_known(world, incl):
    plan = world.plan(basis="incl", cost_incl_tax=Decimal(120))
    line = FundingLine.objects.create(
        intercommunality=world.epci, plan=plan, funder="CAF", amount=Decimal(30), nature="private"
    )
    FundingYear.objects.create(intercommunality=world.epci, line=line, year=2027, amount=Decimal(30))
    about = {"intercommunality": world.epci, "plan": plan}
    PaymentCredit.objects.create(year=2027, amount=100, amount_incl_tax=incl, **about)
    table = table_of(plan)
    assert (table.costs_basis, table.costs) == (("TTC", [120]) if incl else ("HT", [100]))


def test_paper_and_the_text_document_tell_both_costs_and_each_year(world):
    world.plan(cost_incl_tax=Decimal(120), vat_refund=Decimal("19.68"))
    world.program(("2027", "50", "20", ""), ("2028", "50", "", ""))
    sheet = gather_sheet(world.project, today=date(2027, 1, 1))
    told = [text.replace("\xa0", " ") for text in (sheet.funding.tax, sheet.funding.spending)]
    assert told == [
        "Coût HT (et TTC) : 100,00 € (120,00 €) ; FCTVA attendu, hors plan : 19,68 €.",
        "Par année, HT (et TTC) : 2027, 50 € (60 €) ; 2028, 50 €.",
    ]
    document = odfdo.Document(io.BytesIO(sheet_to_odt(sheet, name="CC", today=date(2027, 1, 1))))
    assert all(text in document.body.text_recursive for text in (sheet.funding.tax, sheet.funding.spending))


@db
def test_the_demo_says_the_tax_of_each_year_wherever_its_files_say_the_rate(demo_territory, client):
    for project in Project.objects.filter(funding_plans__payment_credits__isnull=False).distinct():
        plan = project.funding_plans.get(is_current=True)
        costs = costs_of(project, plan)
        assert costs.incl == plan.cost_incl_tax and all(check.holds for check in costs.checks), project
        assert plan.recovers_vat == (project.reference == "P18")
    client.force_login(User.objects.get(email="projet@ccvo.example"), BACKEND)
    page = said(client.get(reverse("projects:money", args=[Project.objects.get(reference="P04").pk])))
    # 3 180 000 TTC, less the aids (1 650 000) and the FCTVA (521 647).
    assert "1 008 353,00 €" in page and "TVA à 20 %" in page and "1 431 000,00 €" in page
