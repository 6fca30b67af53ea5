"""In which legal case a project stands: every rule, every combination, and sentences that cite their article."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from territories.competences.legal_case import WORDS, case_of, legal_cases
from territories.competences.rules import (
    FIRST,
    FREE,
    PROCEDURES,
    Finding,
    Ground,
    Kind,
    Standing,
    finding_of,
    findings_of,
    two_thirds_of,
    years_after,
)

TODAY = date(2026, 7, 1)
SIX = frozenset({"Fontbrune-le-Haut", "Pierrelande", "Lavergnolle", "Saint-Ursan", "Hautelande", "Le Plessis-Varenne"})


def kinds(*standings, epci_kind="CC", communes=("A", "B"), **stated):
    found = findings_of(epci_kind=epci_kind, standings=standings, communes=communes, day=TODAY, **stated)
    return [finding.kind for finding in found]


def told(*standings, epci_kind="CC", communes=("A", "B"), **stated):
    return legal_cases(epci_kind=epci_kind, standings=standings, communes=communes, day=TODAY, **stated)


def subject(interest="", **fields):
    return Standing("Voirie", "additional", subject_to_interest=True, interest=interest, **fields)


@pytest.mark.parametrize("category", ["obligatory", "additional"])
def test_an_exercised_competence_lets_the_project_go(category):
    assert kinds(Standing("Déchets", category, since=date(2001, 1, 1))) == [Kind.EXERCISED]
    assert told(Standing("Déchets", category))[0].level == "good"


def test_a_competence_is_exercised_on_its_first_and_on_its_last_day():
    assert kinds(Standing("X", "additional", since=TODAY, ends_on=TODAY)) == [Kind.EXERCISED]
    assert kinds(Standing("X", "additional", since=date(2026, 7, 2))) == [Kind.NOT_YET]
    assert kinds(Standing("X", "additional", ends_on=date(2026, 6, 30))) == [Kind.TRANSFERABLE]


def test_community_interest_not_defined_is_to_be_defined_within_two_years_then_the_competence_is_whole():
    assert kinds(subject(since=date(2024, 7, 1))) == [Kind.INTEREST_TO_DEFINE]  # the last day of the two years
    assert kinds(subject(since=date(2024, 6, 30))) == [Kind.WHOLE_BY_DEFAULT]
    assert kinds(subject(since=None)) == [Kind.INTEREST_TO_DEFINE]
    [case] = told(subject(since=date(2026, 1, 1)))
    assert "1er\u00a0janvier\u00a02028" in case.text and case.procedure == "community-interest"


@pytest.mark.parametrize(
    ("epci_kind", "cited"),
    [
        ("CC", "L.\u00a05214-16 IV"),
        ("CA", "L.\u00a05216-5 III"),
        ("CU", "L.\u00a05215-20"),
        ("METRO", "L.\u00a05217-2"),
    ],
)
def test_the_article_on_community_interest_follows_the_legal_form(epci_kind, cited):
    assert cited in told(subject(), epci_kind=epci_kind)[0].text


@pytest.mark.parametrize(
    ("ground", "kind"),
    [
        ("", Kind.TO_COMPARE),
        ("within", Kind.EXERCISED),
        ("beyond", Kind.BEYOND_INTEREST),
        ("municipal", Kind.COMMUNES_OWN),
        ("outside", Kind.OUTSIDE),
    ],
)
def test_only_a_person_can_tell_whether_a_project_falls_within_the_community_interest(ground, kind):
    assert kinds(subject("la voirie des zones d’activité"), ground=ground) == [kind]


def test_the_definition_in_force_is_quoted():
    assert "«\u00a0la voirie des zones d’activité\u00a0»" in told(subject("la voirie des zones d’activité."))[0].text


def test_the_two_thirds_of_the_community_interest_are_never_told_as_settled():
    for ground, interest in (("", ""), ("beyond", "OPAH")):
        [case] = told(subject(interest), ground=ground)
        said = case.text + case.first
        assert "deux tiers" in said and "discutée" in said


def test_what_stays_to_the_communes_may_be_transferred_after_a_consultation():
    [case] = told(Standing("Eau potable", "municipal"))
    assert (case.kind, case.procedure, case.level) == (Kind.TRANSFERABLE, "transfer", "alert")
    assert "L.\u00a05211-17)" in case.sentences[0] and "silence vaut accord" in case.sentences[1]


def test_the_local_plan_is_kept_by_a_blocking_minority_where_the_law_allows_one():
    plan = Standing("PLU", "municipal", is_local_plan=True)
    assert kinds(plan) == kinds(plan, epci_kind="CA") == [Kind.LOCAL_PLAN]
    assert kinds(plan, epci_kind="METRO") == [Kind.TRANSFERABLE]
    [case] = told(plan)
    assert case.procedure == "plu-opposition" and "à faire confirmer" in case.text


def test_the_communes_own_business_is_helped_by_four_tools():
    [case] = told(Standing("Cantines", "municipal"), ground="municipal")
    assert case.kind == Kind.COMMUNES_OWN and case.procedure == ""
    for tool in ("L.\u00a05211-4-2", "L.\u00a05214-16-1", "L.\u00a05214-16 V", "CCP, art.\u00a0L.\u00a02113-6"):
        assert tool in case.text


def test_an_article_that_is_not_sure_is_not_printed():
    case = told(Standing("Cantines", "municipal"), epci_kind="CA", ground="municipal")[0]
    assert "convention de gestion," in case.text and "L.\u00a05216-5 VI" in case.text


def test_a_commune_no_longer_acts_alone_in_what_it_transferred_whole():
    assert kinds(Standing("Déchets", "obligatory"), ground="municipal") == [Kind.EXCLUSIVE]
    assert kinds(subject(since=date(2017, 1, 1)), ground="municipal") == [Kind.EXCLUSIVE]


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing("Déchets", "obligatory"), "est exercée en entier par l’intercommunalité"),
        (subject("les voies du centre"), "entre dans l’intérêt communautaire"),
        (Standing("Gîtes", "opt_in", communes=frozenset("AB")), "a été transférée par les communes que le projet"),
    ],
)
def test_a_commune_cannot_own_what_it_transferred_and_reads_by_what_frame_it_could(standing, said):
    [free] = told(standing, ground="within")
    [case] = told(standing, ground="within", a_commune_owns=True)
    assert (free.level, case.level) == ("good", "watch") and case.kind == Kind.EXCLUSIVE
    assert said in case.sentences[0] and "L.\u00a05211-4-2" in case.sentences[1]


def test_what_a_commune_kept_is_its_own_to_build():
    kept = Standing("Cantines", "municipal")
    assert kinds(kept, a_commune_owns=True) == kinds(kept)
    assert kinds(subject("les voies du centre"), a_commune_owns=True) == [Kind.TO_COMPARE]


def test_a_la_carte_goes_within_its_communes_and_no_further():
    schools = Standing("Écoles", "opt_in", communes=SIX)
    assert kinds(schools, communes=sorted(SIX)) == [Kind.OPT_IN]
    assert kinds(schools, communes=()) == [Kind.OPT_IN_TO_CHECK]
    [case] = told(schools, communes=("Pierrelande", "Bréauval", "Cormelette"))
    assert (case.kind, case.procedure) == (Kind.OPT_IN_ELSEWHERE, "a-la-carte")
    assert "que par 6 communes" in case.text and "Bréauval et Cormelette, qui ne l’ont pas" in case.text
    assert kinds(Standing("Écoles", "opt_in"), communes=("A", "B")) == [Kind.OPT_IN_TO_CHECK]


def test_many_communes_outside_are_counted_rather_than_all_named():
    names = [f"Commune {number}" for number in range(1, 23)]
    [case] = told(Standing("Écoles", "opt_in", communes=frozenset(names[:2])), communes=names)
    assert "Commune 7 et 15 autres" in case.text


def test_a_competence_declared_by_a_national_file_has_its_category_to_be_stated():
    [case] = told(Standing("Eau", "unstated"))
    assert (case.kind, case.level) == (Kind.CATEGORY_TO_STATE, "watch")


def test_without_competence_the_case_is_said_whatever_is_known():
    assert kinds() == [Kind.TO_CHOOSE]
    assert kinds(none_fits=True) == [Kind.NONE_FITS]
    assert kinds(none_fits=True, ground="municipal") == [Kind.COMMUNES_OWN]
    assert kinds(none_fits=True, ground="outside") == [Kind.OUTSIDE]


def test_a_project_of_one_commune_asks_for_the_opinion_of_its_council():
    cases = told(Standing("Déchets", "obligatory"), communes=("Vaudreline",), seats=48)
    assert [case.kind for case in cases] == [Kind.ONE_COMMUNE, Kind.EXERCISED]
    assert cases[0].procedure == "one-commune" and "32 voix pour 48 sièges" in cases[0].text
    assert "L.\u00a05211-57" in cases[0].text
    assert Kind.ONE_COMMUNE not in kinds(Standing("Déchets", "obligatory"), communes=("Vaudreline",), ground="outside")


@pytest.mark.parametrize(("seats", "votes"), [(48, 32), (47, 32), (46, 31), (1, 1), (3, 2)])
def test_two_thirds_are_reached_and_not_rounded_down(seats, votes):
    assert two_thirds_of(seats) == votes
    assert 3 * votes >= 2 * seats > 3 * (votes - 1)


def test_two_years_are_counted_date_to_date():
    assert years_after(date(2024, 2, 29), 2) == date(2026, 2, 28)
    assert years_after(date(2024, 7, 1), 2) == date(2026, 7, 1)


def test_what_comes_first_is_told_first():
    order = kinds(Standing("Déchets", "obligatory"), subject("OPAH"), Standing("Eau", "municipal"), communes=("A",))
    assert order == [Kind.TRANSFERABLE, Kind.ONE_COMMUNE, Kind.TO_COMPARE, Kind.EXERCISED]


def test_the_metropole_of_lyon_follows_its_own_texts():
    lyon = {"epci_kind": "MET69"}
    assert kinds(Standing("Eau", "municipal"), **lyon) == [Kind.OWN_TEXTS]
    assert kinds(subject(), **lyon) == [Kind.OWN_TEXTS]
    assert kinds(Standing("Eau", "additional"), communes=("A",), **lyon) == [Kind.EXERCISED]


# Every combination, against a second reading of the law written as a list of conditions: the first that holds decides.
CATEGORIES = ("obligatory", "additional", "opt_in", "unstated", "municipal")
DATES = (None, date(2017, 1, 1), date(2025, 1, 1), date(2027, 1, 1))
ENDS = (None, date(2026, 1, 1), date(2030, 1, 1))
SMALL = frozenset({"A"})


def expected(category, since, ends, interested, definition, communes, ground, kind):
    late = since is not None and since > TODAY
    over = ends is not None and ends < TODAY
    lyon = kind == "MET69"
    left = category == "municipal" or over
    conditions = [
        (late and category != "municipal", Kind.NOT_YET),
        (left and lyon, Kind.OWN_TEXTS),
        (left and ground == "municipal", Kind.COMMUNES_OWN),
        (left, Kind.TRANSFERABLE),
        (category == "unstated", Kind.CATEGORY_TO_STATE),
        (category == "opt_in" and not communes, Kind.OPT_IN_TO_CHECK),
        (category == "opt_in" and set(communes) <= SMALL, Kind.OPT_IN),
        (category == "opt_in", Kind.OPT_IN_ELSEWHERE),
        (not interested and ground == "municipal", Kind.EXCLUSIVE),
        (not interested, Kind.EXERCISED),
        (lyon, Kind.OWN_TEXTS),
        (not definition and since == date(2017, 1, 1) and ground == "municipal", Kind.EXCLUSIVE),
        (not definition and since == date(2017, 1, 1), Kind.WHOLE_BY_DEFAULT),
        (not definition, Kind.INTEREST_TO_DEFINE),
        (ground == "within", Kind.EXERCISED),
        (ground == "beyond", Kind.BEYOND_INTEREST),
        (ground == "municipal", Kind.COMMUNES_OWN),
        (True, Kind.TO_COMPARE),
    ]
    return next(case for holds, case in conditions if holds)


def test_every_combination_gives_the_case_of_a_second_reading_of_the_law():
    seen = set()
    for category, since, ends, interested, definition, communes, ground, kind in product(
        CATEGORIES, DATES, ENDS, (False, True), ("", "OPAH"), ((), ("A",), ("A", "B")),
        ("", "within", "beyond", "municipal"), ("CC", "CA", "CU", "METRO", "MET69"),
    ):  # fmt: skip
        if since and ends and ends < since:
            continue
        standing = Standing("X", category, since, ends, interested, definition, SMALL)
        found = finding_of(standing, kind, communes, TODAY, ground)
        assert found.kind == expected(category, since, ends, interested, definition, communes, ground, kind)
        check_words(case_of(found, kind, 48), kind)
        seen.add(found.kind)
    for ground, none_fits in product(Ground, (False, True)):
        for case in told(communes=("A",), ground=ground, none_fits=none_fits):
            check_words(case, "CC")
            seen.add(case.kind)
    assert seen | {Kind.LOCAL_PLAN} == set(Kind)


def check_words(case, epci_kind):
    assert len(case.sentences) == 2
    for sentence in (*case.sentences, case.first):
        assert sentence.endswith(".") and "{" not in sentence and "  " not in sentence
        assert sentence[0].isupper() or sentence[0] == "«"
    if epci_kind != "MET69" or case.kind == Kind.OWN_TEXTS:
        assert "art." in case.text or "L.\u00a0" in case.text
    assert case.procedure == PROCEDURES.get(case.kind, "")


def test_every_kind_has_its_words_and_one_level():
    assert set(Kind) <= set(WORDS)
    assert not FREE & FIRST
    for kind in Kind:
        assert case_of(Finding(kind, Standing("X", "additional"), ("A",)), "CC").title
