"""A private mark is seen by the person who made it, and goes with the account."""

import pytest
from django.core.exceptions import PermissionDenied

from projects.marks.services import mark, unmark
from projects.models import Mark, Status
from tests.factories import make_agent, make_coordinator, make_epci, make_project

pytestmark = pytest.mark.django_db


def test_a_mark_is_read_by_its_person_alone_and_changed_not_doubled():
    epci = make_epci()
    maud, paul = make_agent(epci), make_coordinator(epci)
    project = make_project(epci, status=Status.ADOPTED)
    mark(project=project, by=maud, note="À revoir")
    mark(project=project, by=maud, note=" À revoir en mai ")
    mark(project=project, by=paul)
    assert [one.note for one in Mark.objects.of(maud)] == ["À revoir en mai"]
    assert [one.note for one in Mark.objects.of(paul)] == [""]
    unmark(project=project, by=paul)
    assert Mark.objects.count() == 1


def test_one_marks_only_what_one_sees():
    epci = make_epci()
    with pytest.raises(PermissionDenied):
        mark(project=make_project(epci, status=Status.SUBMITTED), by=make_agent(epci))


def test_a_mark_is_deleted_with_the_account_and_leaves_no_trace():
    epci = make_epci()
    maud, project = make_agent(epci), make_project(epci, status=Status.ADOPTED)
    mark(project=project, by=maud, note="Secret")
    maud.memberships.all().delete() if hasattr(maud, "memberships") else None
    maud.delete()
    assert not Mark.objects.exists()
    assert not hasattr(Mark, "history")
