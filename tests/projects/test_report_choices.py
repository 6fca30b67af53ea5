"""What is chosen is what is printed; what is internal never reaches a document for everybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from cooperation.models import Job
from partners.models import Role
from projects.models import Interest, PrintChoices, Status
from projects.prints import services as prints
from projects.report import services
from projects.report.choices import Audience, Choices
from projects.report.content import gather
from projects.report.documents import report_document
from projects.report.papers import TerritoryReport
from tests.projects.test_report_content import epci, make_project, make_user  # noqa: F401

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 15)


def read(intercommunality, **choices):
    return gather(intercommunality, user=None, today=TODAY, choices=Choices(**choices))


def words_of(report) -> str:
    return "".join(part.html for part in report_document(report).parts)


def test_nothing_internal_reaches_a_public_document(epci):  # noqa: F811
    """A word that exists nowhere else, in every field that is not for everybody."""
    project = make_project(epci, "P01", Status.ADOPTED)
    project.remark, project.lead_officer = "canariremarque", "canariagent"
    project.save()
    actor = project.actors.create(intercommunality=epci, name="Une association")
    for visibility in Interest.Visibility.values:
        actor.interests.create(
            intercommunality=epci, text=f"canari{visibility}", fears="canaricrainte", visibility=visibility
        )
    project.course.create(intercommunality=epci, happened_on=TODAY, text="canarietape")
    public, internal = (words_of(read(epci, audience=audience)) for audience in Audience.values[::-1])
    for word in ("canariremarque", "canariagent", "canaricrainte", "canarietape", "canariown", "canariactors"):
        assert word not in public
    assert "canarieveryone" in public
    for word in ("canariremarque", "canariagent", "canaricrainte", "canarietape"):
        assert word in internal


def test_what_was_chosen_is_found_again_and_the_print_follows_it(
    client,
    epci,  # noqa: F811
    monkeypatch,
    django_capture_on_commit_callbacks,
):
    orders = []
    monkeypatch.setattr(prints, "print_for", lambda job, written=None: orders.append(Choices.read(job.order)))
    client.force_login(make_user(epci, "coordination@x.example", Role.COORDINATOR))
    data = {"audience": "public", "chapters": ["territory", "sheets"], "states": ["adopted"], "query": "q=lac"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("projects:print_start"), data)
    [order] = orders
    assert (order.audience, list(order.chapters), order.query) == ("public", ["territory", "sheets"], "q=lac")
    kept = services.remembered_choices(epci)
    assert kept == replace(order, query="")  # a selection of the list is for once
    page = client.get(reverse("projects:report")).content.decode()
    assert 'value="public" id="id_audience_1" required checked' in page or "checked" in page
    client.post(reverse("projects:print_start"), data | {"audience": "internal"})
    assert PrintChoices.objects.count() == 1


def test_choices_that_leave_nothing_are_refused_with_what_to_do(client, epci):  # noqa: F811
    client.force_login(make_user(epci, "coordination@x.example", Role.COORDINATOR))
    data = {"audience": "public", "chapters": ["sheets"], "states": ["submitted"]}
    answer = client.post(reverse("projects:print_start"), data)
    assert answer.status_code == 422
    assert "ne sont pas ceux d’un document pour tout le monde" in answer.content.decode()
    assert not Job.objects.exists()


def test_the_list_of_projects_is_one_button_away_from_its_print(client, epci):  # noqa: F811
    make_project(epci, "P01", Status.ADOPTED)
    client.force_login(make_user(epci, "coordination@x.example", Role.COORDINATOR))
    page = client.get(reverse("projects:list") + "?etat=adopted").content.decode()
    address = reverse("projects:report") + "?etat=adopted"
    assert f'href="{address}">Imprimer cette sélection' in page
    assert 'name="query" value="etat=adopted"' in client.get(address).content.decode()


def test_beginning_again_asks_for_the_same_print(client, epci):  # noqa: F811
    coordinator = make_user(epci, "coordination@x.example", Role.COORDINATOR)
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices(query="q=lac")))
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, finished_at=timezone.now())
    client.force_login(coordinator)
    client.post(reverse("projects:print_again", args=[job.pk]))
    assert Job.objects.latest("pk").order["query"] == "q=lac"
