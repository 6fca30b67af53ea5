"""The home page of each person: what waits for them first, and what is empty last."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cooperation.french import NBSP
from partners.people.models import User
from projects.models import Actor, Interest
from projects.portfolio.home import SHOWN, late_projects, own_drafts, to_review
from projects.proposals.models import Project, SubmissionDocument
from projects.proposals.states import Status
from territories.places.models import Intercommunality
from tests.factories import make_agent, make_coordinator, make_epci, make_project
from tests.test_pages import BACKEND

pytestmark = pytest.mark.django_db
PEOPLE = (
    "agent@ccvo.example",
    "dgs@ccvo.example",
    "presidente@ccvo.example",
    "maire@laferrandiere.example",
    "relais@lespetitslierres.example",
    "conseillere@champ-rosay.example",
)


def home_of(email):
    client = Client()
    client.force_login(User.objects.get(email=email), BACKEND)
    return client.get(reverse("projects:home"))


@pytest.mark.parametrize("email", PEOPLE)
def test_what_waits_stands_before_what_is_good_to_know_and_nothing_empty_before_either(demo_territory, email):
    answer = home_of(email)
    waiting, text = answer.context["waiting"], answer.content.decode().replace(NBSP, " ")
    assert all(section.items and section.is_call for section in waiting.calls)
    assert all(section.items and not section.is_call for section in waiting.news)
    assert not any(section.items for section in waiting.quiet)
    places = [
        text.index(section.url if section in waiting.quiet else section.items[0].title.replace(NBSP, " "))
        for section in (*waiting.calls, *waiting.news, *waiting.quiet)
        if section not in waiting.quiet or section.url
    ]
    assert text.count("<h2") >= len(waiting.calls) + len(waiting.news)
    assert places[: len(waiting.calls)] == sorted(places[: len(waiting.calls)])
    assert ("Rien ne vous attend aujourd’hui" in text) == (not waiting.calls)


def test_the_coordination_first_reads_what_it_has_to_do(demo_territory):
    calls = home_of("dgs@ccvo.example").context["waiting"].calls
    assert any(section.title.startswith("À instruire") for section in calls)


def test_a_relay_person_is_led_to_say_what_interests_her_structure_until_she_has(demo_territory):
    email, asked = "relais@lespetitslierres.example", "Ce qui vous intéresse reste à dire"
    silent = Actor.objects.filter(partner__name__startswith="Association Les Petits Lierres", interests=None)
    actor = silent.get(project__status="in_progress")
    told = {section.title: section.items for section in home_of(email).context["waiting"].calls}
    assert [item.url for item in told[asked]] == [reverse("projects:interest_state", args=[actor.project_id, actor.pk])]
    assert "Dites ce qui vous intéresse dans ce projet, au nom de" in told[asked][0].text
    Interest.objects.create(intercommunality=actor.intercommunality, actor=actor, text="Se former ensemble")
    assert asked not in {section.title for section in home_of(email).context["waiting"].calls}


def test_what_is_submitted_after_midnight_bears_the_day_of_paris(demo_territory):
    """At half past midnight in Paris, it is still the day before where moments are kept."""
    night = datetime(2026, 5, 2, 0, 30, tzinfo=ZoneInfo("Europe/Paris"))
    Project.objects.filter(status=Status.SUBMITTED).update(submitted_at=night)
    user, epci = User.objects.get(email="dgs@ccvo.example"), Intercommunality.objects.get()
    for items in (to_review(user, epci).items, late_projects(user, epci, date(2026, 12, 1))):
        days = [item.text.replace(NBSP, " ") for item in items]
        assert [day for day in days if "2 mai 2026" in day] and not [day for day in days if "1er mai" in day], days
    project = Project.objects.filter(status=Status.SUBMITTED).first()
    kept = SubmissionDocument(project=project, submitted_at=project.submitted_at)
    assert str(kept) == "Dépôt du 02/05/2026"


def test_the_texts_in_hand_are_ones_own_and_for_the_coordination_what_came_back_without_author(demo_territory):
    epci = make_epci(1)  # beside that of the demo
    coordinator, agent = make_coordinator(epci), make_agent(epci)
    to_complete = make_project(epci, title="De l’agent", author=agent, status=Status.TO_COMPLETE)
    drafts = [make_project(epci, title=f"Brouillon {n}", author=agent, status=Status.DRAFT) for n in range(SHOWN)]
    orphan = make_project(epci, title="Sans auteur", author=None, status=Status.TO_COMPLETE)
    make_project(epci, title="Ébauche importée", author=None, status=Status.DRAFT)
    latest = [draft.title for draft in reversed(drafts)]
    assert [item.title for item in own_drafts(agent, epci).items] == [to_complete.title, *latest][:SHOWN]
    assert [item.title for item in own_drafts(coordinator, epci).items] == [orphan.title]


def test_a_draft_is_called_so_once_on_its_line_and_moves_that_nobody_noted_are_not_called_a_rest(client):
    epci = make_epci(1)
    agent = make_agent(epci)
    make_project(epci, title="Une halle", author=agent, status=Status.DRAFT)
    client.force_login(agent, BACKEND)
    page = client.get(reverse("projects:home")).content.decode()
    line = page[page.index("Une halle") :]
    assert line[: line.index("</li>")].count("Brouillon") == 1 and "Vu de vous seul·e" in line
    assert "Aucun changement d’état n’a encore été noté ici." in page


def test_the_texts_in_hand_are_read_in_the_order_of_an_index_and_not_sorted_among_all(demo_territory):
    epci, coordinator = Intercommunality.objects.get(), User.objects.get(email="dgs@ccvo.example")
    with CaptureQueriesContext(connection) as asked:
        own_drafts(coordinator, epci)
    if connection.vendor == "postgresql":  # of thirty projects, it reads all at once
        return
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if "projects_project" in query["sql"]:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                assert "TEMP B-TREE" not in str(cursor.fetchall())
