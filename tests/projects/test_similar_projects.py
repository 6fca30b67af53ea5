"""While writing, a person is shown the projects to join rather than duplicate; never one that they may not see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Status
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
