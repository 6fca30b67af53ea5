"""The legal case of each project of the demo, and what the coordinator states to settle it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from projects.models import Opinion, Project
from projects.proposals.forms import PlaceForm
from projects.proposals.legal import legal_cases_of
from projects.proposals.services import save_step
from projects.review.services import state_ground
from territories.models import CommunityInterest
from tests.demo import load
from tests.factories import (
    make_agent,
    make_commune,
    make_competence,
    make_coordinator,
    make_epci,
    make_opinion,
    make_opinion_request,
    make_project,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
EXPECTED = {
    "P04": ["communes_own"],
    "P06": ["opt_in"],
    "P08": ["none_fits"],
    "P10": ["one_commune", "communes_own"],
    "P14": ["one_commune", "to_compare"],
    "P15": ["exercised"],
    "P18": ["one_commune", "exercised"],
    "P22": ["whole_by_default"],
    "P24": ["exercised"],
    "P25": ["transferable"],
    "P26": ["communes_own"],
    "P29": ["beyond_interest"],
}


def kinds(project):
    return [str(case.kind) for case in legal_cases_of(project, TODAY)]


def test_the_projects_of_the_demo_stand_where_the_specification_puts_them():
    load()
    found = {one.reference: kinds(one) for one in Project.objects.filter(reference__in=EXPECTED)}
    assert found == EXPECTED
    assert all(kinds(project) for project in Project.objects.all())


@pytest.fixture
def project(db):
    epci = make_epci()
    competence = make_competence(epci, label="Équipements culturels")
    competence.subject_to_community_interest = True
    competence.save()
    CommunityInterest.objects.create(intercommunality=epci, competence=competence, text="la médiathèque")
    project = make_project(epci, author=make_agent(epci), status="under_review")
    project.competences.add(competence)
    return project


def test_the_coordinator_settles_on_the_instruction_sheet_what_no_rule_can_see(client, project):
    coordinator = make_coordinator(project.intercommunality)
    client.force_login(coordinator, "allauth.account.auth_backends.AuthenticationBackend")
    address = f"/instruction/{project.pk}/"
    assert "Dans les limites de l’intérêt communautaire" in client.get(address).content.decode()
    client.post(address, {"form": "ground", "ground": "beyond"})
    said = client.get(address).content.decode()
    assert "Hors de l’intérêt communautaire" in said and "5214-16\xa0IV" in said
    project.refresh_from_db()
    assert project.legal_ground == "beyond"
    assert "Hors de l’intérêt communautaire" in client.get(f"/projets/{project.pk}/").content.decode()


def test_only_who_instructs_states_it_and_only_known_words(project):
    with pytest.raises(PermissionDenied):
        state_ground(project=project, ground="within", by=make_agent(project.intercommunality))
    with pytest.raises(ValidationError):
        state_ground(project=project, ground="magic", by=make_coordinator(project.intercommunality))


def test_what_was_stated_of_a_competence_is_not_kept_for_another(project):
    project.legal_ground, project.status = "beyond", "to_complete"
    project.save()
    other = make_competence(project.intercommunality, label="Mobilité")

    def choose(competence):
        project.refresh_from_db()
        data = {"scale": "all", "competences": [competence.pk], "no_competence_reason": ""}
        form = PlaceForm(data, instance=project)
        form.is_valid()
        return save_step(form=form, by=project.author, version=str(project.version)).legal_ground

    assert choose(project.competences.get()) == "beyond"
    assert choose(other) == ""


def test_a_project_of_all_communes_is_compared_with_those_of_a_competence_a_la_carte(project):
    epci = project.intercommunality
    inside, outside = make_commune(epci, "Pierrelande"), make_commune(epci, "Bréauval")
    schools = make_competence(epci, label="Écoles", category="opt_in")
    schools.communes.add(inside)
    project.competences.set([schools])
    assert kinds(project) == ["opt_in_elsewhere"]
    project.scale = "commune"
    project.communes.set([inside])
    assert kinds(project) == ["one_commune", "opt_in"]
    project.communes.set([inside, outside])
    assert kinds(project) == ["opt_in_elsewhere"]


def of_one_commune(client, project):
    """The only commune of the project, and the coordinator who reads its pages."""
    commune = make_commune(project.intercommunality, "Bréauval")
    project.scale = "commune"
    project.save()
    project.communes.set([commune])
    coordinator = make_coordinator(project.intercommunality)
    client.force_login(coordinator, "allauth.account.auth_backends.AuthenticationBackend")
    return commune, coordinator


def test_the_opinion_of_the_only_commune_is_no_longer_asked_for_once_it_is_given(client, project):
    commune, coordinator = of_one_commune(client, project)

    def said(page):
        return client.get(page).content.decode().replace("\xa0", " ")

    pages = (f"/projets/{project.pk}/", f"/instruction/{project.pk}/")
    elsewhere = make_commune(project.intercommunality, "Pierrelande")
    make_opinion(make_opinion_request(project, commune=elsewhere), by=coordinator)
    request = make_opinion_request(project, commune=commune)
    assert all("Demander l’avis du conseil municipal (Bréauval)" in said(page) for page in pages)
    make_opinion(request, by=coordinator, position="unfavourable", words="Les riverains s’inquiètent.")
    for page in pages:
        assert "Demander l’avis du conseil municipal" not in said(page)
        assert "C’est fait : avis du conseil municipal (Bréauval), défavorable. Rendu le" in strip_tags(said(page))


def test_of_several_opinions_of_the_commune_the_one_on_the_text_in_force_is_told(client, project):
    commune, coordinator = of_one_commune(client, project)

    def done():
        page = strip_tags(client.get(f"/projets/{project.pk}/").content.decode()).replace("\xa0", " ")
        return page.partition("C’est fait : ")[2].partition("\n")[0]

    year = {"asked_on": date(2025, 7, 1), "due_on": date(2025, 10, 1)}
    former = make_opinion(make_opinion_request(project, commune=commune, **year), by=coordinator)
    Opinion.objects.filter(pk=former.pk).update(given_on=date(2025, 9, 24))
    project.version += 1
    project.save()
    assert done().endswith("Rendu le 24 septembre 2025. Le texte a changé depuis.")
    year = {"asked_on": date(2026, 7, 1), "due_on": date(2026, 10, 1)}
    latter = make_opinion(make_opinion_request(project, commune=commune, **year), by=coordinator)
    Opinion.objects.filter(pk=latter.pk).update(given_on=date(2026, 9, 24))
    assert done().endswith("Rendu le 24 septembre 2026.")


def test_the_number_of_queries_does_not_grow_with_the_competences(project):
    def count():
        with CaptureQueriesContext(connection) as queries:
            legal_cases_of(Project.objects.select_related("intercommunality").get(pk=project.pk), TODAY)
        return len(queries)

    before = count()
    project.competences.add(*(make_competence(project.intercommunality, label=f"C{n}") for n in range(5)))
    assert count() == before
