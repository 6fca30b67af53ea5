"""The pages of the split money, of regrouping, of copying, of marks: previews, refusals, and where they lead."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import (
    ChargeKey,
    FundingLine,
    FundingPlan,
    Mark,
    ObjectiveShare,
    Project,
    Status,
    StrategyNode,
    TerritorialPlan,
)
from tests.factories import (
    make_agent,
    make_commune,
    make_contribution,
    make_coordinator,
    make_epci,
    make_orientation,
    make_population,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def text(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


class World:
    def __init__(self, client):
        self.client, self.epci = client, make_epci()
        self.coordinator, self.agent = make_coordinator(self.epci), make_agent(self.epci)
        make_orientation(self.epci)
        plan = TerritorialPlan.objects.create(intercommunality=self.epci, title="Horizon", level_labels=["Axe"])
        self.nodes = [
            StrategyNode.objects.create(intercommunality=self.epci, plan=plan, level=1, code=code, title="But")
            for code in "12"
        ]
        self.commune = make_commune(self.epci)
        make_population(self.commune, 300)
        self.project = self.make()
        client.force_login(self.coordinator, BACKEND)

    def make(self, **fields):
        project = make_project(self.epci, author=self.agent, status=Status.ADOPTED, **fields)
        project.objectives.set(self.nodes[:1])
        plan = FundingPlan.objects.create(intercommunality=self.epci, project=project, cost_excl_tax=Decimal("1000.01"))
        FundingLine.objects.create(
            intercommunality=self.epci, plan=plan, funder="EPCI", nature="own", amount=Decimal("1000.01")
        )
        return project

    def url(self, name, project=None):
        return reverse(f"projects:{name}", args=[(project or self.project).pk])


@pytest.fixture
def world(client):
    return World(client)


def test_the_only_objective_of_a_project_takes_all_of_it(world):
    page = text(world.client.get(world.url("detail")))
    assert '<td class="money">en entier</td><td class="money">1 000,01 €</td>' in page
    world.project.objectives.set(world.nodes)
    assert '<td class="money">à préciser</td>' in text(world.client.get(world.url("detail")))


def test_a_coordinator_splits_the_cost_and_the_project_and_the_strategy_tell_it(world):
    first, second = world.nodes
    said = {f"part_{first.pk}": "66,67", "added": second.pk, "added_part": "33,33", "main": first.pk}
    assert world.client.post(world.url("project_objectives"), said).status_code == 302
    assert ObjectiveShare.objects.get(node=first).is_main
    assert "666,71 €" in text(world.client.get(world.url("detail")))
    page = text(world.client.get(reverse("projects:strategy")))
    assert "1 projet</a>, 666,71 €)" in page and "1 projet</a>, 333,30 €)" in page and "1 000,01 €" in page


def test_parts_that_make_no_hundred_come_back_with_the_reason(world):
    answer = world.client.post(
        world.url("project_objectives"), {f"part_{world.nodes[0].pk}": "66", "main": world.nodes[0].pk}
    )
    assert answer.status_code == 422
    assert "il manque 34,00 %" in text(answer)
    assert not ObjectiveShare.objects.exists()


def test_an_objective_is_taken_away_and_the_last_one_stays(world):
    answer = world.client.post(
        world.url("project_objectives"),
        {f"part_{world.nodes[0].pk}": "100", "main": world.nodes[0].pk, "removed": [world.nodes[0].pk]},
    )
    assert answer.status_code == 422 and world.project.objectives.count() == 1


def test_the_charge_of_a_commune_is_told_on_the_money_page_and_on_its_own(world):
    assert world.client.post(world.url("money_communes"), {"method": "inhabitants"}).status_code == 302
    page = text(world.client.get(world.url("money")))
    assert "Population municipale, source Insee, en vigueur au 1<sup>er</sup> janvier 2026." in page
    assert "1 000,01 €" in page and "3,33 €" in page
    page = text(world.client.get(reverse("projects:commune", args=[world.commune.insee_code])))
    assert "Ce qu’elle porte des projets" in page and "3,33 €" in page and "source Insee" in page


def test_what_is_missing_is_not_told_as_known_charge_nor_as_the_owner_s(world):
    """The owner's line says all that remains to it once the plan balances: before, at least that."""
    assert world.client.post(world.url("money_communes"), {"method": "equal"}).status_code == 302
    plan = world.project.funding_plans.get()
    sure = text(world.client.get(world.url("money")))
    assert "il reste <strong>1 000,01 €</strong> HT au maître d’ouvrage" in sure and "à trouver" not in sure
    plan.cost_incl_tax, plan.vat_refund = plan.cost_excl_tax + 200, 190
    plan.save()
    linked = text(world.client.get(world.url("money")))
    assert (
        "Une fois la TVA payée et le FCTVA reçu, il aura dépensé <strong>1 010,01 €</strong>, aides déduites." in linked
    )
    assert "À la charge du maître d’ouvrage" not in linked and "Le plan est établi" not in linked  # each is told once
    FundingPlan.objects.filter(pk=plan.pk).update(cost_excl_tax=Decimal("3000.51"), cost_incl_tax=3600, vat_refund=0)
    page = text(world.client.get(world.url("money")))
    assert "il reste <strong>au moins 1 000,01 €</strong> HT au maître d’ouvrage" in page
    assert "soit <strong>au moins 3,33 €</strong> par habitant" in page
    whole = "Il reste 2 000,50 € à trouver : si le maître d’ouvrage les apporte, il portera 3 000,51 €."
    assert page.count(whole) == 2  # under the charge, and under its split between the communes
    assert "3 600,00 €, dont 2 000,50 € HT encore à trouver" in page
    assert "Chaque commune porterait au moins ces montants." in page
    commune = text(world.client.get(reverse("projects:commune", args=[world.commune.insee_code])))
    assert "au moins 1 000,01 € HT" in commune and "au moins 3,33 €" in commune
    assert "1 000,01 € HT en tout, sous réserve des plans de financement qui ne sont pas encore équilibrés." in commune
    FundingPlan.objects.filter(pk=plan.pk).update(cost_excl_tax=Decimal("700.01"), cost_incl_tax=None, vat_refund=None)
    page = text(world.client.get(world.url("money")))
    assert "il reste <strong>au plus 1 000,01 €</strong>" in page
    assert "Les ressources dépassent le coût de 300,00 € : ce qui est en trop est encore à retirer." in page


