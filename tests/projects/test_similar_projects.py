"""While writing, a person is shown the projects to join rather than duplicate; never one that they may not see."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import SetAside, Status
from projects.proposals.aside_services import set_aside
from projects.proposals.similar import similar_to, words_of
from tests.factories import (
    make_agent,
    make_commune,
    make_competence,
    make_coordinator,
    make_epci,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TEXT = {"title": "Relais petite enfance itinérant", "need": "", "service": "", "shared_objective": "Des haltes proches"}


@pytest.fixture
def epci():
    return make_epci()


@pytest.fixture
def draft(epci):
    return make_project(epci, author=make_agent(epci), **TEXT)


def found_for(draft):
    draft.author.__dict__.pop("_scope", None)
    return [one.project for one in similar_to(draft, draft.author)]


def test_words_are_compared_without_accents_plurals_nor_commonplaces():
    assert words_of("Les Relais itinérants pour les communes") == {"relai": "relais", "itinerant": "itinérants"}
    assert words_of("À quinze minutes, une demi-journée par semaine") == {"quinze": "quinze"}


def test_a_project_of_the_same_competence_comes_first(epci, draft):
    competence = make_competence(epci)
    near = make_project(epci, status=Status.ADOPTED, **TEXT | {"title": "Relais de la petite enfance"})
    twin = make_project(epci, status=Status.ADOPTED, **TEXT | {"title": "Relais de la petite enfance"})
    make_project(epci, status=Status.ADOPTED, title="Voie verte", need="", service="", shared_objective="Pédaler")
    for project in (draft, twin):
        project.competences.add(competence)
    make_project(epci, status=Status.ADOPTED, **TEXT)
    assert found_for(draft)[0] == twin
    assert near in found_for(draft)
    assert "même compétence" in similar_to(draft, draft.author)[0].reason.lower()


def test_a_commune_in_common_asks_for_fewer_words(epci, draft):
    commune = make_commune(epci)
    other = make_project(epci, status=Status.ADOPTED, title="Petite enfance", need="", service="", shared_objective="x")
    assert other not in found_for(draft)
    for project in (draft, other):
        project.communes.add(commune)
    assert other in found_for(draft)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.REJECTED, Status.WITHDRAWN])
def test_what_is_not_to_be_seen_or_joined_is_not_shown(epci, draft, status):
    make_project(epci, author=make_coordinator(epci), status=status, **TEXT)
    make_project(make_epci(1), status=Status.ADOPTED, **TEXT)
    assert found_for(draft) == []


def test_the_guided_form_invites_to_join(client, epci, draft):
    twin = make_project(epci, status=Status.ADOPTED, **TEXT)
    client.force_login(draft.author, BACKEND)
    for slug in ("besoin", "lieu"):
        page = client.get(reverse("projects:write", args=[draft.pk, slug])).content.decode()
        assert twin.reference in page and "Des projets proches existent déjà" in page
    [one] = similar_to(draft, draft.author)
    debate = client.get(one.join_url).content.decode()
    assert "Je préparais un projet proche" in debate
    assert 'value="suggestion" checked' in debate.replace("required ", "").replace('id="id_kind_2" ', "")


def test_looking_around_costs_the_same_among_three_or_thirty(epci, draft):
    competence, commune = make_competence(epci), make_commune(epci)
    draft.competences.add(competence)
    draft.communes.add(commune)

    def fill(number):
        for _ in range(number):
            project = make_project(epci, status=Status.ADOPTED, **TEXT)
            project.competences.add(competence)
            project.communes.add(commune)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert len(found_for(draft)) == 3
        return len(queries)

    fill(3)
    before = count()
    fill(27)
    assert count() == before


class TestWhatWasLookedAt:
    """« J’ai regardé, ce n’est pas le même » is remembered, with what was typed, and may be taken back."""

    @pytest.fixture
    def twin(self, epci):
        return make_project(epci, status=Status.ADOPTED, **TEXT)

    def press(self, client, draft, **button):
        draft.refresh_from_db()
        client.force_login(draft.author, BACKEND)
        typed = {"version": draft.version, "title": draft.title, "need": "Tapé à l’instant", **button}
        return client.post(reverse("projects:write", args=[draft.pk, "besoin"]), typed)

    def test_it_is_not_shown_again_as_new_and_what_was_typed_is_saved(self, client, epci, draft, twin):
        answer = self.press(client, draft, set_aside=twin.pk)
        assert answer.status_code in (302, 422)
        draft.refresh_from_db()
        assert draft.need == "Tapé à l’instant"
        assert found_for(draft) == []
        page = client.get(reverse("projects:write", args=[draft.pk, "lieu"])).content.decode()
        assert "Vous les avez tous regardés" in page and twin.reference in page
        another = make_project(epci, status=Status.ADOPTED, **TEXT)
        assert found_for(draft) == [another]

    def test_it_is_shown_again_when_asked(self, client, draft, twin):
        self.press(client, draft, set_aside=twin.pk)
        self.press(client, draft, bring_back=twin.pk)
        assert found_for(draft) == [twin]
        assert list(SetAside.history.values_list("history_type", flat=True)) == ["-", "+"]

    def test_twice_is_once(self, client, draft, twin):
        for _ in range(2):
            self.press(client, draft, set_aside=twin.pk)
        assert SetAside.objects.count() == 1

    @pytest.mark.parametrize("what", ["unseen", "itself", "nonsense"])
    def test_what_one_does_not_see_is_not_named(self, client, epci, draft, what):
        hidden = make_project(epci, author=make_coordinator(epci), **TEXT)
        self.press(client, draft, set_aside={"unseen": hidden.pk, "itself": draft.pk, "nonsense": "1 OR 1"}[what])
        assert not SetAside.objects.exists()
        told = client.get(reverse("projects:write", args=[draft.pk, "besoin"])).content.decode()
        assert "n’est plus de ceux que l’on vous propose" in told and hidden.reference not in told

    def test_only_who_writes_sets_aside(self, epci, draft, twin):
        with pytest.raises(PermissionDenied):
            set_aside(project=draft, other=str(twin.pk), by=make_agent(epci, name="Un autre"), on=date(2026, 11, 15))
