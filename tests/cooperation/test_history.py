"""What the history of a row costs at each write, and what it keeps of what the row is tied to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Document, Project
from tests.factories import make_commune, make_competence, make_epci, make_project


def test_the_manager_of_a_history_is_of_a_class_made_once():
    assert type(Project.history) is type(Project.history) is type(Document.history)
    assert Project.history.model._meta.label == "projects.HistoricalProject"
    assert Document.history.model._meta.label == "projects.HistoricalDocument"


@pytest.mark.django_db
def test_each_version_of_a_row_keeps_what_it_was_tied_to():
    epci = make_epci()
    near, far = make_commune(epci), make_commune(epci, "Le Grand-Étang")
    project = make_project(epci)
    project.communes.add(near, far)
    project.competences.set([make_competence(epci)])
    project.communes.remove(near)
    last, *before = project.history.all()
    kept = [[tie.commune for tie in version.communes.order_by("commune")] for version in (last, *before)]
    assert kept[:4] == [[far], [near, far], [near, far], []]
    assert [tie.competence.label for tie in last.competences.all()] == ["Relais petite enfance"]
    assert before[-1].history_type == "+"
    ties = {tie.pk for tie in Project.communes.through.objects.all()}
    assert {tie.id for tie in last.communes.all()} == ties


@pytest.mark.django_db
def test_what_a_row_is_tied_to_is_copied_without_being_read():
    project = make_project(make_epci())
    with CaptureQueriesContext(connection) as asked:
        project.save()
    ties = [query["sql"] for query in asked if 'FROM "projects_project_' in query["sql"]]
    assert len(ties) == 3
    assert not any("JOIN" in sql for sql in ties)
    with CaptureQueriesContext(connection) as asked:
        Project.objects.create(intercommunality=project.intercommunality, author=None)
    assert not any('FROM "projects_project_' in query["sql"] for query in asked)
