"""Beneficiaries are heard all together: nobody is named, and too few answers say nothing anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.people.models import Role
from projects.demo import files
from projects.effects import survey_services as services
from projects.effects.forms import SurveyForm
from projects.effects.survey_reads import MASKED, give_words, reading_of, with_words
from projects.models import Status, Survey, Verbatim
from tests.factories import make_agent, make_coordinator, make_epci, make_member, make_project, make_survey

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FOUR = (0, 0, 1, 1, 2)  # a mean of 4.25 and 75 % of satisfied, which nobody may read


class World:
    def __init__(self):
        self.epci = make_epci()
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.coordinator, self.agent = make_coordinator(self.epci), make_agent(self.epci)
        self.elected = make_member(self.epci, Role.ELECTED)
        self.project = make_project(self.epci, author=self.agent, status=Status.IN_PROGRESS)


@pytest.fixture
def world():
    return World()


def told(survey):
    return reading_of(with_words(Survey.objects.filter(pk=survey.pk)).get())


def enter(world, by=None, **said):
    given = {"project": world.project, "title": "Familles", "service": "Accueil", "audience": "Familles inscrites"}
    days = {"starts_on": world.today - timedelta(days=30), "ends_on": world.today}
    return services.write_survey(
        intercommunality=world.epci, by=by or world.coordinator, today=world.today, **(given | days | said)
    )


def test_below_five_answers_nothing_is_told_nor_can_be_computed_back(world, client):
    survey = make_survey(
        world.project, FOUR, sent=31, words=["Ma voisine le dit aussi."], silent="Vingt-sept familles sont parties."
    )
    reading = told(survey)
    assert (reading.result, reading.bar, reading.rows, reading.verbatims) == (None, None, [], [])
    assert (reading.answers, reading.mean, reading.satisfied, reading.rate) == ("moins de 5", "—", "—", "—")
    client.force_login(world.elected, BACKEND)
    addresses = [survey.get_absolute_url(), reverse("projects:surveys")]
    addresses += [reverse(f"projects:{name}", args=[world.project.pk]) for name in ("detail", "effects")]
    for address in addresses:
        page = client.get(address).content.decode()
        assert "Familles" in page
        for secret in (
            "4,25",
            "75\u202f%",
            "75,0",
            "13\u202f%",
            "27 personnes",
            "31 personnes",
            "Vingt-sept",
            "Ma voisine",
        ):
            assert secret not in page.split("<main", 1)[1], (address, secret)
    assert MASKED.split(" :")[0] in client.get(survey.get_absolute_url()).content.decode()


def test_one_more_answer_and_all_is_told(world):
    survey = make_survey(world.project, (0, 0, 1, 1, 3), sent=31, words=["Le jeudi me manque."])
    reading = told(survey)
    assert (reading.answers, reading.mean, reading.satisfied, reading.rate) == (
        "5", "4,40", "80,0\u202f%", "16\u202f%",
    )  # fmt: skip
    assert reading.sentences[:2] == ["5 réponses pour 31 personnes interrogées.", "26 personnes n’ont pas répondu."]
    assert reading.verbatims == ["Le jeudi me manque."]
    assert [segment.number for segment in reading.bar.segments] == [3, 4, 5]


def test_words_are_told_once_read_over_and_removed_without_a_trace(world, client):
    survey = make_survey(world.project)
    Verbatim.objects.create(intercommunality=world.epci, survey=survey, text="Pas encore relue")
    assert told(survey).verbatims == []
    client.force_login(world.coordinator, BACKEND)
    form = client.get(reverse("projects:survey_edit", args=[survey.pk])).text
    assert "Comment on les a interrogés" in form and "Nombre de notes 2" in form
    page = survey.get_absolute_url()
    assert client.post(page, {"text": "Enfin le jeudi"}).status_code == 422  # not said to be read over
    assert client.post(page, {"text": "Enfin le jeudi", "read_over": "on"}).status_code == 302
    [kept] = Verbatim.objects.moderated()
    assert (kept.text, kept.moderated_by_name) == ("Enfin le jeudi", "Paul-Arnaud Lessieur")
    assert client.post(reverse("projects:verbatim_remove", args=[survey.pk, kept.pk])).status_code == 302
    assert not Verbatim.objects.filter(pk=kept.pk).exists()
    assert not hasattr(Verbatim, "history")


def test_words_of_a_past_day_are_those_read_over_by_then_and_still_there(world):
    survey = make_survey(world.project, words=["Ancienne", "Nouvelle"])
    Verbatim.objects.filter(text="Ancienne").update(moderated_at=world.now - timedelta(days=60))
    give_words([survey], until=world.now - timedelta(days=30))
    assert reading_of(survey).verbatims == ["Ancienne"]


def test_the_coordination_alone_enters_what_was_answered(world):
    for person in (world.agent, world.elected):
        with pytest.raises(PermissionDenied, match="coordination"):
            enter(world, by=person)
        with pytest.raises(PermissionDenied):
            services.add_verbatim(survey=make_survey(world.project), text="Bien", by=person, now=world.now)
    survey = enter(world, score_4=3, score_5=4, sent=9)
    assert (survey.written_by_name, survey.result.answers) == ("Paul-Arnaud Lessieur", 7)
    again = enter(world, survey=survey, score_5=5, sent=9)
    assert [row.score_5 for row in again.history.all()] == [5, 4]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"sent": 3, "score_5": 4}, "plus de réponses"),
        ({"audience": " "}, "."),
        ({"days": (9, 10)}, "précède"),
        ({"days": (-9, -9)}, "pas commencé"),
    ],
)
def test_a_survey_that_makes_no_sense_is_refused_in_one_sentence(world, said, why):
    if days := said.pop("days", None):
        said |= {"starts_on": world.today - timedelta(days=days[0]), "ends_on": world.today - timedelta(days=days[1])}
    with pytest.raises(ValidationError, match=why):
        enter(world, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_survey(world.project, (0, 0, 0, 0, 9), sent=3)


def test_a_survey_is_seen_with_its_project_and_that_of_a_service_by_all_who_work_there(world):
    make_survey(make_project(world.epci, status=Status.SUBMITTED), title="Avant la recevabilité")
    service = make_survey(epci=world.epci, title="Piscine")
    elsewhere = make_coordinator(make_epci(1))
    assert set(Survey.objects.visible_to(world.elected)) == {service}
    assert Survey.objects.visible_to(world.coordinator).count() == 2
    assert not Survey.objects.visible_to(elsewhere).exists()


def test_pages_enter_and_put_right_a_survey_and_tell_what_is_wrong_on_its_field(world, client):
    client.force_login(world.coordinator, BACKEND)
    typed = {
        "project": world.project.pk, "title": "Usagers", "service": "Accueil", "audience": "Usagers",
        "channel": "paper", "starts_on": "2026-05-01", "ends_on": "2026-05-31", "sent": "10",
        **{f"score_{score}": "3" for score in range(1, 6)},
    }  # fmt: skip
    refused = client.post(reverse("projects:survey_add"), typed)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"sent": ["15 réponses pour 10 personnes interrogées : il y en a trop."]}
    assert client.post(reverse("projects:survey_add"), typed | {"sent": "20"}).status_code == 302
    survey = Survey.objects.get()
    edit = reverse("projects:survey_edit", args=[survey.pk])
    assert client.post(edit, typed | {"sent": "30"}).status_code == 302
    survey.refresh_from_db()
    assert survey.sent == 30


def test_the_project_of_a_survey_is_found_by_its_reference_or_its_words_among_those_that_may_be_chosen(world):
    maps, mobile = (make_project(world.epci, status=Status.ADOPTED, title=one) for one in ("Cartes", "Bus à vélo"))
    make_project(world.epci, status=Status.ADOPTED, title="Bus de nuit")
    make_project(world.epci, title="Brouillon de bus")
    elsewhere = make_project(make_epci(1), status=Status.ADOPTED, title="Navette")

    def chosen(words):
        form = SurveyForm({"project": words}, epci=world.epci, user=world.coordinator)
        form.is_valid()
        return form.errors["project"][0] if "project" in form.errors else form.cleaned_data["project"]

    for words in (str(maps.pk), str(maps), maps.reference, f" {maps.reference.lower()} ", "cartes"):
        assert chosen(words) == maps
    assert (chosen("VELO bus"), chosen("")) == (mobile, None)
    assert "Plusieurs projets" in chosen("bus") and "de nuit" in chosen("bus") and "Brouillon" not in chosen("bus")
    for words in (elsewhere.title, elsewhere.reference + "x", str(elsewhere.pk), "brouillon", "9" * 30, "²"):
        assert chosen(words).startswith("Aucun projet ne répond")
    page = str(SurveyForm(epci=world.epci, user=world.coordinator, initial={"project": str(maps.pk)})["project"])
    assert f'value="{maps}"' in page and "<select" not in page and "Brouillon" not in page


def test_the_form_of_a_survey_asks_two_questions_about_projects_however_many_there_are(world):
    for count in (1, 40):
        for _ in range(count):
            make_project(world.epci, status=Status.ADOPTED)
        with CaptureQueriesContext(connection) as queries:
            str(SurveyForm(epci=world.epci, user=world.coordinator, initial={"project": str(world.project.pk)}))
        assert sum('FROM "projects_project"' in query["sql"] for query in queries) == 2  # the one named, a few others


def test_the_demo_gives_the_means_and_the_parts_of_its_specification(demo_territory):
    expected = {one["title"]: one for one in files.read().surveys["surveys"]}
    surveys = list(Survey.objects.filter(project__intercommunality=demo_territory).select_related("project"))
    assert {survey.title for survey in surveys} == set(expected)
    for survey in surveys:
        said, found = expected[survey.title], survey.result
        assert found.answers == said["answers"]
        assert float(round(found.mean, 2)) == said["mean"]
        assert float(round(found.satisfied, 1)) == said["satisfied_percent"]
        assert round(found.rate) == said["answer_percent"]
    assert [str(round(survey.result.mean, 2)) for survey in sorted(surveys, key=lambda one: one.project.reference)] == [
        "3.97", "4.26", "3.87", "4.38", "4.18",
    ]  # fmt: skip
    assert sorted(one.text for one in Verbatim.objects.moderated()) == [
        "Je ne faisais plus les 25 km jusqu’au relais.",
        "Le bus France services devrait venir le samedi.",
        "Ma mère attend le jeudi.",
    ]
