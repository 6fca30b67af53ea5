"""A coordinator sees what waits, answers with a reason, and tests each project against the mandate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cooperation.french import NBSP
from partners.models import User
from projects.models import Orientation, Project, Status, StrategyNode
from projects.opinions.reads import Summary
from projects.proposals.access import may
from projects.proposals.services import move
from projects.proposals.workflow import workflow
from projects.review import services
from projects.review.checklist import asked
from territories.competences import legal_case
from territories.competences.rules import Kind


@pytest.fixture
def waiting(demo_territory, db) -> Project:
    """A project that was submitted and that nobody has read yet."""
    return Project.objects.filter(status=Status.SUBMITTED).first()


def person(email: str) -> User:
    return User.objects.get(email=email)


def coordinator() -> User:
    return person("dgs@ccvo.example")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer_with(project: Project, name: str, reason: str = "", by: User | None = None):
    form = {"form": "verdict", "name": name, "reason": reason}
    return signed_in(by or coordinator()).post(f"/instruction/{project.pk}/", form)


def test_the_queue_names_what_waits_and_since_when(waiting):
    page = signed_in(coordinator()).get("/instruction/").text
    assert waiting.reference in page
    assert "jour" in page


def test_the_queue_narrows_to_one_state(waiting):
    page = signed_in(coordinator()).get("/instruction/?statut=deferred")
    assert {project.status for project, _ in page.context["rows"]} == {Status.DEFERRED}


def test_the_queue_takes_the_same_number_of_queries_whatever_waits(waiting, django_assert_num_queries):
    client = signed_in(coordinator())
    client.get("/instruction/")
    with CaptureQueriesContext(connection) as few:
        client.get("/instruction/")
    for number in range(15):
        Project.objects.create(
            intercommunality=waiting.intercommunality,
            reference=f"Q{number}",
            shared_objective="Ensemble",
            status=Status.SUBMITTED,
            submitted_at=timezone.now(),
            author=person("agent@ccvo.example"),
        )
    with django_assert_num_queries(len(few)):
        client.get("/instruction/")


def test_only_a_coordinator_opens_the_queue_and_the_sheet(waiting):
    client = signed_in(person("agent@ccvo.example"))
    assert client.get("/instruction/").status_code == 403
    assert client.get(f"/instruction/{waiting.pk}/").status_code in {403, 404}
    assert answer_with(waiting, "accept", by=person("agent@ccvo.example")).status_code in {403, 404}
    waiting.refresh_from_db()
    assert waiting.status == Status.SUBMITTED


def remaining(project: Project) -> dict[str, str]:
    """What the sheet says is still to be done, by the name of each point."""
    sheet = signed_in(coordinator()).get(f"/instruction/{project.pk}/")
    return {point.title: point.said for point in sheet.context["checklist"].points if not point.is_done}


def test_the_checklist_tells_what_remains_and_follows_the_file(waiting):
    waiting.orientation_fits.all().delete()
    before = remaining(waiting)
    assert {"Recevabilité", "Orientations du mandat", "Avis des services"} <= before.keys()
    assert "Sans orientation" in before["Orientations du mandat"]
    services.give_verdict(project=waiting, name="accept", by=coordinator())
    services.state_fit(project=waiting, fits=[], none_fits=True, statement="Aucune ne convient.", by=coordinator())
    services.write_opinion(
        project=waiting, objectives=StrategyNode.objects.all()[:1], recommendation="Oui.", by=coordinator()
    )
    after = remaining(waiting)
    assert before.keys() - after.keys() >= {"Recevabilité", "Orientations du mandat", "Avis des services"}
    lead = waiting.actors.get(leads=True)
    lead.relay, lead.relay_to_be_found = None, True
    lead.save()
    assert "Personne relais à trouver" in remaining(waiting)["Places des acteurs"].replace("\xa0", " ")


def test_an_opinion_that_nobody_awaits_is_not_said_to_be_asked_for_and_one_that_the_law_awaits_is_not_done(waiting):
    case = legal_case.LegalCase(Kind.ONE_COMMUNE, "Son avis d’abord", ("", ""), "Demander l’avis.")
    none, open_one = Summary([], 0), Summary([object()], 1)
    free = asked(none, [])
    assert (free.is_done, free.said) == (True, "Aucun avis n’est attendu.")
    assert asked(none, [replace(case, done="avis rendu")]).is_done
    owed = asked(none, [case])
    assert (owed.is_done, owed.said) == (False, "L’avis de la commune concernée reste à demander.")
    assert (asked(open_one, [case]).is_done, asked(open_one, [case]).said) == (False, "Un avis est encore attendu.")
    assert asked(Summary([object()], 0), []).said == "Aucun avis n’est plus attendu."
    sheet = signed_in(coordinator()).get(f"/instruction/{waiting.pk}/").text
    section = sheet[sheet.index('id="reste"') :]
    assert "Aucun avis n’a été demandé" not in section[: section.index("</section>")]


def test_the_checklist_of_the_demo_reads_the_money_the_law_and_the_answers(demo_territory, db):
    p14 = Project.objects.get(reference="P14")
    assert "Financement" not in remaining(p14)
    assert "avis du conseil municipal" in remaining(p14)["Cas juridique"]
    p14.funding_plans.filter(is_current=True).update(is_current=False)
    p14.funding_plans.filter(number=1).update(is_current=True)
    assert "Il lui manque 10 000,00 €" in remaining(p14)["Financement"].replace("\xa0", " ").replace("\u202f", " ")
    assert remaining(p14)["Réponses des acteurs sur l’objectif"].startswith("0 réponse sur ")


def test_a_project_is_declared_admissible(waiting):
    assert answer_with(waiting, "accept").status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == Status.UNDER_REVIEW
    assert waiting.moves.last().moved_by == coordinator()


@pytest.mark.parametrize("name", ["return", "refuse"])
def test_sending_a_project_back_demands_a_reason(waiting, name):
    refused = answer_with(waiting, name)
    assert refused.status_code == 422
    assert "demande un motif" in refused.text
    answer_with(waiting, name, "Précisez le nombre de véhicules.")
    assert waiting.moves.last().reason == "Précisez le nombre de véhicules."


def test_each_answer_says_what_it_did(waiting):
    Project.objects.filter(pk=waiting.pk).update(author=person("agent@ccvo.example"))
    form = {"form": "verdict", "name": "return", "reason": "Précisez le nombre de véhicules."}
    told = signed_in(coordinator()).post(f"/instruction/{waiting.pk}/", form, follow=True).text
    assert "La demande de complément est partie" in told


def test_the_coordination_completes_a_project_that_has_no_author_and_sends_it_back(waiting):
    """Imported, or its author erased: once a complement was asked, nobody could act on it any more."""
    Project.objects.filter(pk=waiting.pk).update(author=None)
    form = {"form": "verdict", "name": "return", "reason": "Précisez le nombre de véhicules."}
    client, words = signed_in(coordinator()), "pas d’auteur inscrit : la coordination le complète"
    told = client.post(f"/instruction/{waiting.pk}/", form, follow=True).text.replace(NBSP, " ")
    assert words in told
    assert f"À compléter : {form['reason']}" in client.get("/").text.replace(NBSP, " ")
    text = reverse("projects:write", args=[waiting.pk, "besoin"])
    assert words in client.get(text).text.replace(NBSP, " ")
    assert signed_in(person("presidente@ccvo.example")).get(text).status_code in {403, 404}
    project = Project.objects.get(pk=waiting.pk)
    names = [transition.name for transition, _ in workflow.actions(project, coordinator())]
    assert "submit" in names and "withdraw" not in names  # what nobody proposed is nobody's to take back
    move(project=project, name="submit", by=coordinator())
    assert Project.objects.get(pk=waiting.pk).status == Status.SUBMITTED
    assert not may(coordinator(), "change_project", Project.objects.get(pk=waiting.pk))


@pytest.mark.parametrize("gone", ["account", "role"])
def test_the_coordination_completes_a_project_whose_author_is_no_longer_there(waiting, gone):
    """The account was closed, or the role ended: the name stays on the project, and nobody could send it back."""
    author, form = person("agent@ccvo.example"), {"form": "verdict", "name": "return", "reason": "Précisez le nombre."}
    Project.objects.filter(pk=waiting.pk).update(author=author)
    client, words = signed_in(coordinator()), "ne peut plus le renvoyer : la coordination le complète"
    page = reverse("projects:detail", args=[waiting.pk])
    client.post(f"/instruction/{waiting.pk}/", form)
    assert not may(coordinator(), "change_project", Project.objects.get(pk=waiting.pk))
    assert words not in client.get(page).text.replace(NBSP, " ")
    assert form["reason"] not in client.get("/").text
    if gone == "account":
        User.objects.filter(pk=author.pk).update(is_active=False)
    else:
        author.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert words in client.get(page).text.replace(NBSP, " ")
    assert f"À compléter : {form['reason']}" in client.get("/").text.replace(NBSP, " ")
    project = Project.objects.get(pk=waiting.pk)
    assert "withdraw" not in [transition.name for transition, _ in workflow.actions(project, coordinator())]
    move(project=project, name="submit", by=coordinator())
    told = client.post(f"/instruction/{waiting.pk}/", form, follow=True).text.replace(NBSP, " ")
    assert f"La demande est gardée. La personne qui a déposé ce projet {words}" in told


def test_a_project_that_has_an_author_is_completed_by_nobody_else(waiting):
    Project.objects.filter(pk=waiting.pk).update(author=person("agent@ccvo.example"))
    answer_with(waiting, "return", "Précisez le nombre de véhicules.")
    project = Project.objects.get(pk=waiting.pk)
    assert not may(coordinator(), "change_project", project)
    assert not may(coordinator(), "submit_project", project)


def test_what_was_completed_and_sent_back_is_told_in_the_queue(waiting):
    client = signed_in(coordinator())
    assert "complété, renvoyé" not in client.get("/instruction/").text
    Project.objects.filter(pk=waiting.pk).update(author=None)
    answer_with(waiting, "return", "Précisez le nombre de véhicules.")
    move(project=Project.objects.get(pk=waiting.pk), name="submit", by=coordinator())
    assert client.get("/instruction/").text.count("complété, renvoyé") == 1
    answer_with(waiting, "accept")
    assert "complété, renvoyé" not in client.get("/instruction/").text


def test_a_complement_asked_declares_nothing_admissible(waiting):
    answer_with(waiting, "return", "Précisez le nombre de véhicules.")
    assert "quand le projet reviendra" in remaining(waiting)["Recevabilité"]
    Project.objects.filter(pk=waiting.pk).update(status=Status.INADMISSIBLE)
    assert "Recevabilité" not in remaining(waiting)


def test_nobody_reviews_their_own_proposal(waiting):
    Project.objects.filter(pk=waiting.pk).update(author=coordinator())
    page = signed_in(coordinator()).get(f"/instruction/{waiting.pk}/")
    assert "une autre personne doit l’instruire" in page.text
    assert answer_with(waiting, "accept").status_code == 422
    with pytest.raises(ValidationError, match="une autre personne"):
        services.write_opinion(
            project=Project.objects.get(pk=waiting.pk), objectives=[], recommendation="Oui", by=coordinator()
        )


def test_a_partial_fit_demands_a_reservation_and_what_was_typed_stays(waiting):
    orientation = Orientation.objects.first()
    form = {"form": "fit", f"fit_{orientation.pk}": "partial", "statement": "Mes mots à moi"}
    client = signed_in(coordinator())
    refused = client.post(f"/instruction/{waiting.pk}/", form)
    assert refused.status_code == 422
    assert "réserve écrite" in refused.text
    assert "Mes mots à moi" in refused.text
    form[f"note_{orientation.pk}"] = "Sous réserve du calendrier."
    assert client.post(f"/instruction/{waiting.pk}/", form).status_code == 302
    assert waiting.orientation_fits.get().note == "Sous réserve du calendrier."


def test_a_project_outside_the_orientations_says_why(waiting):
    client = signed_in(coordinator())
    form = {"form": "fit", "none_fits": "on"}
    assert client.post(f"/instruction/{waiting.pk}/", form).status_code == 422
    client.post(f"/instruction/{waiting.pk}/", form | {"statement": "Une urgence sanitaire."})
    waiting.refresh_from_db()
    assert waiting.fits_no_orientation
    assert waiting.orientation_statement == "Une urgence sanitaire."


def test_the_opinion_ties_the_project_to_objectives_of_the_plan(waiting):
    objective = StrategyNode.objects.filter(children__isnull=True).order_by("-level", "code").first()
    page = signed_in(coordinator()).get(f"/instruction/{waiting.pk}/")
    offered = page.context["forms"]["opinion"].fields["objectives"].queryset
    chosen = objective if objective in offered else offered.first()
    assert chosen is not None
    form = {"form": "opinion", "objectives": [chosen.pk], "recommendation": "Favorable."}
    assert signed_in(coordinator()).post(f"/instruction/{waiting.pk}/", form).status_code == 302
    assert list(waiting.objectives.all()) == [chosen]


def test_a_project_that_does_not_exist_is_not_found(waiting):
    assert signed_in(coordinator()).get("/instruction/999999/").status_code == 404
