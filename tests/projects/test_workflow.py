"""The state table, walked whole: every transition × every state × the persons who may and may not."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partners.people.models import Role
from projects.models import Move, Origin, Project, Status
from projects.proposals.states import DONE
from projects.proposals.workflow import TRANSITIONS, workflow
from tests.factories import make_agent, make_coordinator, make_epci, make_member, make_project

pytestmark = pytest.mark.django_db
S = Status

# Written by hand from `product.md`, never from the code. "session": only a proclaimed decision triggers it.
EXPECTED = {
    "submit": ("author", {S.DRAFT, S.TO_COMPLETE}, S.SUBMITTED),
    "open_politically": ("elected author", {S.DRAFT}, S.UNDER_REVIEW),
    "accept": ("coordinator", {S.SUBMITTED}, S.UNDER_REVIEW),
    "return": ("coordinator", {S.SUBMITTED, S.UNDER_REVIEW}, S.TO_COMPLETE),
    "refuse": ("coordinator", {S.SUBMITTED, S.UNDER_REVIEW}, S.INADMISSIBLE),
    "place_on_agenda": ("coordinator", {S.UNDER_REVIEW, S.DEFERRED}, S.ON_AGENDA),
    "take_off_agenda": ("coordinator", {S.ON_AGENDA}, S.UNDER_REVIEW),
    "advise": ("session", {S.ON_AGENDA}, S.UNDER_REVIEW),
    "adopt": ("session", {S.ON_AGENDA}, S.ADOPTED),
    "reject": ("session", {S.ON_AGENDA}, S.REJECTED),
    "defer": ("session", {S.ON_AGENDA}, S.DEFERRED),
    "refer": ("session", {S.ON_AGENDA}, S.UNDER_REVIEW),
    "set_aside": ("session", {S.ON_AGENDA}, S.UNDER_REVIEW),
    "drop": ("session", {S.ON_AGENDA}, S.ABANDONED),
    "start": ("coordinator", {S.ADOPTED}, S.IN_PROGRESS),
    "suspend": ("coordinator", {S.ADOPTED, S.IN_PROGRESS}, S.SUSPENDED),
    "resume": ("coordinator", {S.SUSPENDED}, S.IN_PROGRESS),
    "complete": ("coordinator", {S.IN_PROGRESS}, S.COMPLETED),
    "evaluate": ("coordinator", {S.COMPLETED}, S.EVALUATED),
    "discard": ("author", {S.DRAFT}, S.ABANDONED),
    "abandon": ("coordinator", {S.ADOPTED, S.IN_PROGRESS, S.SUSPENDED}, S.ABANDONED),
    "withdraw": ("author", {S.SUBMITTED, S.TO_COMPLETE, S.UNDER_REVIEW, S.DEFERRED}, S.WITHDRAWN),
    "absorb": ("coordinator", {S.UNDER_REVIEW, S.DEFERRED, S.ADOPTED, S.IN_PROGRESS, S.SUSPENDED}, S.ABSORBED),
}
PERSONS = ("author", "elected author", "coordinator", "other coordinator", "agent", "councillor", "outsider")
MAY = {
    "author": {"author", "elected author"},
    "elected author": {"elected author"},
    "coordinator": {"coordinator", "other coordinator"},
    "session": set(PERSONS) - {"author", "elected author"},  # nobody decides on their own; the session asked the right
}


@pytest.fixture
def people():
    epci, other = make_epci(), make_epci(1)
    return {
        "epci": epci,
        "author": make_agent(epci),
        "elected author": make_member(epci, Role.ELECTED, "Hélène Marchadier"),
        "coordinator": make_coordinator(epci),
        "other coordinator": make_coordinator(epci, "Nathalie Coste"),
        "agent": make_agent(epci, "Tom Rivoire"),
        "councillor": make_member(epci, Role.COUNCILLOR, "Suzanne Pichois"),
        "outsider": make_coordinator(other, "Une autre"),
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_a_transition_is_possible_for_the_right_person_in_the_right_state_and_nowhere_else(name, people):
    who, sources, target = EXPECTED[name]
    origin = Origin.POLITICAL if name == "open_politically" else Origin.FIELD
    theirs, other = (
        make_project(people["epci"], author=people[author], oriented=True, origin=origin)
        for author in ("elected author", "author")
    )
    for state in Status:
        for person in PERSONS:
            project = theirs if person == "elected author" else other
            project.status = state
            allowed = state in sources and person in MAY[who]
            verdict = workflow.verdict(project, name, people[person])
            assert bool(verdict) == allowed, (name, state, person, verdict.reason)
            assert allowed or verdict.reason.endswith("."), (name, state, person)
    assert workflow.table[name].target == target


def test_no_transition_was_forgotten():
    assert {transition.name for transition in TRANSITIONS} == set(EXPECTED)


def test_a_move_is_recorded_with_who_when_and_why(people):
    project = make_project(people["epci"], author=people["author"], status=S.SUBMITTED)
    workflow.perform(project, "return", by=people["coordinator"], reason="Précisez les bénéficiaires.")
    move = Move.objects.get(project=project)
    assert (move.source, move.target) == (S.SUBMITTED, S.TO_COMPLETE)
    assert move.moved_by_name == "Paul-Arnaud Lessieur"
    assert move.reason == "Précisez les bénéficiaires."


def test_a_reason_is_demanded_where_the_table_says_so_and_nothing_moves_without_it(people):
    project = make_project(people["epci"], author=people["author"], status=S.SUBMITTED)
    with pytest.raises(ValidationError, match="motif"):
        workflow.perform(project, "return", by=people["coordinator"], reason="   ")
    assert Project.objects.get(pk=project.pk).status == S.SUBMITTED
    assert not Move.objects.exists()


def test_nobody_reviews_their_own_proposal(people):
    project = make_project(people["epci"], author=people["coordinator"], status=S.SUBMITTED)
    verdict = workflow.verdict(project, "accept", people["coordinator"])
    assert "une autre personne" in verdict.reason
    assert workflow.verdict(project, "accept", people["other coordinator"])


def test_nothing_goes_on_an_agenda_without_an_orientation_or_a_statement(people):
    project = make_project(people["epci"], author=people["author"], status=S.UNDER_REVIEW)
    assert "orientation" in workflow.verdict(project, "place_on_agenda", people["coordinator"]).reason
    project.fits_no_orientation, project.orientation_statement = True, "Aucune orientation ne parle du numérique."
    assert workflow.verdict(project, "place_on_agenda", people["coordinator"])


def test_an_incomplete_proposal_is_not_submitted_and_says_what_is_missing(people):
    project = make_project(people["epci"], author=people["author"], complete=False)
    verdict = workflow.verdict(project, "submit", people["author"])
    assert "Donnez un titre" in verdict.reason
    with pytest.raises(ValidationError):
        workflow.perform(project, "submit", by=people["author"])


def test_the_engine_refuses_without_the_right_even_when_no_button_was_shown(people):
    project = make_project(people["epci"], author=people["author"], status=S.SUBMITTED)
    with pytest.raises(PermissionDenied):
        workflow.perform(project, "accept", by=people["outsider"])


def test_every_act_is_told_once_it_is_done_and_not_as_what_there_was_to_do():
    assert set(DONE) == {transition.name for transition in TRANSITIONS if transition.permission}
    assert Move(transition="submit", label="Déposer le projet").told == "Déposé"
    assert Move(transition="adopt", label="Adopté").told == "Adopté"
