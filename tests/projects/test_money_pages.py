"""The money of a project: versions kept and compared, years that add up, rules said while typing."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from partners.people.models import User
from projects.funding.comparing import compare, funders_in
from projects.funding.rules import Sums, checks_of, largest_contribution, state_grants_are_within_ceiling
from projects.funding.services import open_version
from projects.models import FundingPlan, PaymentCredit, Project
from tests.factories import make_agent, make_coordinator, make_epci, make_project

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def said(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def demo(demo_territory, db, client):
    client.force_login(User.objects.get(email="projet@ccvo.example"), BACKEND)


def plan_of(reference):
    return FundingPlan.objects.get(project__reference=reference, is_current=True)


def test_public_aid_beside_a_state_grant_stops_at_eighty_per_cent_of_the_eligible_expenditure():
    within = Sums(cost=Decimal(100), public=Decimal(60), own=Decimal(40), eligible=Decimal(75))
    above = Sums(cost=Decimal(100), public=Decimal("60.01"), own=Decimal("39.99"), eligible=Decimal(75))
    assert state_grants_are_within_ceiling(within)
    assert not state_grants_are_within_ceiling(above)
    assert "0,01\xa0€ de trop" in checks_of(above)[-1].sentence
    assert largest_contribution(within) == 0


def test_a_fonds_de_concours_above_its_ceiling_says_by_how_much():
    plan = Sums(cost=Decimal(100), own=Decimal("49.99"), contributions=Decimal("50.01"))
    assert "0,01\xa0€ de trop" in next(check for check in checks_of(plan) if check.name == "contribution").sentence


def test_another_floor_is_counted_as_it_is_given():
    plan = Sums(cost=Decimal(100), public=Decimal(75), own=Decimal(25), floor_percent=30)
    owner = next(check for check in checks_of(plan) if check.name == "owner_share")
    assert not owner.holds
    assert "au moins 30\xa0%" in owner.sentence or "au moins 30 %" in owner.sentence
    assert owner.figure == Decimal(75) * 30 / 70 - 25


def test_a_floor_that_is_not_ordinary_has_its_reason():
    project = make_project(make_epci(1))
    plan = FundingPlan(
        intercommunality=project.intercommunality, project=project, cost_excl_tax=Decimal(10), owner_floor=10
    )
    with pytest.raises(ValidationError, match="la part minimale"):
        plan.full_clean()


def test_a_new_version_leaves_the_former_one_as_it_was(demo):
    before = plan_of("P14")
    lines = list(before.lines.values_list("funder", "amount"))
    after = open_version(
        project=before.project, label="Région en plus", by=User.objects.get(email="projet@ccvo.example")
    )
    assert (after.number, after.is_current) == (3, True)
    after.lines.update(amount=1)
    before.refresh_from_db()
    assert not before.is_current
    assert list(before.lines.values_list("funder", "amount")) == lines


def test_only_those_who_hold_the_money_open_a_version():
    epci = make_epci(1)
    project = make_project(epci)
    with pytest.raises(PermissionDenied):
        open_version(project=project, label="x", by=make_agent(epci))
    with pytest.raises(ValidationError, match="pas encore de plan"):
        open_version(project=project, label="x", by=make_coordinator(epci))


def test_two_versions_are_compared_funder_by_funder(demo):
    first, second = FundingPlan.objects.filter(project__reference="P14").order_by("number")
    changes = {row.name: row.change for row in compare(funders_in, first, second) if row.change}
    assert changes == {
        "État — DSIL": Decimal(-40_000),
        "Chantegrive-les-Bois — autofinancement": Decimal(40_000),
    }


def test_the_page_says_that_the_first_version_was_refused_and_why(demo, client):
    project = Project.objects.get(reference="P14")
    html = said(client.get(reverse("projects:money", args=[project.pk])))
    assert "De la version 1 à la version 2" in html
    assert "18,18 %" in html
    assert "27,27 %" in html
    assert "par habitant" in html


def test_the_programme_of_the_demo_adds_up(demo, client):
    html = said(client.get(reverse("projects:investment_programme")))
    assert "16 929 000 €" in html
    assert "Jusqu’en 2025" in html
    assert "4 867 500 €" in html


def test_the_law_is_said_while_typing_and_nothing_is_saved(client):
    epci = make_epci(1)
    author = make_agent(epci)
    project = make_project(epci, author=author)
    client.force_login(author, BACKEND)
    typed = {
        "cost_excl_tax": "500 000", "owner_floor": "20",
        "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0",
        "lines-0-funder": "État", "lines-0-amount": "450 000", "lines-0-nature": "public",
        "lines-0-is_state_grant": "on",
        "lines-1-funder": "Commune", "lines-1-amount": "50 000", "lines-1-nature": "own",
    }  # fmt: skip
    html = said(client.post(reverse("projects:funding_check", args=[project.pk]), typed))
    assert "10,00 % de l’argent public" in html
    assert "ne dépassent pas 80 %" in html
    assert "50 000,00 € de trop" in html
    assert not FundingPlan.objects.filter(project=project).exists()


class TestWhileTyping:
    """What cannot be read yet is said, a plan with tax is judged on its own cost, and scripts are not needed."""

    @pytest.fixture
    def ask(self, client):
        epci = make_epci(1)
        author = make_agent(epci)
        client.force_login(author, BACKEND)
        self.project = make_project(epci, author=author)

        def asked(name="funding_check", **changes):
            typed = {
                "cost_excl_tax": "100", "cost_incl_tax": "120", "basis": "incl", "owner_floor": "20",
                "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0",
                "lines-0-funder": "CCVO", "lines-0-amount": "61", "lines-0-nature": "contribution",
                "lines-1-funder": "Commune", "lines-1-amount": "59", "lines-1-nature": "own",
            }  # fmt: skip
            return client.post(reverse(f"projects:{name}", args=[self.project.pk]), typed | changes)

        return asked

    def test_a_plan_with_tax_is_judged_on_the_cost_with_tax(self, ask):
        html = said(ask())
        assert "ressources couvrent exactement le coût" in html
        assert "ils ne peuvent dépasser 60,00 €" in html and "Il y a 1,00 € de trop" in html

    def test_a_plan_with_tax_that_lacks_its_cost_is_not_judged_on_another(self, ask):
        for cost, sentence in (("", "le plan est établi sur lui"), ("douze", "Écrivez un montant en chiffres")):
            html = said(ask(cost_incl_tax=cost))
            assert html.count("À corriger") == 1 and sentence in html and "Conforme" not in html

    def test_a_budget_that_recovers_its_tax_and_a_line_half_typed_are_told_at_once(self, ask):
        assert "laissez vides le coût TTC et le FCTVA" in said(ask(recovers_vat="on", basis="excl"))
        html = said(ask(**{"lines-0-nature": ""}))
        assert "Ressource 1 : à compléter ; elle ne compte pas encore." in html and "Il manque 61,00 €" in html
        html = said(ask(**{"lines-0-nature": "", "lines-1-nature": ""}))
        assert "Ressources 1 et 2 : à compléter ; elles ne comptent pas encore." in html

    def test_a_line_that_may_stay_empty_says_nothing_is_required_and_one_half_typed_which_it_is(self, ask, client):
        empty = said(client.get(reverse("projects:funding", args=[self.project.pk])))
        assert "(obligatoire)" not in empty[empty.index("Qui paie") :]
        refused = said(ask("funding", **{"lines-1-amount": ""}))
        assert "Ressource 2 : à corriger avant de continuer" in refused

    def test_without_scripts_the_rules_are_told_of_what_was_sent_and_nothing_is_saved(self, ask):
        for answer in (ask("funding", check="1"), ask("funding", cost_excl_tax="-1"), ask("funding", owner_floor="30")):
            assert answer.status_code == 422
            assert "61" in said(answer)
        assert "Il y a 1,00 € de trop" in said(answer)
        assert not FundingPlan.objects.filter(project=self.project).exists()


def test_the_owner_is_told_what_would_put_its_share_right_at_the_same_aids_or_at_the_same_cost():
    plan = Sums(cost=Decimal(440), public=Decimal(360), own=Decimal(80))
    sentence = next(check for check in checks_of(plan) if check.name == "owner_share").sentence.replace("\xa0", " ")
    assert "Il lui manque 10,00 €, à aides inchangées" in sentence
    assert "à coût inchangé, 8,00 € d’aides publiques sont à prendre à sa charge" in sentence
    assert 100 * (80 + 8) == 20 * 440  # exactly enough then


def test_how_much_may_still_be_asked_of_a_fonds_de_concours_is_told():
    plan = Sums(cost=Decimal(100), own=Decimal(60), contributions=Decimal(40))
    sentence = next(check for check in checks_of(plan) if check.name == "contribution").sentence
    assert "On peut encore en demander 10,00\xa0€." in sentence


def test_years_that_do_not_add_up_are_pointed_at(demo, client):
    project = Project.objects.get(reference="P04")
    page = reverse("projects:money", args=[project.pk])
    assert "n’égalent pas le coût" not in said(client.get(page))
    PaymentCredit.objects.filter(plan__project=project, year=2027).update(amount=1)
    assert "n’égalent pas le coût" in said(client.get(page))


def test_years_are_written_and_a_year_twice_is_refused(demo, client):
    project = Project.objects.get(reference="P10")
    typed = {
        "payment_credits-TOTAL_FORMS": "2", "payment_credits-INITIAL_FORMS": "0",
        "payment_credits-0-year": "2027", "payment_credits-0-amount": "100 000",
        "payment_credits-1-year": "2027", "payment_credits-1-amount": "5",
    }  # fmt: skip
    page = reverse("projects:money_years", args=[project.pk])
    assert client.post(page, typed).status_code == 422
    assert not PaymentCredit.objects.filter(plan__project=project).exists()
    client.post(page, typed | {"payment_credits-1-year": "2028"})
    assert list(plan_of("P10").payment_credits.values_list("year", "amount")) == [(2027, 100_000), (2028, 5)]


class TestWhatIsTyped:
    """The author types the cost of the works, HT and TTC, and what a year of the service costs."""

    @pytest.fixture
    def project(self, client):
        epci = make_epci(1)
        author = make_agent(epci)
        client.force_login(author, BACKEND)
        return make_project(epci, author=author)

    def cost(self, client, project, **fields):
        said = {"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0, "owner_floor": 20, "basis": "excl"} | fields
        return client.post(reverse("projects:funding", args=[project.pk]), said)

    def test_a_plan_stands_on_the_cost_with_its_tax_when_it_says_so(self, client, project):
        refused = self.cost(client, project, cost_excl_tax="1000", basis="incl")
        assert refused.status_code == 422
        assert "Écrivez le coût toutes taxes comprises" in said(refused)
        assert self.cost(client, project, cost_excl_tax="1000", cost_incl_tax="900").status_code == 422
        self.cost(client, project, cost_excl_tax="1000", cost_incl_tax="1 200", basis="incl")
        assert project.funding_plans.get().cost == Decimal(1200)
        page = said(client.get(reverse("projects:money", args=[project.pk])))
        assert "1 000,00 €" in page and "1 200,00 €" in page

    def test_nothing_of_the_cost_has_to_be_said_and_a_cost_that_is_unknown_is_left_empty(self, client, project):
        page = said(client.get(reverse("projects:funding", args=[project.pk])))
        assert "(obligatoire)" not in page and 'name="cost_excl_tax" value=' not in page
        assert self.cost(client, project, owner_floor="", basis="").status_code == 302
        plan = project.funding_plans.get()
        assert (plan.basis, plan.owner_floor, plan.cost_excl_tax) == ("excl", 20, 0)
        self.cost(client, project, owner_floor=0, owner_floor_reason="Monument classé", cost_excl_tax="1000")
        self.cost(client, project, owner_floor="", owner_floor_reason="Monument classé", cost_excl_tax="1000")
        plan.refresh_from_db()
        assert (plan.owner_floor, plan.cost_excl_tax) == (0, 1000)

    def test_the_page_says_in_full_what_its_letters_stand_for(self, client, project):
        page = said(client.get(reverse("projects:funding", args=[project.pk])))
        assert "fonds de compensation pour la TVA" in page and "Rien n’est obligatoire" not in page
        assert "dotation d’équipement des territoires ruraux" in page and "où en est-on ?" in page.lower()

    def test_a_year_of_the_service_is_typed_and_added_up(self, client, project):
        address = reverse("projects:money_operating", args=[project.pk])
        rows = {"operating_lines-TOTAL_FORMS": 2, "operating_lines-INITIAL_FORMS": 0}
        rows |= {"operating_lines-0-label": "CAF", "operating_lines-0-amount": "41 000"}
        rows |= {"operating_lines-1-label": "", "operating_lines-1-amount": "12"}
        rows |= {f"operating_lines-{n}-side": "resource" for n in (0, 1)}
        refused = client.post(address, rows)
        assert refused.status_code == 422 and "41 000" in said(refused)
        assert not project.funding_plans.exists()
        assert client.post(address, rows | {"operating_lines-1-label": "CCVO"}).status_code == 302
        assert "41 012,00 €" in said(client.get(reverse("projects:money", args=[project.pk])))
