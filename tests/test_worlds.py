"""The world that the tests of a file share is made once, and each of them finds it as it was made."""

from __future__ import annotations

import pytest

from partners.models import Partner
from tests.factories import make_epci, make_partner

pytestmark = pytest.mark.django_db


class World:
    """An EPCI and a partner, counted."""

    made = 0

    def __init__(self):
        World.made += 1
        self.epci = make_epci(name="Comme au début")
        self.partner = make_partner(self.epci)


@pytest.mark.parametrize("turn", ["un premier test", "un second"])
def test_what_a_test_does_with_it_is_not_found_by_the_next(world, turn):
    assert World.made == 1
    assert world.partner.intercommunality is world.epci
    assert world.epci.name == "Comme au début"
    assert list(Partner.objects.values_list("name", flat=True)) == [world.partner.name]
    world.epci.name = turn
    world.epci.save()
    world.partner.delete()
    make_partner(world.epci, "Un autre")
