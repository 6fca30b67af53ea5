"""Every page that needs no object, at ten projects and at a thousand: the same number of queries.

A page of a list is full at twenty-five lines: only below that does a question asked for each line show.

The pages are those of the page table (tests/test_pages.py): a new list is walked here as soon as it has its line there.
"""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from partners.models import User
from projects.models import (
    Action,
    Actor,
    Contribution,
    Endorsement,
    FundingLine,
    FundingPlan,
    HealthNote,
    Indicator,
    Interest,
    Measurement,
    Milestone,
    Move,
    ObjectiveShare,
    OpinionRequest,
    OrientationFit,
    PaymentCredit,
    Project,
    Survey,
)
from tests.factories import make_epci, make_meeting, make_milestone
from tests.test_pages import BACKEND, PAGES

pytestmark = pytest.mark.django_db
TIMES = 33  # thirty projects of the demo, over and over
# What belongs to a project, each after what it points at; links between projects stay where they are.
PARTS = (
    Project, Actor, Interest, Endorsement, FundingPlan, FundingLine, PaymentCredit, OrientationFit, ObjectiveShare,
    Move, Milestone, HealthNote, Action, Indicator, Measurement, Survey, OpinionRequest, Contribution,
    Project.communes.through,
    Project.competences.through, Project.objectives.through,
)  # fmt: skip
# Ten projects among the thirty, one in each state or nearly; the others are elsewhere while these are counted.
TEN = ("P01", "P03", "P08", "P10", "P13", "P14", "P17", "P21", "P23", "P29")
COORDINATOR = "dgs@ccvo.example"  # opens nearly every page; the others, those that are made for each role
OTHERS = ("agent@ccvo.example", "presidente@ccvo.example", "relais@lespetitslierres.example")
FOR_EACH_ROLE = {"projects:home", "projects:list"}


def copies_of(model, made, number):
    """The rows of a model once more, pointing at the copies of what they point at."""
    rows = []
    for row in model._base_manager.filter(pk__in=made[model]):
        made[model][row.pk].append(row)
        for field in model._meta.concrete_fields:
            target = field.remote_field.model if field.remote_field else None
            if target in made and target is not model and (pk := getattr(row, field.attname)) is not None:
                setattr(row, field.attname, made[target][pk][-1].pk)
        if model is Project:
            row.reference = f"{row.reference}-{number}"
        row.pk = None
        row._state.adding = True
        rows.append(row)
    return rows


def multiply(times):
    """Make so many copies of all projects with what belongs to them, in bulk."""
    made = {model: {pk: [] for pk in model._base_manager.values_list("pk", flat=True)} for model in PARTS}
    for number in range(times):
        for model in PARTS:
            model._base_manager.bulk_create(copies_of(model, made, number), batch_size=500)


@pytest.fixture(scope="module")
def a_little_and_a_lot(demo_territory, django_db_setup, django_db_blocker):
    """How many queries each page asks for each reader, before and after."""
    with django_db_blocker.unblock(), transaction.atomic():
        for project in Project.objects.submitted()[:10]:
            make_milestone(project)
            make_meeting(project)
        home = Project.objects.first().intercommunality
        others = list(Project.objects.exclude(reference__in=TEN).values_list("pk", flat=True))
        Project.objects.filter(pk__in=others).update(intercommunality=make_epci(1))
        little = queries()
        Project.objects.filter(pk__in=others).update(intercommunality=home)
        multiply(TIMES)
        assert Project.objects.count() > 1_000
        yield little, queries()
        transaction.set_rollback(True)


def addresses():
    for name, (method, *_) in PAGES.items():
        if method == "get":
            try:
                yield name, reverse(name)
            except NoReverseMatch:
                continue  # the page of one object


def queries():
    found = {}
    for email in (COORDINATOR, *OTHERS):
        client = Client()
        client.force_login(User.objects.get(email=email), BACKEND)
        for name, address in addresses():
            if email != COORDINATOR and name not in FOR_EACH_ROLE:
                continue
            asked = []

            def count(execute, sql, *args, asked=asked):
                asked.append(sql)
                return execute(sql, *args)

            with connection.execute_wrapper(count):  # lighter than what keeps the text of each query
                status = client.get(address).status_code
            if status == 200:
                found[email, name] = len(asked)
    return found


def test_no_page_asks_more_of_a_thousand_projects_than_of_ten(a_little_and_a_lot):
    little, lot = a_little_and_a_lot
    grown = {page: (little[page], lot[page]) for page in little if lot.get(page, 0) > little[page]}
    assert grown == {}


def test_the_lists_are_among_the_pages_walked(a_little_and_a_lot):
    walked = {name for _, name in a_little_and_a_lot[0]}
    lists = {
        "list",
        "review_queue",
        "calendar",
        "opinions_mine",
        "remaining",
        "sessions",
        "report",
        "territory",
    }
    assert {f"projects:{name}" for name in lists} <= walked, sorted(walked)
    assert len(walked) > 40
