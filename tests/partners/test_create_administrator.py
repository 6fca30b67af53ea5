"""The first account of an EPCI is opened by a command, once, without any password."""

import pytest
from django.core.management import CommandError, call_command

from partners.people.access import scope_of
from partners.people.models import User
from tests.factories import make_epci

pytestmark = pytest.mark.django_db


def create(siren, email="dgs@mon-epci.example"):
    call_command("create_administrator", email=email, name="Une Personne", epci=siren, verbosity=0)


def test_the_first_administrator_may_open_the_other_accounts():
    epci = make_epci()
    create(epci.siren)
    user = User.objects.get(email="dgs@mon-epci.example")
    assert scope_of(user).may("manage_people", epci.pk)
    assert not user.has_usable_password()


def test_an_unknown_epci_and_a_second_time_are_refused_in_words():
    epci = make_epci()
    with pytest.raises(CommandError, match="SIREN"):
        create("999999999")
    create(epci.siren)
    with pytest.raises(CommandError):
        create(epci.siren)
    assert User.objects.count() == 1


def test_an_address_that_receives_no_mail_opens_no_account():
    """The password is chosen by a mail: an account without one could never be entered."""
    with pytest.raises(CommandError, match="adresse"):
        create(make_epci().siren, email="dgs")
    assert not User.objects.exists()
