"""What the demo territory holds once loaded, with its rights and its decisions."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from partners.governance.models import Body, ElectedMember, Seat
from partners.people.access import scope_of
from partners.people.models import Membership, User
from projects.calendar.models import Meeting
from projects.deliberation.models import Decision, Session
from projects.demo import files
from projects.demo.load import load
from projects.funding.models import FundingPlan
from projects.funding.rules import Sums, owner_share_is_enough
from projects.notices.models import Notice
from projects.proposals.actor_models import Interest
from projects.proposals.models import CourseStep, Project
from territories.competences.models import NationalCompetence
from territories.places.models import Intercommunality

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _loaded_once(django_db_setup, django_db_blocker):
    """Load once for the tests that only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def epci(_loaded_once):
    return Intercommunality.objects.get(siren=files.siren())


def project(reference: str) -> Project:
    return Project.objects.get(reference=reference)


def test_everything_is_there(epci):
    assert epci.is_demo
    assert epci.communes.count() == 22
    assert epci.partners.count() == 45 and epci.relays.count() == 45
    assert epci.competences.count() == 20
    assert epci.strategy_nodes.filter(level=1).count() == 4
    assert epci.strategy_nodes.filter(level=2, projects__isnull=False).distinct().count() == 14
    assert epci.projects.count() == 30
    assert Interest.objects.count() == sum(len(told["actors"]) for told in files.read().projects)
    assert CourseStep.objects.count() == sum(len(told["steps"]) for told in files.read().projects)


def test_competences_carry_their_national_codes_and_what_is_of_community_interest(epci):
    river = epci.competences.get(label__startswith="GEMAPI")
    assert [one.code for one in river.national.all()] == ["2005", "2010", "2015", "2020"]
    assert all(one.label and one.predecessors.exists() for one in river.national.all())
    assert not NationalCompetence.objects.filter(nomenclature="2025", label="").exists()
    declared = {code for one in epci.competences.all() for code in one.banatic_codes}
    assert declared <= set(NationalCompetence.objects.filter(nomenclature="2025").values_list("code", flat=True))
    defined = epci.competences.filter(interests__isnull=False)
    assert defined.count() == 5
    assert epci.competences.get(category="opt_in").communes.count() == 6
    assert {one.get_category_display() for one in epci.competences.all()} == {
        "obligatoire", "supplémentaire", "à la carte", "communale",
    }  # fmt: skip


def test_the_council_has_48_seats_and_one_chair(epci):
    council = Body.objects.get(kind=Body.Kind.COUNCIL)
    assert council.seats.count() == council.legal_seats == 48
    assert council.seats.get(is_chair=True).member.full_name == "Hélène Marchadier"
    assert Seat.objects.filter(body__kind=Body.Kind.BUREAU).count() == 13
    assert ElectedMember.objects.count() == 23


def test_projects_are_in_the_state_of_the_specification(epci):
    for told in files.read().projects:
        assert project(told["ref"]).status == told["status"]


def test_every_project_is_carried_by_one_actor_and_falls_under_an_orientation(epci):
    for one in Project.objects.all():
        assert one.actors.filter(leads=True).count() == 1
        assert one.orientation_fits.exists()
        assert one.competences.exists() or one.no_competence_reason


def test_the_water_agency_is_one_organisation_linked_to_two_projects(epci):
    agency = epci.partners.get(code="PA09")
    assert "Agence de l’eau" in agency.name
    assert set(agency.actor_in.values_list("project__reference", flat=True)) == {"P24", "P25"}
    funded = agency.funding_lines.values_list("plan__project__reference", flat=True)
    assert set(funded) == {"P24", "P25"}


