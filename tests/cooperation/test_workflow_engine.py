"""The engine says why an act is impossible, and performs it once, with its reason."""

from types import SimpleNamespace

from cooperation.access import Verdict
from cooperation.workflow import Workflow, row
from projects.proposals.states import Status

TABLE = (
    row("submit", {Status.DRAFT}, Status.SUBMITTED, "write", "Déposer", (lambda obj, by: obj.lack,)),
    row("return", {Status.SUBMITTED}, Status.TO_COMPLETE, "review", "Rendre", reason="Ce qu’il faut compléter"),
    row("adopt", {Status.SUBMITTED}, Status.ADOPTED, "", "Adopter"),
)


def a_project(status=Status.DRAFT, lack=""):
    field = SimpleNamespace(flatchoices=Status.choices)
    return SimpleNamespace(status=status, lack=lack, _meta=SimpleNamespace(get_field=lambda name: field))


def engine(*rights):
    return Workflow(TABLE, may=lambda user, permission, obj: permission in rights, record=lambda *a: None)


def test_a_verdict_is_true_when_it_has_nothing_to_say():
    assert Verdict()
    assert not Verdict("Non, parce que.")
    assert str(Verdict("Non, parce que.")) == "Non, parce que."


def test_an_allowed_act_gives_a_true_verdict():
    assert engine("write").verdict(a_project(), "submit", by=None)


def test_a_wrong_state_is_named_in_the_refusal():
    verdict = engine("write").verdict(a_project(Status.ADOPTED), "submit", by=None)
    assert not verdict
    assert "«\u00a0Adopté\u00a0»" in verdict.reason


def test_a_missing_right_is_said():
    assert "rôle" in engine().verdict(a_project(), "submit", by=None).reason


def test_a_guard_speaks_for_itself():
    verdict = engine("write").verdict(a_project(lack="Il manque l’objectif."), "submit", by=None)
    assert verdict.reason == "Il manque l’objectif."


def test_actions_of_a_session_are_never_offered_as_buttons():
    offered = engine("write", "review", "").actions(a_project(Status.SUBMITTED), by=None)
    assert [transition.name for transition, _ in offered] == ["return"]
