"""Communes are recognised in the words by which people say who pays, and nobody else is taken for one."""

import pytest

from territories.places.naming import is_a_commune, tells_communes

KNOWN = {"breauval", "le havre", "l etoile", "ville sur illon"}


@pytest.mark.parametrize(
    "words", ["Bréauval", "la commune de Bréauval", "Ville du Havre", "Mairie de L’Étoile", "Ville-sur-Illon"]
)
def test_a_commune_is_known_by_its_name_with_or_without_its_article(words):
    assert is_a_commune(words, KNOWN) and tells_communes(words, KNOWN)


@pytest.mark.parametrize(
    "words",
    [
        "Communes",
        "Les communes",
        "Six communes, par leurs AC",
        "Vingt-deux communes",
        "9 communes, selon la clé",
        "9 communes — fonds de concours",
        "Communes (clé : nombre d’élèves)",
        "Communes adhérentes",
        "Département et communes",
        "Participation des communes",
        "Quote-part du Havre",
        "Fonds de concours de la commune de Bréauval",
        "Bréauval — emprunt",
    ],
)
def test_communes_are_told_one_by_one_or_together_with_what_their_money_is(words):
    assert tells_communes(words, KNOWN)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "CCVO",
        "Communauté de communes du Val d’Orvelle",
        "Subvention de la communauté de communes",
        "CC de Bréauval",
        "Association des communes forestières",
        "Caisse commune",
        "Usagers",
        "CCAS de Bréauval",
        "Bréauval Habitat",
        "Métropole de Villeneuve",
    ],
)
def test_who_only_resembles_a_commune_is_not_taken_for_one(words):
    assert not is_a_commune(words, KNOWN) and not tells_communes(words, KNOWN)
