"""Questions asked alike of both databases."""

import pytest

from territories.models import Commune
from tests.factories import make_commune, make_epci

pytestmark = pytest.mark.django_db


def test_a_key_is_among_some_none_or_thousands():
    epci = make_epci()
    first, second, third = (make_commune(epci, name) for name in ("Un", "Deux", "Trois"))
    assert set(Commune.objects.filter(pk__among={first.pk, third.pk})) == {first, third}
    assert not Commune.objects.filter(pk__among=[]).exists()
    assert list(Commune.objects.exclude(pk__among=[first.pk, third.pk])) == [second]
    assert set(Commune.objects.filter(pk__among=range(first.pk, first.pk + 40_000))) == {first, second, third}


def test_what_a_text_holds_is_never_a_pattern():
    epci = make_epci()
    made = make_commune(epci, "100 % du_lac")
    assert [made] == list(Commune.objects.filter(name__holds="% du_"))
    assert not Commune.objects.filter(name__holds="1%").exists()
    assert not Commune.objects.filter(name__holds="du.lac").exists()
