"""The strategy is shaped by those who may, and nothing is left behind when a part of it goes."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.models import User
from projects.models import Mandate, Orientation, Project, StrategyNode, TerritorialPlan
from projects.strategy import services
from projects.strategy.tree import holes
from projects.strategy.tree import read_tree as shape_tree
from projects.totals.models import Kind
from projects.totals.reads import sums_of_all_and_seen
from territories.models import Intercommunality


@pytest.fixture
def plan(demo_territory, db) -> TerritorialPlan:
    return TerritorialPlan.objects.get(is_current=True)


def person(email: str) -> User:
    return User.objects.get(email=email)


def coordinator() -> User:
    return person("dgs@ccvo.example")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def add(plan: TerritorialPlan, code: str, parent: StrategyNode | None = None, by: User | None = None) -> StrategyNode:
    node = StrategyNode(intercommunality=plan.intercommunality, plan=plan, parent=parent, code=code, title="Essai")
    return services.save(record=node, by=by or coordinator())


def axes(plan: TerritorialPlan) -> list[StrategyNode]:
    return list(plan.nodes.filter(level=1))


def test_anybody_with_a_place_reads_the_strategy(plan):
    answer = signed_in(person("agent@ccvo.example")).get("/projet-de-territoire/")
    assert plan.title in answer.text
    assert "/projet-de-territoire/modifier/" not in answer.text


def test_a_person_without_a_place_does_not_read_it(plan):
    stranger = User.objects.create_user("ailleurs@exemple.test", "Ailleurs-2032-Loin")
    assert signed_in(stranger).get("/projet-de-territoire/").status_code == 404


def test_reading_the_strategy_takes_the_same_number_of_queries_whatever_its_size(plan, django_assert_num_queries):
    client = signed_in(coordinator())
    client.get("/projet-de-territoire/")
    with CaptureQueriesContext(connection) as few:
        client.get("/projet-de-territoire/")
    for number in range(20):
        add(plan, f"Z{number}.1", parent=add(plan, f"Z{number}"))
    with django_assert_num_queries(len(few)):
        client.get("/projet-de-territoire/")


def test_only_a_coordinator_changes_it(plan):
    agent = person("agent@ccvo.example")
    assert signed_in(agent).get("/projet-de-territoire/modifier/").status_code == 403
    assert signed_in(agent).post("/projet-de-territoire/niveaux/", {"level_1": "Axe"}).status_code == 403
    with pytest.raises(PermissionDenied):
        add(plan, "Z", by=agent)


def test_a_part_of_another_territory_is_not_found(plan):
    other = Intercommunality.objects.exclude(pk=plan.intercommunality_id).first() or Intercommunality.objects.create(
        siren="200000002", name="Autre communauté"
    )
    theirs = TerritorialPlan.objects.create(intercommunality=other, title="Autre")
    node = StrategyNode.objects.create(intercommunality=other, plan=theirs, level=1, code="1", title="Ailleurs")
    client = signed_in(coordinator())
    assert client.get(f"/projet-de-territoire/elements/{node.pk}/").status_code == 404
    assert client.post(f"/projet-de-territoire/elements/{node.pk}/retirer/").status_code == 404
    with pytest.raises(PermissionDenied):
        services.remove(part=node, by=coordinator())


def read_tree(plan):
    counts, _ = sums_of_all_and_seen(coordinator(), plan.intercommunality, [Kind.NODE])
    return shape_tree(plan, {node: counts.of(Kind.NODE, node).projects for node, _ in counts.places(Kind.NODE)})


def test_a_project_counts_once_for_an_axis_even_when_it_answers_two_objectives_of_it(plan):
    axis = axes(plan)[0]
    before = next(branch for branch in read_tree(plan) if branch.node == axis).count
    first, second = (add(plan, f"{axis.code}.9{number}", parent=axis) for number in (1, 2))
    Project.objects.admissible().filter(objectives__parent=axis).first().objectives.add(first, second)
    branch = next(branch for branch in read_tree(plan) if branch.node == axis)
    assert branch.count == before
    assert {child.node: child.count for child in branch.children}[first] == 1


def test_what_no_project_answers_is_said(plan):
    empty = add(plan, "9.9", parent=axes(plan)[0])
    assert empty in [branch.node for branch in holes(read_tree(plan))]
    assert "aucun projet" in signed_in(coordinator()).get("/projet-de-territoire/").text


def test_a_draft_is_not_counted(plan):
    empty = add(plan, "9.9", parent=axes(plan)[0])
    draft = Project.objects.create(intercommunality=plan.intercommunality, reference="B-1", author=coordinator())
    draft.objectives.add(empty)
    assert empty in [branch.node for branch in holes(read_tree(plan))]


def test_a_part_on_which_something_stands_stays_and_says_why(plan):
    used = StrategyNode.objects.filter(projects__isnull=False, children__isnull=True).first()
    for node in (axes(plan)[0], used):
        with pytest.raises(ValidationError) as refused:
            services.remove(part=node, by=coordinator())
        assert "d’abord" in refused.value.messages[0]
    orientation = Orientation.objects.filter(fits__isnull=False).first()
    with pytest.raises(ValidationError, match="elle reste au mandat"):
        services.remove(part=orientation, by=coordinator())


def test_an_empty_part_goes(plan):
    node = add(plan, "Z")
    answer = signed_in(coordinator()).post(f"/projet-de-territoire/elements/{node.pk}/retirer/", follow=True)
    assert "est retiré" in answer.text
    assert not StrategyNode.objects.filter(pk=node.pk).exists()


def test_the_number_of_levels_is_the_choice_of_the_territory_from_one_to_four(plan):
    client = signed_in(coordinator())
    words = {"level_1": "Ambition", "level_2": "Défi", "level_3": "Chantier", "level_4": "Action"}
    assert client.post("/projet-de-territoire/niveaux/", words).status_code == 302
    plan.refresh_from_db()
    assert plan.level_labels == list(words.values())
    node = axes(plan)[0]
    for depth in (2, 3, 4):
        node = add(plan, f"Z{depth}", parent=node)
    with pytest.raises(ValidationError, match="compte 4 niveaux"):
        add(plan, "Z5", parent=node)


def test_a_level_on_which_something_stands_does_not_disappear(plan):
    answer = signed_in(coordinator()).post("/projet-de-territoire/niveaux/", {"level_1": "Axe"})
    assert answer.status_code == 422
    assert "retirez ce qui s’y trouve" in answer.text
    plan.refresh_from_db()
    assert plan.depth > 1


def test_levels_are_named_without_a_gap(plan):
    answer = signed_in(coordinator()).post("/projet-de-territoire/niveaux/", {"level_1": "Axe", "level_3": "Fiche"})
    assert "sans en sauter" in answer.text


def test_buttons_and_dragging_put_the_axes_in_order(plan):
    client, order = signed_in(coordinator()), [axis.pk for axis in axes(plan)]
    client.post("/projet-de-territoire/elements/ordre/", {"move_id": order[1], "direction": "up"})
    assert [axis.pk for axis in axes(plan)][:2] == [order[1], order[0]]
    answer = client.post("/projet-de-territoire/elements/ordre/", {"order": order})
    assert answer.status_code == 204
    assert [axis.pk for axis in axes(plan)] == order


def test_an_order_that_names_a_stranger_is_refused(plan):
    order = [axis.pk for axis in axes(plan)]
    stranger = StrategyNode.objects.filter(level=2).first().pk
    answer = signed_in(coordinator()).post("/projet-de-territoire/elements/ordre/", {"order": [*order[1:], stranger]})
    assert answer.status_code == 400
    assert [axis.pk for axis in axes(plan)] == order


def test_orientations_are_added_renamed_and_put_in_order(plan):
    client = signed_in(coordinator())
    client.post("/projet-de-territoire/orientations/ajouter/", {"code": "O9", "title": "La neuvième"})
    added = Orientation.objects.get(code="O9")
    client.post(f"/projet-de-territoire/orientations/{added.pk}/", {"code": "O9", "title": "Renommée"})
    client.post("/projet-de-territoire/orientations/ordre/", {"move_id": added.pk, "direction": "up"})
    rows = list(added.mandate.orientations.all())
    assert rows[-2].title == "Renommée"


def test_a_number_already_taken_is_refused_and_what_was_typed_stays(plan):
    taken = axes(plan)[0].code
    answer = signed_in(coordinator()).post(
        "/projet-de-territoire/elements/ajouter/", {"code": taken, "title": "Mon titre à moi"}
    )
    assert answer.status_code == 422
    assert "déjà pris" in answer.text
    assert "Mon titre à moi" in answer.text


def test_a_territory_without_a_plan_opens_one(plan):
    TerritorialPlan.objects.filter(pk=plan.pk).update(is_current=False)
    client = signed_in(coordinator())
    assert "Aucun projet de territoire" in client.get("/projet-de-territoire/").text
    assert "Ouvrir un projet de territoire" in client.get("/projet-de-territoire/modifier/").text
    client.post("/projet-de-territoire/presentation/", {"title": "Horizon 2040", "horizon": "2040"})
    assert TerritorialPlan.objects.get(is_current=True).title == "Horizon 2040"


def test_a_mandate_that_ends_before_it_starts_is_refused(plan):
    answer = signed_in(coordinator()).post(
        "/projet-de-territoire/mandat/", {"name": "M", "starts_on": "2026-04-01", "ends_on": "2026-03-01"}
    )
    assert answer.status_code == 422
    assert not Mandate.objects.filter(name="M").exists()
