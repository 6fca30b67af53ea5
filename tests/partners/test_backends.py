"""`user.has_perm(…, epci)` says what the scope says: the rights of today, in this EPCI and in no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.people.models import Membership
from tests.factories import make_coordinator, make_epci

pytestmark = pytest.mark.django_db


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def test_a_right_holds_in_its_own_intercommunality_only():
    epci, elsewhere = make_epci(), make_epci(1)
    user = make_coordinator(epci)
    assert fresh(user).has_perm("territories.manage_levers", epci)
    assert not fresh(user).has_perm("territories.manage_levers", elsewhere)
    assert not fresh(user).has_perm("territories.manage_people", epci)


def test_a_membership_that_has_ended_gives_no_right_even_before_the_groups_are_put_in_order():
    epci = make_epci()
    user = make_coordinator(epci)
    membership = Membership.objects.get(user=user)
    membership.ends_on = timezone.localdate() - timedelta(days=1)
    membership.save()
    assert fresh(user).groups.exists()
    assert not fresh(user).has_perm("territories.manage_levers", epci)
