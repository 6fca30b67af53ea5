"""Names stand in the order in which people look for them, on both databases alike."""

import pytest

from cooperation.alphabetical import ACCENTED, PLAIN, Alphabetical, key
from partners.models import Partner
from territories.models import Commune
from tests.factories import make_commune, make_epci, make_member, make_partner

NAMES = [
    "Agence de l’eau", "ANAH", "Argenson", "Argœuves", "Argon", "Équipements", "Etables", "étang",
    "La Chaussée", "Le Mesge", "L'Étoile", "L’Étoile-Basse", "Saint-Élix", "Saint-Ursan", "Voirie",
]  # fmt: skip


@pytest.mark.django_db
def test_neither_capitals_accents_nor_apostrophes_count():
    epci = make_epci()
    for name in reversed(NAMES):
        make_partner(epci, name)
        make_commune(epci, name)
    assert [one.name for one in Partner.objects.all()] == NAMES
    assert [one.name for one in Commune.objects.order_by(Alphabetical("name").desc())] == NAMES[::-1]
    assert sorted(NAMES, key=key) == NAMES  # the same in Python as in the database that runs


@pytest.mark.django_db
def test_rows_are_in_the_order_of_the_names_they_are_tied_to():
    epci = make_epci()
    for name in ("Zoé Arnaud", "Étienne Vauquelin", "Claire Desrosiers"):
        make_member(epci, "agent", name)
    held = epci.memberships.order_by("user")
    assert [one.user.full_name for one in held] == ["Claire Desrosiers", "Étienne Vauquelin", "Zoé Arnaud"]


def test_each_letter_has_its_plain_one():
    assert len(ACCENTED) == len(PLAIN) and PLAIN.isascii()
    assert key(None) is None
