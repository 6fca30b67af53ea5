"""One act on several projects: foreseen for each, done on all agreed or on none, by the coordination alone."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Mark, Project, Status, StrategyNode, TerritorialPlan
from projects.portfolio.grouped import ACTS, perform_on_all, require_grouped, ticked
from tests.factories import make_agent, make_coordinator, make_epci, make_project

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GROUPED = "projects:grouped"


@pytest.fixture
def epci():
    return make_epci()


@pytest.fixture
def coordinator(epci, client):
    person = make_coordinator(epci)
    client.force_login(person, BACKEND)
    return person


def submitted(epci, count=2, **fields):
    author = make_agent(epci, "Maud Jallet")
    return [make_project(epci, author=author, status=Status.SUBMITTED, actors=0, **fields) for _ in range(count)]


def states(projects):
    return [Project.objects.get(pk=one.pk).status for one in projects]


def asked(projects, act, **more):
    return {"p": [one.pk for one in projects], "acte": act, **more}


def test_the_page_foresees_each_project_and_does_nothing(client, epci, coordinator):
    projects = [*submitted(epci), make_project(epci, status=Status.ADOPTED)]
    page = client.get(reverse(GROUPED), asked(projects, "accept"))
    refusals = {row.project.pk: bool(row.refusal) for row in page.context["rows"]}
    assert refusals == {projects[0].pk: False, projects[1].pk: False, projects[2].pk: True}
    assert states(projects) == [Status.SUBMITTED, Status.SUBMITTED, Status.ADOPTED]


def test_the_act_is_done_on_those_agreed_and_its_outcome_is_said(client, epci, coordinator):
    projects = [*submitted(epci), make_project(epci, status=Status.ADOPTED)]
    said = asked(projects, "accept", agreed=[one.pk for one in projects[:2]])
    page = client.post(reverse(GROUPED), said, follow=True)
    assert states(projects) == [Status.UNDER_REVIEW, Status.UNDER_REVIEW, Status.ADOPTED]
    assert "fait sur 2 projets" in page.content.decode() and "1 projet est resté tel quel" in page.content.decode()
    assert projects[0].moves.get().moved_by_name == "Paul-Arnaud Lessieur"


def test_nothing_is_done_when_one_of_those_agreed_can_no_longer(client, epci, coordinator):
    projects = submitted(epci)
    Project.objects.filter(pk=projects[1].pk).update(status=Status.WITHDRAWN)
    page = client.post(reverse(GROUPED), asked(projects, "accept", agreed=[one.pk for one in projects]))
    assert page.status_code == 422
    assert "Rien n’a été fait" in page.content.decode()
    assert states(projects) == [Status.SUBMITTED, Status.WITHDRAWN]


def test_an_act_that_fails_half_way_leaves_nothing_behind(epci, coordinator, monkeypatch):
    projects, done = submitted(epci), []

    def fail_on_the_second(project, by, said):
        if done:
            raise ValidationError("Panne.")
        done.append(project)
        project.status = Status.UNDER_REVIEW
        project.save()

    act = type(ACTS["accept"])("accept", "", "", ACTS["accept"].refusal, fail_on_the_second)
    with pytest.raises(ValidationError):
        perform_on_all(act=act, projects=projects, agreed={one.pk for one in projects}, by=coordinator, said={})
    assert done and states(projects) == [Status.SUBMITTED] * 2


def test_a_return_asks_a_reason_that_each_author_reads(client, epci, coordinator):
    projects = submitted(epci)
    agreed = [one.pk for one in projects]
    assert client.post(reverse(GROUPED), asked(projects, "return", agreed=agreed)).status_code == 422
    assert states(projects) == [Status.SUBMITTED] * 2
    client.post(reverse(GROUPED), asked(projects, "return", agreed=agreed, reason="Précisez le lieu."))
    assert [one.moves.get().reason for one in projects] == ["Précisez le lieu."] * 2


def test_nobody_receives_their_own_proposal_among_others(client, epci, coordinator):
    mine = make_project(epci, author=coordinator, status=Status.SUBMITTED)
    page = client.get(reverse(GROUPED), asked([mine], "accept"))
    assert "une autre personne" in page.context["rows"][0].refusal
    client.post(reverse(GROUPED), asked([mine], "accept", agreed=[mine.pk]))
    assert states([mine]) == [Status.SUBMITTED]


def test_an_objective_is_added_to_those_served_and_the_opinion_stays(client, epci, coordinator):
    plan = TerritorialPlan.objects.create(intercommunality=epci, title="Horizon 2032")
    said = {"intercommunality": epci, "plan": plan, "level": 1, "title": "A"}
    axes = [StrategyNode.objects.create(code=code, **said) for code in "12"]
    [project] = submitted(epci, 1, recommendation="Avis favorable")
    project.objectives.set([axes[0]])
    client.post(reverse(GROUPED), asked([project], "objective", agreed=[project.pk], objective=axes[1].pk))
    assert set(project.objectives.all()) == set(axes)
    assert Project.objects.get(pk=project.pk).recommendation == "Avis favorable"


def test_marks_are_put_together_and_stay_private(client, epci, coordinator):
    projects = submitted(epci)
    client.post(reverse(GROUPED), asked(projects, "mark", agreed=[one.pk for one in projects], note="Mai"))
    assert [(mark.person, mark.note) for mark in Mark.objects.all()] == [(coordinator, "Mai")] * 2


def test_the_export_writes_a_formula_as_text(client, epci, coordinator):
    [project] = submitted(epci, 1, title="=1+1")
    answer = client.get(reverse(GROUPED), asked([project], "export"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:3] == [project.reference, "'=1+1", "Déposé"]


def test_only_what_the_coordination_sees_is_ticked(epci, coordinator):
    draft, elsewhere = make_project(epci), make_project(make_epci(1), status=Status.ADOPTED)
    assert ticked(coordinator, epci, [str(draft.pk), str(elsewhere.pk), "x", "9" * 30]) == []
    with pytest.raises(PermissionDenied):
        require_grouped(make_agent(epci), epci)


def test_boxes_are_for_the_coordination_alone(client, epci, coordinator):
    submitted(epci)
    assert 'type="checkbox"' in client.get(reverse("projects:list")).content.decode()
    client.force_login(make_agent(epci), BACKEND)
    make_project(epci, status=Status.ADOPTED)
    assert 'type="checkbox"' not in client.get(reverse("projects:list")).content.decode()


def test_the_list_and_its_marks_cost_as_much_for_thirty_projects_as_for_ten(client, epci, coordinator):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(reverse("projects:list"))
        return len(queries), len(page.context["page"].rows)

    def fill(many):
        for project in submitted(epci, many):
            Mark.objects.create(intercommunality=epci, person=coordinator, project=project)

    fill(10)
    few, ten = count()
    fill(20)
    many, thirty = count()
    assert (ten, thirty) == (10, 30)
    assert few == many


def test_marks_are_a_filter_that_reads_one_s_own(client, epci, coordinator):
    first, second = submitted(epci)
    Mark.objects.create(intercommunality=epci, person=coordinator, project=first, note="À revoir")
    Mark.objects.create(intercommunality=epci, person=make_agent(epci), project=second, note="Mot secret")
    page = client.get(reverse("projects:list"), {"marque": "oui"})
    assert page.context["page"].rows == [first]
    assert "À revoir" in page.content.decode()
    assert "Mot secret" not in client.get(reverse("projects:list")).content.decode()


def test_one_comes_back_to_the_list_as_it_was_filtered(client, epci, coordinator):
    projects = submitted(epci)
    filters = "etat=submitted&mots=relais+petite"
    chosen = client.get(reverse("projects:list"), {"etat": "submitted"}).text
    assert 'name="liste" value="etat=submitted' in chosen
    address = f"{reverse('projects:list')}?{filters}"
    page = client.get(reverse(GROUPED), asked(projects, "accept", liste=filters)).text
    assert page.count(address.replace("&", "&amp;")) == 2  # in the path above the page, and beside the button
    done = client.post(reverse(GROUPED), asked(projects, "accept", agreed=[projects[0].pk], liste=filters))
    assert (done.status_code, done.url) == (302, address)
    assert client.get(reverse(GROUPED), {"liste": filters}).url == address
    assert client.get(reverse(GROUPED), {"liste": "//ailleurs.example/"}).url.startswith(reverse("projects:list"))