def test_a_key_by_hand_that_makes_no_hundred_is_refused_in_the_form(world):
    answer = world.client.post(world.url("money_communes"), {"method": "by_hand", f"part_{world.commune.pk}": "40"})
    assert answer.status_code == 422 and "il manque 60,00 %" in text(answer)
    assert not ChargeKey.objects.exists()


def test_regrouping_is_foreseen_then_done_and_the_debate_is_read_from_the_survivor(world):
    survivor = world.make(title="Halte-garderie")
    make_contribution(world.project, author=world.agent, text="Le relais est à 25 km d’ici.")
    page = text(world.client.get(world.url("absorb"), {"avec": survivor.pk}))
    assert "Ce qui va se passer" in page and "1 contribution au débat se lit aussi" in page
    assert Project.objects.get(pk=world.project.pk).status == Status.ADOPTED
    answer = world.client.post(world.url("absorb"), {"avec": survivor.pk, "reason": "Même besoin."})
    assert answer.url == survivor.get_absolute_url()
    assert "Le relais est à 25 km d’ici." in text(world.client.get(world.url("debate", survivor)))
    page = text(world.client.get(world.url("detail")))
    assert "Regroupé avec" in page and survivor.get_absolute_url() in page
    page = text(world.client.get(reverse("projects:strategy")))
    assert "2 000,02" not in page  # the money of the absorbed project is counted no more


def test_a_contribution_of_an_absorbed_project_stays_with_those_who_see_that_project(world, client):
    survivor = world.make(title="Halte-garderie")
    make_contribution(world.project, author=world.agent, text="Parole à garder.")
    world.client.post(world.url("absorb"), {"avec": survivor.pk, "reason": "Même besoin."})
    survivor.communes.set([world.commune])
    other = make_coordinator(make_epci(1))
    client.force_login(other, BACKEND)
    assert client.get(world.url("debate", survivor)).status_code == 404


def test_a_reason_left_out_regroups_nothing(world):
    survivor = world.make()
    assert world.client.post(world.url("absorb"), {"avec": survivor.pk, "reason": ""}).status_code == 422
    assert Project.objects.get(pk=world.project.pk).status == Status.ADOPTED


def test_a_copy_leads_to_its_draft(world):
    world.client.force_login(world.agent, BACKEND)
    answer = world.client.post(world.url("copy"), {"title": "Le même, ailleurs"})
    made = Project.objects.get(title="Le même, ailleurs")
    assert answer.url == reverse("projects:write", args=[made.pk, "besoin"])


def test_a_split_is_foreseen_then_done(world):
    said = {"titles": "Le lieu\nLe véhicule", "reason": "Deux budgets."}
    assert "Le projet « Le véhicule » s’ouvre" in text(world.client.get(world.url("split"), said))
    assert Project.objects.count() == 1
    world.client.post(world.url("split"), said)
    assert Project.objects.filter(status=Status.TO_COMPLETE, title__in=["Le lieu", "Le véhicule"]).count() == 2


def test_a_mark_is_put_changed_and_taken_away(world):
    world.client.post(world.url("mark"), {"note": "À revoir en mai"})
    assert "À revoir en mai" in text(world.client.get(world.url("detail")))
    world.client.force_login(world.agent, BACKEND)
    assert "À revoir en mai" not in text(world.client.get(world.url("detail")))
    world.client.force_login(world.coordinator, BACKEND)
    world.client.post(world.url("mark"), {"remove": "1"})
    assert not Mark.objects.exists()


def test_the_strategy_and_a_commune_cost_as_many_queries_for_thirty_projects_as_for_ten(world):
    def queries(address):
        with CaptureQueriesContext(connection) as found:
            assert world.client.get(address).status_code == 200
        return len(found)

    def fill(count):
        for _ in range(count):
            ChargeKey.objects.create(intercommunality=world.epci, project=world.make(actors=0), method="equal")

    pages = [reverse("projects:strategy"), reverse("projects:commune", args=[world.commune.insee_code])]
    fill(9)
    few = [queries(page) for page in pages]
    fill(20)
    assert [queries(page) for page in pages] == few
