"""What the printed projet de territoire says, and what it leaves out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import Membership, Partner, Relay, Role, User
from partners.people.access import grant
from projects.models import Actor, FundingLine, FundingPlan, Interest, Project, Status, StrategyNode, TerritorialPlan
from projects.proposals.models import UNPLACED
from projects.proposals.states import agreeing
from projects.report.content import Report, gather, with_article
from projects.report.documents import report_document
from territories.models import Commune, Intercommunality, Outline, Population

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 15)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BLANK = Report(
    name="CC du Val",
    name_in_sentence="la CC du Val",
    plan="Val 2032",
    foreword="",
    mandate="",
    printed_on=TODAY,
    population=0,
    communes=(),
    orientations=(),
    axes=(),
    figures=(),
    cover_map=None,
    territory_map=None,
)
SQUARE = {"type": "Polygon", "coordinates": [[[2, 47], [2.1, 47], [2.1, 47.1], [2, 47.1], [2, 47]]]}


@pytest.fixture
def epci():
    made = Intercommunality.objects.create(siren="249600016", name="Communauté de communes du Val", kind="CC")
    commune = Commune.objects.create(
        insee_code="96001", name="Orvelle", tncc="1", department_code="96", intercommunality=made
    )
    Population.objects.create(commune=commune, year_in_force=2026, municipal=900)
    Outline.objects.create(commune=commune, geometry=SQUARE)
    plan = TerritorialPlan.objects.create(intercommunality=made, title="Val 2032", level_labels=["Axe", "Objectif"])
    axis = StrategyNode.objects.create(intercommunality=made, plan=plan, level=1, code="1", title="Grandir")
    for code in ("1.2", "1.10"):
        StrategyNode.objects.create(
            intercommunality=made, plan=plan, parent=axis, level=2, code=code, title=f"But {code}"
        )
    return made


def make_project(epci, reference: str, status: str = Status.ADOPTED, **fields) -> Project:
    project = Project.objects.create(
        intercommunality=epci,
        reference=reference,
        title=f"Projet {reference}",
        status=status,
        shared_objective="Ce que nous voulons ensemble",
        submitted_at=None if status == Status.DRAFT else timezone.now(),
        owner_kind=Project.OwnerKind.EPCI,
        **fields,
    )
    project.communes.set(epci.communes.all())
    project.objectives.set(StrategyNode.objects.filter(intercommunality=epci, code="1.2"))
    partner, _ = Partner.objects.get_or_create(intercommunality=epci, name="CAF")
    relay, _ = Relay.objects.get_or_create(
        intercommunality=epci,
        partner=partner,
        full_name="Sophie Aumont",
        function="conseillère",
        phone="01 99 00 20 01",
        email="sophie.aumont@caf.example",
    )
    actor = Actor.objects.create(intercommunality=epci, project=project, name="CAF", partner=partner, relay=relay)
    Actor.objects.create(intercommunality=epci, project=project, name="Familles", position=1)
    Interest.objects.create(intercommunality=epci, actor=actor, text="Recruter", stance=Interest.Stance.COMPATIBLE)
    plan = FundingPlan.objects.create(intercommunality=epci, project=project, cost_excl_tax=100)
    for nature, amount in (("own", 20), ("public", 80)):
        FundingLine.objects.create(intercommunality=epci, plan=plan, funder=nature, nature=nature, amount=amount)
    return project


def make_user(epci, email: str, role: str) -> User:
    user = User.objects.create_user(email=email, full_name="Une personne")
    membership = Membership.objects.create(
        user=user, intercommunality=epci, role=role, starts_on=dt.date(2020, 1, 1), ends_on=None
    )
    grant(membership)
    return user


def references(epci, user=None) -> list[str]:
    return [sheet.reference for sheet in gather(epci, user=user, today=TODAY).sheets]


def test_reading_takes_as_many_queries_for_three_projects_as_for_eight(epci):
    for n in range(3):
        make_project(epci, f"P0{n}")
    with CaptureQueriesContext(
        connection,
    ) as few:
        report_document(gather(epci, user=None, today=TODAY)).as_html()
    for n in range(3, 8):
        make_project(epci, f"P0{n}")
    with CaptureQueriesContext(connection) as many:
        report_document(gather(epci, user=None, today=TODAY)).as_html()
    assert len(many) == len(few)
    assert len(few) < 38


def test_what_is_in_its_author_s_hands_or_was_left_is_not_printed(epci):
    for n, status in enumerate(Status.values):
        make_project(epci, f"P{n:02}-{status}", status)
    printed = {reference.split("-")[1] for reference in references(epci)}
    assert not printed & {"draft", "to_complete", "inadmissible", "withdrawn", "abandoned"}
    assert {"submitted", "adopted", "in_progress", "rejected", "deferred"} <= printed


def test_a_person_prints_only_what_they_may_see(epci):
    make_project(epci, "P01", Status.ADOPTED)
    make_project(epci, "P02", Status.SUBMITTED)
    assert references(epci, make_user(epci, "c@x.example", Role.COORDINATOR)) == ["P01", "P02"]
    assert references(epci, make_user(epci, "e@x.example", Role.ELECTED)) == ["P01"]
    assert references(epci, AnonymousUser()) == []


def test_projects_of_another_epci_are_never_printed(epci):
    make_project(epci, "P01")
    other = Intercommunality.objects.create(siren="200046977", name="Ailleurs", kind="METRO")
    make_project(other, "X01")
    assert references(epci) == ["P01"]


def test_a_sheet_names_the_relay_person_without_how_to_reach_them(epci):
    make_project(epci, "P01")
    html = report_document(gather(epci, user=None, today=TODAY)).as_html()
    assert "Sophie Aumont, conseillère" in html
    assert "à trouver" in html
    assert "01 99" not in html
    assert "@" not in html


def test_the_objective_is_one_thing_and_the_interests_another(epci):
    make_project(epci, "P01")
    [sheet] = gather(epci, user=None, today=TODAY).sheets
    assert sheet.shared_objective == "Ce que nous voulons ensemble"
    assert [(i.who, i.text, i.convergence) for i in sheet.interests] == [("CAF", "Recruter", "compatible")]


def test_the_shares_of_a_plan_are_those_of_its_cost_and_what_is_missing_has_its_own(epci, client):
    """On the page of the project and on paper alike, from the same lines."""
    project = make_project(epci, "P01")
    total = lambda: [(one.title, one.amount, plain(one.share)) for one in sheet_of(epci).funding.feet]  # noqa: E731
    assert total() == [("Total", 100, "100 %")]
    FundingPlan.objects.filter(project=project).update(cost_excl_tax=150)
    funding = sheet_of(epci).funding
    assert total() == [("Total", 100, "66,7 %"), ("Reste à trouver", 50, "33,3 %")]
    assert [one.percent for one in funding.lines] == [round(100 * one.amount / 150, 1) for one in funding.lines]
    assert [one.number for one in funding.bar.segments] == [1, 2, 3] and funding.unfound == 3
    assert "reste à trouver 33,3 %" in plain(funding.bar.title)
    client.force_login(make_user(epci, "a@b.example", Role.COORDINATOR), BACKEND)
    page = plain(client.get(project.get_absolute_url()).content.decode())
    assert 'Total</th><td class="money">100 €</td><td class="money">66,7 %' in page
    assert 'Reste à trouver</th><td class="money">50 €</td><td class="money">33,3 %' in page
    FundingPlan.objects.filter(project=project).update(cost_excl_tax=80)
    assert total() == [("Total", 100, "125,0 %"), ("En trop", 20, "25,0 %")]
    assert sheet_of(epci).funding.unfound == 0


def sheet_of(epci):
    [sheet] = gather(epci, user=None, today=TODAY).sheets
    return sheet


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\xa0", " ")


def test_the_rule_of_the_20_per_cent_is_told_with_its_figures(epci):
    project = make_project(epci, "P01")
    [sheet] = gather(epci, user=None, today=TODAY).sheets
    assert sheet.funding.rule_is_met
    assert "20,00" in sheet.funding.rule
    assert "est respectée" in sheet.funding.rule
    FundingLine.objects.filter(plan__project=project, nature="own").update(amount=Decimal("19.99"))
    [sheet] = gather(epci, user=None, today=TODAY).sheets
    assert (sheet.funding.rule, "Il manque 0,01" in sheet.funding.gap) == ("", True)  # it judges a balanced plan
    FundingPlan.objects.filter(project=project).update(cost_excl_tax=Decimal("99.99"))
    [sheet] = gather(epci, user=None, today=TODAY).sheets
    assert not sheet.funding.rule_is_met
    assert "il faut au moins 20" in sheet.funding.rule
    assert sheet.funding.decimals == 2


def test_the_rule_of_the_20_per_cent_does_not_bind_a_private_owner(epci):
    make_project(epci, "P01")
    Project.objects.update(owner_kind=Project.OwnerKind.PARTNER)
    [sheet] = gather(epci, user=None, today=TODAY).sheets
    assert sheet.funding.rule == ""
    assert sheet.funding.rule_is_met


def test_objectives_are_in_their_order_and_an_empty_one_is_shown(epci):
    make_project(epci, "P01")
    [axis] = gather(epci, user=None, today=TODAY).axes
    assert [row.label for row in axis.objectives] == ["1.2 — But 1.2", "1.10 — But 1.10"]
    assert axis.objectives[1].sheets == []


def test_a_project_without_objective_is_printed_at_the_end_rather_than_lost(epci):
    make_project(epci, "P02")
    make_project(epci, "P01").objectives.clear()
    axes = gather(epci, user=None, today=TODAY).axes
    assert [sheet.reference for sheet in axes[-1].sheets] == ["P01"]
    assert references(epci) == ["P02", "P01"]


def test_a_project_serving_two_objectives_has_one_sheet_named_twice(epci):
    project = make_project(epci, "P01")
    project.objectives.set(StrategyNode.objects.filter(intercommunality=epci, level=2))
    [axis] = gather(epci, user=None, today=TODAY).axes
    assert [len(row.sheets) for row in axis.objectives] == [1, 1]
    assert len(axis.sheets) == 1


def test_the_names_of_official_files_are_printed_with_the_apostrophes_of_print(epci):
    Intercommunality.objects.filter(pk=epci.pk).update(name="CC de la Plaine de l'Ain")
    Commune.objects.filter(intercommunality=epci).update(name="Saint-Jean-d'Hérans")
    document = report_document(gather(Intercommunality.objects.get(pk=epci.pk), user=None, today=TODAY))
    html = document.as_html()
    assert document.header == "CC de la Plaine de l’Ain"
    assert "Saint-Jean-d’Hérans" in html
    assert "d&#x27;Hérans" not in html
    assert "l&#x27;Ain" not in html


def test_an_epci_without_plan_nor_project_still_has_a_document(epci):
    TerritorialPlan.objects.all().update(is_current=False)
    report = gather(epci, user=None, today=TODAY)
    assert report.sheets == []
    assert [chapter.name for chapter in report.before] == ["territory"]  # nothing to learn to read, nobody who built it
    html = report_document(report).as_html()
    assert "Notre territoire" in html
    assert "Il ne contient encore aucun projet." in html.replace("\xa0", " ")
    assert "0 projet" not in html


def test_the_index_names_once_what_concerns_every_commune_and_apart_what_does_not_say_which(epci):
    """A plan that was taken over without a word on its places says nothing of each commune."""
    other = Commune.objects.create(insee_code="96002", name="Vaudreline", department_code="96", intercommunality=epci)
    make_project(epci, "P01", scale=Project.Scale.ALL)
    make_project(epci, "P02", scale=Project.Scale.COMMUNE).communes.set([other])
    make_project(epci, "P03", scale=Project.Scale.SEVERAL, communes_text="19 communes").communes.clear()
    make_project(epci, "P04", scale=Project.Scale.ALL, communes_text=UNPLACED).communes.clear()
    make_project(epci, "P05", scale=Project.Scale.ALL, communes_text="Les deux communes").communes.clear()
    report = gather(epci, user=None, today=TODAY)
    [communes] = [one for one in report.indexes if one.title == "Communes"]
    assert [(name, [sheet.reference for sheet in sheets]) for name, sheets in communes.entries] == [
        ("Toutes les communes", ["P01", "P05"]),
        ("Communes non précisées", ["P03", "P04"]),
        ("Vaudreline", ["P02"]),
    ]
    assert "une seule fois" in communes.note and "« Communes non précisées »" in communes.note
    assert {row.name: row.projects for row in report.communes} == {"Orvelle": 2, "Vaudreline": 3}
    html = "".join(part.html for part in report_document(report).parts)
    assert "Un projet de toutes les communes est nommé une seule fois" in html


@pytest.mark.parametrize(
    ("label", "two"),
    [("adopté", "adoptés"), ("suspendu", "suspendus"), ("en cours", "en cours"), ("non recevable", "non recevable")],
)
def test_states_agree_with_their_number(label, two):
    assert (agreeing(label, 1), agreeing(label, 2)) == (label, two)


def test_the_name_of_an_epci_takes_its_article_in_a_sentence():
    assert with_article("Communauté de communes du Val") == "la communauté de communes du Val"
    assert with_article("CC Nièvre et Somme") == "la CC Nièvre et Somme"
    assert with_article("Grand Lyon") == "Grand Lyon"
