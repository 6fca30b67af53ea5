"""What groups say of their own cooperation: ten dimensions, proofs, what may unblock; never of a person."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.people.models import Role
from projects.diagnosis import services
from projects.diagnosis.dimensions import OUT_OF, SCALES, Dimension
from projects.diagnosis.reading import page_of
from projects.models import Assessment, Score, Status
from tests.factories import (
    make_actor,
    make_agent,
    make_assessment,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "projects:diagnosis"
OCTOBER = date(2026, 10, 1)


class World:
    """An EPCI, its coordination, and an adopted project with a partner among its actors."""

    def __init__(self):
        self.epci = make_epci()
        self.clerk = make_coordinator(self.epci)
        self.project = make_project(self.epci, status=Status.ADOPTED)
        partner = make_partner(self.epci)
        make_actor(self.project, partner.name, partner=partner)
        self.relay = make_member(self.epci, Role.RELAY, partner=partner)

    def typed(self, **changed):
        said = {"group": "Comité du lac", "assessed_on": "2026-10-01", "references": self.project.reference.lower()}
        for dimension in Dimension.values:
            said |= {f"{dimension}_score": "2", f"{dimension}_evidence": ""}
        return said | changed

    def record(self, by=None, **changed):
        scores = dict.fromkeys(Dimension.values, (2, ""))
        said = {"group": "Comité du lac", "assessed_on": OCTOBER, "projects": [self.project], "scores": scores}
        return services.record(
            assessment=Assessment(intercommunality=self.epci), by=by or self.clerk, **(said | changed)
        )

    def read_by(self, client, person):
        client.force_login(person, BACKEND)
        return client.get(reverse(PAGE)).content.decode().replace("\xa0", " ")


def test_there_are_ten_dimensions_each_with_two_ends_and_something_that_helps():
    assert (len(Dimension), OUT_OF) == (10, 40)
    assert set(SCALES) == set(Dimension)
    assert all(scale.lowest and scale.highest and scale.unblocking for scale in SCALES.values())


def test_the_coordination_writes_down_what_the_group_says_and_nobody_else(world):
    for person in (make_agent(world.epci), make_member(world.epci, Role.ELECTED), world.relay):
        with pytest.raises(PermissionDenied, match="La coordination note"):
            world.record(by=person)
    made = world.record()
    assert (made.written_by, made.scores.count(), list(made.projects.all())) == (world.clerk, 10, [world.project])


def test_a_group_scores_itself_on_each_dimension_and_once_a_day(world):
    with pytest.raises(ValidationError, match="chacune des dix dimensions"):
        world.record(scores={"trust": (2, "")})
    world.record()
    with pytest.raises(ValidationError, match="déjà évalué ce jour-là"):
        world.record()


@pytest.mark.parametrize("faulty", [{"dimension": "trust", "value": 5}, {"dimension": "luck", "value": 1}])
def test_the_database_refuses_nonsense(world, faulty):
    made = Assessment.objects.create(intercommunality=world.epci, group="Comité", assessed_on=OCTOBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(intercommunality=world.epci, assessment=made, **faulty)


def test_putting_a_score_right_writes_that_one_alone_and_keeps_what_it_was(world):
    made = world.record()
    told = dict.fromkeys(Dimension.values, (2, "")) | {"trust": (3, "Les comptes sont ouverts")}
    services.record(
        assessment=made, group=made.group, assessed_on=OCTOBER, projects=[world.project], scores=told, by=world.clerk
    )
    assert Score.history.filter(history_type="~").values_list("dimension", "value").get() == ("trust", 3)


def test_the_page_tells_the_table_the_totals_the_proofs_and_what_may_unblock(world, client):
    scores = [4, 3, 1, 3, 4, 4, 2, 4, 3, 4]
    make_assessment(world.epci, "Réseau petite enfance", scores=scores, means="un remplacement sur trois est annulé")
    make_assessment(world.epci, "Comité du lac", projects=[world.project], scores=1)
    said = world.read_by(client, world.clerk)
    assert said.index("tableau-cooperation") < said.index('class="matrix"')
    assert "<strong>32 sur 40</strong>" in said and "<strong>10 sur 40</strong>" in said
    assert "Temps et moyens, 2 : « un remplacement sur trois est annulé »" in said
    assert "9 notes sans exemple à l’appui." in said
    assert "Confiance (1) : la transparence sur les chiffres" in said
    assert world.project.title in said


def test_a_group_is_drawn_over_time_once_it_has_assessed_itself_twice(world, client):
    make_assessment(world.epci, scores=1, on=date(2025, 10, 1))
    assert 'class="curve"' not in world.read_by(client, world.clerk)
    make_assessment(world.epci, scores=2, on=OCTOBER)
    said = world.read_by(client, world.clerk)
    assert "Comité du lac : de 10 en octobre 2025 à 20 en octobre 2026, sur 40" in said
    assert "<li>octobre 2025 : 10</li>" in said


def test_whoever_reads_some_projects_only_reads_the_groups_of_these(world, client):
    make_assessment(world.epci, "Comité du lac", projects=[world.project])
    make_assessment(world.epci, "Groupe eau potable", projects=[make_project(world.epci, status=Status.ADOPTED)])
    said = world.read_by(client, world.relay)
    assert "Comité du lac" in said and "Groupe eau potable" not in said
    assert "Saisir une auto-évaluation" not in said
    townsman = make_agent(world.epci, commune=make_commune(world.epci))
    assert "Aucun groupe ne s’est encore évalué" in world.read_by(client, townsman)


def test_nothing_crosses_from_one_epci_to_another(world, client):
    make_assessment(world.epci, "Comité du lac")
    assert "Comité du lac" not in world.read_by(client, make_coordinator(make_epci(1)))


def test_the_form_names_what_is_missing_and_keeps_what_was_typed(world, client):
    client.force_login(world.clerk, BACKEND)
    address = reverse("projects:assessment_add")
    refused = client.post(address, world.typed(trust_score="", references="P99999", means_evidence="Un seul véhicule"))
    said = refused.content.decode().replace("\xa0", " ")
    assert refused.status_code == 422 and not Assessment.objects.exists()
    assert "Notez « Confiance » de 0 à 4." in said and "Aucun projet ne porte la référence P99999." in said
    assert "Un seul véhicule" in said
    assert client.post(address, world.typed()).status_code == 302
    assert Assessment.objects.get().projects.get() == world.project
    assert client.post(address, world.typed()).status_code == 422


def test_the_page_keeps_its_number_of_queries(world):
    def counted():
        with CaptureQueriesContext(connection) as queries:
            page_of(world.epci, world.clerk)
        return len(queries)

    make_assessment(world.epci, "Groupe 0", projects=[world.project])
    counted()  # the scope of the person is read once
    first = counted()
    for number in range(1, 9):
        about = [world.project, make_project(world.epci, status=Status.ADOPTED)]
        make_assessment(world.epci, f"Groupe {number}", projects=about)
    assert counted() == first
