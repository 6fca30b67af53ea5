"""Doubles are found without comparing everybody with everybody, and merged without losing anything."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partners.directory.duplicates import Known, candidates
from partners.directory.identifiers import essential
from partners.directory.models import Distinction, Partner
from partners.directory.services import merge_partners, tell_apart
from partners.people.models import Membership, Role
from projects.models import FundingLine, FundingPlan
from tests.factories import (
    START,
    make_actor,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_partner,
    make_project,
    make_relay,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def reasons(*names):
    return [one.reason for one in candidates(Known(pk, name) for pk, name in enumerate(names))]


@pytest.mark.parametrize(
    "names",
    [
        ("Association Saint-Roch (ASR)", "ASSO. ST ROCH"),
        ("Les Petits Lierres", "Petits Lierres (Les)"),
        ("Boule des Aubes", "La boule des aubes"),
        ("Chœur de chambre Erato", "Choeur de Chambre Érato"),
    ],
)
def test_two_spellings_of_one_name_are_the_same_name(names):
    assert reasons(*names) == ["même nom"]


def test_a_letter_apart_is_close_but_not_a_digit_nor_a_short_name():
    assert reasons("Amicale des boulistes", "Amicale des bouliste") == ["noms proches"]
    assert reasons("Groupe scout n° 1", "Groupe scout n° 2") == []
    assert reasons("Alpha", "Alpho") == []


def test_a_number_shared_is_the_strongest_reason_and_a_group_is_not_squared():
    group = [Known(pk, f"Mairie de quartier {pk} {chr(97 + pk) * 9}", siret="21130001700012") for pk in range(14)]
    found = candidates(group)
    assert {one.reason for one in found} == {"même SIRET"}
    assert len(found) == 13


def test_a_name_of_small_words_only_is_kept_whole():
    assert essential("Les Uns et les Autres") == "autres uns"
    assert essential("Asso de la") == "asso de la"


def test_nobody_is_compared_with_everybody(monkeypatch):
    compared = []
    monkeypatch.setattr(
        "partners.directory.duplicates.essential", lambda name: compared.append(name) or essential(name)
    )
    candidates(Known(pk, f"Association numéro {pk} du quartier") for pk in range(500))
    assert len(compared) == 500


@pytest.mark.django_db
class TestMerging:
    @pytest.fixture
    def epci(self):
        return make_epci()

    def test_everything_that_points_at_the_merged_one_follows(self, epci):
        kept, merged = make_partner(epci, "Ardec"), make_partner(epci, "A.R.D.E.C.")
        Partner.objects.filter(pk=merged.pk).update(rna="W961000011", kind="association")
        relay = make_relay(merged)
        member = make_member(epci, Role.RELAY, partner=merged)
        project = make_project(epci)
        actor = make_actor(project, "Ardec", partner=merged)
        plan = FundingPlan.objects.create(intercommunality=epci, project=project, cost_excl_tax=10)
        line = FundingLine.objects.create(
            intercommunality=epci, plan=plan, funder="Ardec", partner=merged, amount=10, nature="private"
        )
        commune = make_commune(epci)
        merged.communes.add(commune)
        kept.communes.add(commune)
        merge_partners(kept=kept, merged=merged, by=make_coordinator(epci))
        for one in (relay, actor, line):
            one.refresh_from_db()
            assert one.partner == kept
        assert Membership.objects.get(user=member).partner == kept
        kept.refresh_from_db()
        merged.refresh_from_db()
        assert (kept.rna, kept.kind, list(kept.communes.all())) == ("W961000011", "association", [commune])
        assert (merged.merged_into, merged.rna) == (kept, "W961000011")
        assert not merged.communes.exists()
        assert "A.R.D.E.C." in kept.history.first().history_change_reason
        assert "Ardec" in merged.history.first().history_change_reason

    def test_a_role_held_for_both_is_neither_lost_nor_doubled(self, epci):
        kept, merged = make_partner(epci, "Ardec"), make_partner(epci, "A.R.D.E.C.")
        user = make_member(epci, Role.RELAY, partner=kept)
        double = Membership.objects.create(
            user=user, intercommunality=epci, role=Role.RELAY, partner=merged, starts_on=START
        )
        merge_partners(kept=kept, merged=merged, by=make_coordinator(epci))
        double.refresh_from_db()
        assert double.partner == merged

    def test_a_merge_that_makes_no_sense_is_refused(self, epci):
        one, other, by = make_partner(epci), make_partner(make_epci(1)), make_coordinator(epci)
        for merged in (one, other):
            with pytest.raises(ValidationError, match="deux partenaires différents"):
                merge_partners(kept=one, merged=merged, by=by)
        third = make_partner(epci, "Autre")
        merge_partners(kept=one, merged=third, by=by)
        with pytest.raises(ValidationError, match="déjà fusionné"):
            merge_partners(kept=third, merged=make_partner(epci, "Encore"), by=by)

    def test_an_old_address_leads_to_the_one_kept_even_after_two_merges(self, epci, client):
        one, two, three = (make_partner(epci, name) for name in ("Un", "Deux", "Trois"))
        by = make_coordinator(epci)
        merge_partners(kept=two, merged=one, by=by)
        merge_partners(kept=three, merged=two, by=by)
        client.force_login(by, BACKEND)
        answer = client.get(reverse("partners:partner", args=[one.pk]))
        assert (answer.status_code, answer.url) == (301, three.get_absolute_url())
        assert [p.name for p in client.get(reverse("partners:directory")).context["page"]] == ["Trois"]

    def test_the_page_lists_pairs_and_the_button_says_which_one_is_kept(self, epci, client):
        one, two = make_partner(epci, "Boule des Aubes"), make_partner(epci, "La boule des aubes")
        client.force_login(make_coordinator(epci), BACKEND)
        assert "Même nom" in client.get(reverse("partners:duplicates")).content.decode()
        client.post(reverse("partners:partner_merge", args=[one.pk, two.pk]), {"kept": two.pk})
        one.refresh_from_db()
        assert one.merged_into == two
        assert "Aucun doublon" in client.get(reverse("partners:duplicates")).content.decode()


# --- Told apart -------------------------------------------------------------------------------------------------------


def test_a_pair_told_apart_is_told_no_more_and_the_second_is_compared_with_the_rest():
    group = [Known(pk, "Ardec") for pk in (1, 2, 3)]
    pairs = lambda apart: {(one.first, one.second) for one in candidates(group, apart)}  # noqa: E731
    assert pairs(()) == {(1, 2), (1, 3)}
    assert pairs({(1, 2)}) == {(1, 3)}
    assert pairs({(1, 2), (1, 3)}) == {(2, 3)}
    assert pairs({(1, 2), (1, 3), (2, 3)}) == set()


@pytest.mark.django_db
class TestTellingApart:
    @pytest.fixture
    def epci(self):
        return make_epci()

    @pytest.fixture
    def pair(self, epci):
        return make_partner(epci, "Boule des Aubes"), make_partner(epci, "La boule des aubes")

    def test_it_is_remembered_by_whom_and_when_and_can_be_taken_back(self, epci, pair, client):
        one, two = pair
        client.force_login(make_coordinator(epci), BACKEND)
        page = reverse("partners:duplicates")
        assert client.get(page).context["count"] == 1
        client.post(reverse("partners:partners_apart", args=[two.pk, one.pk]))
        said = Distinction.objects.get()
        assert (said.said_by_name, said.said_on) == ("Paul-Arnaud Lessieur", timezone.localdate())
        shown = client.get(page)
        assert (shown.context["count"], "Paul-Arnaud Lessieur, le" in shown.content.decode()) == (0, True)
        client.post(reverse("partners:apart_take_back", args=[said.pk]))
        assert client.get(page).context["count"] == 1
        assert Distinction.history.filter(history_type="-").exists()

    def test_it_is_said_once_in_whatever_order(self, epci, pair):
        one, two = pair
        by = make_coordinator(epci)
        first = tell_apart(one=one, other=two, by=by, on=START)
        assert tell_apart(one=two, other=one, by=by, on=START) == first
        with pytest.raises(IntegrityError), transaction.atomic():
            Distinction.objects.create(
                intercommunality=epci, first=two, second=one, said_on=START, said_by_name="Une autre"
            )

    def test_it_never_crosses_two_intercommunalities_nor_joins_a_partner_to_itself(self, epci, pair):
        for other in (pair[0], make_partner(make_epci(1))):
            with pytest.raises(ValidationError, match="deux partenaires différents"):
                tell_apart(one=pair[0], other=other, by=make_coordinator(epci), on=START)

    def test_it_follows_a_partner_that_is_merged(self, epci, pair):
        one, two = pair
        by, third = make_coordinator(epci), make_partner(epci, "Boules")
        tell_apart(one=one, other=two, by=by, on=START)
        merge_partners(kept=third, merged=two, by=by)
        assert Distinction.objects.between(one, third).exists()
