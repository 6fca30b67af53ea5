"""The cases of the demo territory that the specification tells line by line, on the pages that people open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from partners.people.models import User
from projects.actormap.reading import page_of as map_of
from projects.demo import files
from projects.diagnosis.reading import page_of as page_of_groups
from projects.models import (
    Actor,
    FundingPlan,
    HealthNote,
    Interest,
    OperatingLine,
    OpinionRequest,
    PaymentCredit,
    Project,
)
from projects.opinions.services import version_date

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DATA = files.read()
TOLD = {told["ref"]: told for told in DATA.projects}


@pytest.fixture
def page(demo_territory, client):
    client.force_login(User.objects.get(email="projet@ccvo.example"), BACKEND)

    def opened(name, reference, **typed):
        address = reverse(f"projects:{name}", args=[project(reference).pk])
        answer = client.post(address, typed) if typed else client.get(address)
        return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")

    return opened


def project(reference):
    return Project.objects.get(reference=reference)


def typed_as(plan, **changes):
    """The plan of a project as its form sends it, with some amounts changed by funder."""
    sent = {"cost_excl_tax": plan.cost_excl_tax, "cost_incl_tax": plan.cost_incl_tax or "", "basis": plan.basis}
    lines = list(plan.lines.all())
    sent |= {"owner_floor": 20, "lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": len(lines)}
    for number, line in enumerate(lines):
        amount = line.amount + changes.get(line.nature, 0)
        told = {"id": line.pk, "funder": line.funder, "amount": amount, "nature": line.nature, "state": line.state}
        told |= {"is_state_grant": "on"} if line.is_state_grant else {}
        sent |= {f"lines-{number}-{name}": value for name, value in told.items()}
    return sent


def test_p10_is_exactly_at_the_ceiling_and_one_more_euro_is_said_to_be_too_much(page):
    assert "s’élèvent à 265 000,00 € ; ils ne peuvent dépasser 265 000,00 €" in page("money", "P10")
    plan = FundingPlan.objects.get(project__reference="P10", is_current=True)
    said = page("funding_check", "P10", **typed_as(plan))
    assert "À corriger" not in said
    said = page("funding_check", "P10", **typed_as(plan, contribution=1, own=-1))
    assert said.count("À corriger") == 1  # the sentence and the verdict agree
    assert "Il y a 1,00 € de trop. (CGCT, art. L. 5214-16 V)" in said.replace('<span class="soft">', "").replace(
        "</span>", ""
    )


def test_p14_was_refused_in_its_first_version_and_says_what_it_lacked(page):
    said = page("money", "P14")
    first, second = said[said.index("<h3>Version 1") :].split("<h3>Version 2")
    assert "À corriger." in first and "18,18 %" in first and "Il lui manque 10 000,00 €" in first
    assert "À corriger." not in second.partition("<h2>")[0] and "27,27 %" in second
    assert "70 000,00 €" in first and "90 000,00 €" in second  # the ceilings of its fonds de concours


def test_p21_has_a_private_owner_and_no_page_tells_it_of_the_twenty_per_cent(page):
    for name in ("money", "detail"):
        said = page(name, "P21")
        assert "il en faut au moins 20 %" not in said and "règle des 20 % est" not in said
    plan = FundingPlan.objects.get(project__reference="P21")
    assert "il en faut au moins" not in page("funding_check", "P21", **typed_as(plan))
    assert "il en faut au moins 20 %" in page("money", "P10")


def test_each_actor_wants_what_the_specification_says_and_stands_where_it_says(demo_territory):
    for reference, told in TOLD.items():
        said = {(one["name"], one["interest"], one["stance"]) for one in told["actors"]}
        kept = Interest.objects.filter(actor__project__reference=reference)
        assert set(kept.values_list("actor__name", "text", "stance")) == said, reference


def test_each_line_of_money_stands_where_the_specification_says(demo_territory):
    for reference, told in TOLD.items():
        for plan in told.get("plans", []):
            stored = project(reference).funding_plans.get(number=int(plan["version"].removeprefix("v")))
            said = [(Decimal(line["amount"]), line["nature"], line["state_text"]) for line in plan["lines"]]
            assert list(stored.lines.values_list("amount", "nature", "state")) == said, reference
        running = OperatingLine.objects.filter(plan__project__reference=reference, plan__is_current=True)
        assert sum(line.amount for line in running) == told.get("operating", {}).get("total", 0), reference


def test_each_year_is_programmed_as_the_specification_says(demo_territory):
    first = DATA.investment_plan["first_year"]
    for told in DATA.investment_plan["projects"]:
        years = {first - 1: told["before"], **told["years"]}
        stored = PaymentCredit.objects.filter(plan__project__reference=told["project"])
        assert dict(stored.values_list("year", "amount")) == {y: a for y, a in years.items() if a}, told["project"]


LAKE_NAMES = {
    "Commune de La Ferrandière-du-Lac": "La Ferrandière-du-Lac",
    "Fédération de pêche": "Association de pêche",
}


def test_the_organisations_of_the_lake_are_worked_with_as_the_specification_says(demo_territory):
    """§ 11, line by line; two of them bear in § 8 the name by which the sheet of the project knows them."""
    found = map_of_the_lake("dgs@ccvo.example")["grid"]
    assert {tuple(row[1:]) for row in found} == {
        ("La Ferrandière-du-Lac", "4 sur 4", "4 sur 4", "associer à chaque étape"),
        ("Département", "3 sur 4", "1 sur 4", "satisfaire"),
        ("Office de tourisme du Val", "2 sur 4", "4 sur 4", "informer et mobiliser"),
        ("Association de pêche", "2 sur 4", "3 sur 4", "informer et mobiliser"),
        ("Hébergeurs", "1 sur 4", "3 sur 4", "informer"),
        ("Conseil de développement", "2 sur 4", "2 sur 4", "suivre"),
    }
    told = DATA.diagnosis["actor_map"]["organisations"]
    assert [LAKE_NAMES.get(one["organisation"], one["organisation"]) for one in told] == [
        "La Ferrandière-du-Lac", "Département", "Office de tourisme du Val", "Association de pêche", "Hébergeurs",
        "Conseil de développement",
    ]  # fmt: skip
    assert {one["conduct"] for one in told} == {row[-1] for row in found}


def test_the_organisations_of_the_lake_are_tied_as_the_specification_says(demo_territory):
    told = {
        ("Office de tourisme du Val", "Hébergeurs", "habitude"),
        ("La Ferrandière-du-Lac", "Association de pêche", "convention"),
        ("CCVO", "La Ferrandière-du-Lac", "financement"),
        ("CCVO", "Office de tourisme du Val", "financement"),
    }
    tension = ("CCVO", "La Ferrandière-du-Lac", "tension")
    assert ties_read_by("dgs@ccvo.example") == told | {tension}
    assert ties_read_by("vp@ccvo.example") == told


def test_who_answers_nobody_for_is_shown_as_lacking_a_relay_person(demo_territory):
    answered = {actor.name: actor.answered_by for actor in project("P23").actors.all()}
    assert answered["Hébergeurs"] == answered["Conseil de développement"] == "à trouver"
    assert answered["Département"] != "à trouver"


def map_of_the_lake(email):
    return map_of(project("P23"), User.objects.get(email=email))


def ties_read_by(email):
    lines = map_of_the_lake(email)["lines"]
    return {(line.link.source.name, line.link.target.name, line.bond.label) for line in lines}


# fmt: off
DIAGNOSIS = {  # § 11: sense, culture, trust, power, listening, political, means, relays, fairness, users, and the total
    "Réseau petite enfance": ("P01, P02", [4, 3, 3, 3, 4, 4, 2, 4, 3, 4], 34),
    "Secrétaires de mairie": ("P30",      [4, 4, 3, 2, 3, 3, 2, 4, 3, 2], 30),
    "Comité du lac":         ("P23",      [2, 1, 1, 1, 2, 3, 2, 1, 1, 2], 16),
    "Groupe eau potable":    ("P25",      [2, 2, 1, 1, 2, 3, 3, 2, 1, 1], 18),
    "Réseau bibliothèques":  ("P29",      [3, 2, 2, 2, 3, 2, 1, 3, 2, 3], 23),
}
PROOFS = {
    ("Réseau petite enfance", "means", 2): (
        "deux animatrices partagent un véhicule, un remplacement sur trois est annulé"
    ),
    ("Comité du lac", "fairness", 1): "la commune qui reçoit les visiteurs ne reçoit pas la recette du stationnement",
    ("Groupe eau potable", "trust", 1): "chacun garde son diagnostic de réseau",
}
# fmt: on


def test_the_groups_say_of_their_cooperation_what_the_specification_says(demo_territory):
    page = page_of_groups(demo_territory, User.objects.get(email="dgs@ccvo.example"))
    read = {
        line.assessment.group: (
            ", ".join(one.reference for one in line.projects),
            [score.value for score in line.scores.values()],
            line.total,
        )
        for line in page["groups"]
    }
    assert read == DIAGNOSIS
    assert {line.assessment.month for line in page["groups"]} == {"octobre\xa02026"}
    proofs = {
        (line.assessment.group, score.dimension, score.value): score.evidence
        for line in page["groups"]
        for score in line.proofs
    }
    assert proofs == PROOFS


def test_a_vice_president_who_is_mayor_of_the_owner_is_named_as_standing_aside(demo_territory):
    decision = project("P10").agenda_items.get(session__held_on=date(2026, 9, 24)).decision
    assert (decision.votes_for, decision.votes_against, decision.abstentions) == (41, 1, 2)
    assert decision.not_taking_part >= 1


def test_opinions_awaited_make_the_projects_whose_state_is_avis_en_cours(demo_territory):
    waiting = OpinionRequest.objects.filter(opinions=None, withdrawn_on=None).values_list(
        "project__reference", flat=True
    )
    assert {"P21", "P29"} <= set(waiting)


def test_the_suspended_project_says_what_would_unblock_it(page):
    assert project("P13").status == "suspended"
    assert HealthNote.objects.filter(project=project("P13")).latest("noted_on").level == "alert"
    assert "reprise est prévue au 1<sup>er</sup> mars 2027" in page("detail", "P13")


def test_an_opinion_asked_and_given_on_the_same_text_tells_the_same_day_of_it(demo_territory):
    told = {str(asked.project.reference): asked for asked in OpinionRequest.objects.exclude(project__reference="P23")}
    assert {reference: asked.version_of for reference, asked in told.items()} == {
        reference: version_date(asked.project) for reference, asked in told.items()
    }
    first, second = OpinionRequest.objects.filter(project__reference="P23").order_by("asked_on")
    assert first.version_of < second.version_of  # asked again, of a text that had changed


def test_every_actor_has_a_place_or_is_shown_as_touched(demo_territory):
    assert not [one for one in Actor.objects.all() if not one.places and not one.leads]


def test_where_the_territory_comes_from_and_the_contracts_that_its_projects_serve_are_told(demo_territory, client):
    client.force_login(User.objects.get(email="projet@ccvo.example"), BACKEND)
    said = client.get(reverse("projects:strategy")).content.decode().replace("\xa0", " ")
    assert "depuis le 1<sup>er</sup> janvier 2017 (fusion du Pays d’Orvelle et du Plateau)" in said
    for contract in (
        "CRTE 2021-2026 renouvelé en 2027 (P04, P06, P13, P16, P19, P24, P27)", "CTG 2024-2028 (P01, P02, P05, P07)",
        "PEDT (P05, P06)", "PAT (P20)", "LEADER (P04, P20, P21, P22)", "Petites villes de demain (P13)",
    ):  # fmt: skip
        assert contract in said
    assert "notifié : 0,4127" in client.get(reverse("territories:pact")).content.decode().replace("\xa0", " ")
