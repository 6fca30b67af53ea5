"""Rights follow the role table and the dates of memberships, and can always be put back in order."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from guardian.shortcuts import assign_perm

from partners.people.access import group_of, scope_of
from partners.people.models import Role, User
from partners.people.services import close_membership, open_membership
from territories.places.models import Intercommunality

pytestmark = pytest.mark.django_db
START = date(2026, 4, 9)


@pytest.fixture
def membership():
    epci = Intercommunality.objects.create(siren="249600016", name="CC du Val d’Orvelle", kind="CC")
    user = User.objects.create_user("dgs@ccvo.example", full_name="Paul-Arnaud Lessieur")
    return open_membership(user=user, intercommunality=epci, role=Role.COORDINATOR, starts_on=START)


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_role_gives_its_rights_on_its_intercommunality_only(membership):
    other = Intercommunality.objects.create(siren="200000172", name="CC Faucigny", kind="CC")
    scope = scope_of(fresh(membership.user))
    assert scope.may("review_projects", membership.intercommunality_id)
    assert not scope.may("review_projects", other.pk)
    assert not scope.may("manage_people", membership.intercommunality_id)


def test_a_closed_role_gives_nothing_on_the_next_request(membership):
    close_membership(membership=membership, ends_on=START)
    assert not scope_of(fresh(membership.user)).rights.get("review_projects")
    assert not fresh(membership.user).has_perm("territories.review_projects", membership.intercommunality)


def test_a_planned_end_counts_from_its_day_even_before_groups_are_in_order(membership, time_machine):
    membership.ends_on = START + timedelta(days=30)
    membership.save()
    time_machine.move_to("2026-05-09 12:00")
    assert scope_of(fresh(membership.user)).may("review_projects", membership.intercommunality_id)
    time_machine.move_to("2026-05-10 12:00")
    assert not scope_of(fresh(membership.user)).may("review_projects", membership.intercommunality_id)


def test_sync_takes_away_what_the_role_table_does_not_give(membership):
    assign_perm("territories.manage_people", group_of(membership), membership.intercommunality)
    call_command("sync_rights", verbosity=0)
    assert not scope_of(fresh(membership.user)).may("manage_people", membership.intercommunality_id)
    assert scope_of(fresh(membership.user)).may("review_projects", membership.intercommunality_id)