def test_one_loaded_plan_breaks_the_twenty_percent_rule_and_another_version_replaced_it(epci):
    broken = []
    for plan in FundingPlan.objects.exclude(project__owner_kind=Project.OwnerKind.PARTNER):
        amounts = dict.fromkeys(("public", "private", "contribution", "own"), 0)
        for line in plan.lines.all():
            amounts[line.nature] += line.amount
        sums = Sums(plan.cost, amounts["public"], amounts["private"], amounts["contribution"], amounts["own"])
        assert sums.is_balanced
        if not owner_share_is_enough(sums):
            broken.append(plan)
    assert [(plan.project.reference, plan.number, plan.is_current) for plan in broken] == [("P14", 1, False)]


def test_decisions_keep_their_totals_and_their_words(epci):
    decision = Decision.objects.get(item__project__reference="P01", item__session__body__kind=Body.Kind.COUNCIL)
    assert (decision.in_office, decision.present, decision.powers) == (48, 39, 4)
    assert (decision.votes_for, decision.votes_against, decision.abstentions) == (41, 0, 2)
    assert decision.item.session.held_on == date(2024, 6, 27)
    lake = Decision.objects.filter(item__project__reference="P23").order_by("proclaimed_at")
    assert [one.outcome for one in lake] == ["rejected", "adopted"]


def test_the_session_to_come_is_convened_with_its_agenda_and_what_members_say_of_it(epci):
    coming = Session.objects.get(state=Session.State.CONVENED)
    assert coming.held_on == date(2026, 12, 10)
    assert list(coming.items.values_list("project__reference", flat=True)) == ["P29", "P21"]
    mailing = coming.mailings.get()
    ways = list(mailing.envelopes.values_list("way", flat=True))
    assert (ways.count("mail"), ways.count("paper")) == (4, 45)
    assert not mailing.envelopes.filter(way="mail", sent_at=None).exists()
    assert coming.member_opinions.count() == 2


def test_accounts_hold_the_rights_of_their_role(epci):
    def may(email: str, permission: str) -> bool:
        return scope_of(User.objects.get(email=email)).may(permission, epci.pk)

    assert may("agent@ccvo.example", "submit_projects") and not may("agent@ccvo.example", "review_projects")
    assert may("chef@ccvo.example", "review_projects")
    assert may("presidente@ccvo.example", "open_political_projects")
    assert may("conseillere@champ-rosay.example", "view_sessions")
    assert not may("conseillere@champ-rosay.example", "submit_projects")
    assert not scope_of(User.objects.get(email="lecture@public.example")).intercommunalities
    relay = User.objects.get(email="relais@lespetitslierres.example")
    assert {one.reference for one in Project.objects.visible_to(relay)} == {"P01", "P02"}


def test_the_field_of_each_officer_is_beside_their_name_with_an_account_or_without(demo_territory):
    functions = dict(Membership.objects.values_list("user__email", "function"))
    assert functions["agent@ccvo.example"] == "agente (petite enfance)"
    assert functions["projet@ccvo.example"] == "chef de projet (enfance-jeunesse)"
    assert functions["vp@ccvo.example"] == "vice-présidente aînés"
    officers = dict(Project.objects.values_list("reference", "lead_officer"))
    assert officers["P11"] == "Laure Benguigui (habitat)"
    assert officers["P30"] == "Nathalie Coste"
    missions = {one.partition(" (")[2] for one in officers.values()} - {""}
    assert len(missions) >= 11


def test_meetings_to_come_expect_those_that_their_words_name(demo_territory):
    meeting = Meeting.objects.filter(label="Commission d’attribution des places").latest("starts_at")
    assert {str(one) for one in meeting.guests.all()} == {
        "Vaudreline", "Cormelette", "Pierrelande", "Coudrelle", "CAF du Val-de-Lierre",
        "Association Les Petits Lierres (assistantes maternelles)",
    }  # fmt: skip
    relay = User.objects.get(email="relais@lespetitslierres.example")
    gathering = Meeting.objects.get(label="Rencontre des personnes relais du territoire")
    assert gathering in Meeting.objects.visible_to(relay)
    assert not Notice.objects.exists()
