"""The state at a past day, printed from history: what was printed that day, word for word, and nothing more."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html import unescape

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.models import User
from projects.models import (
    Actor,
    AgendaItem,
    Contribution,
    Decision,
    Indicator,
    Interest,
    Measurement,
    Orientation,
    OrientationFit,
    Outcome,
    PaymentCredit,
    Project,
    Publication,
    Session,
    Status,
    StrategyNode,
    Survey,
    TerritorialPlan,
)
from projects.report.choices import FOR_EVERYONE, Audience, Choices, Format
from projects.report.content import gather
from projects.report.documents import report_document
from projects.report.versions import facts_of
from projects.seal.services import seal
from territories.models import Consultation, FinancialPact, SharedService
from tests.factories import make_indicator, make_measurement, make_survey

pytestmark = pytest.mark.django_db

TAG = re.compile(r"<[^>]+>")
LATER = dt.timedelta(days=20)


def read(epci, day=None, **choices):
    today = timezone.localdate()
    return gather(epci, user=None, today=today, choices=Choices(as_of=day.isoformat() if day else "", **choices))


def words_of(report) -> dict[str, str]:
    """The text of each part, but for the cover and the last page, which say when they were printed."""
    parts = report_document(report).parts[1:-1]
    return {part.name: re.sub(r"\s+", " ", unescape(TAG.sub(" ", part.html))).strip() for part in parts}


def change_everything(epci) -> None:
    """Touch every kind of thing that the document tells, by the way that the pages take: row by row."""
    for number, project in enumerate(Project.objects.filter(intercommunality=epci)):
        project.title, project.need = f"{project.title}, revu", "Tout autre constat"
        project.shared_objective, project.status = "Tout autre objectif", Status.SUSPENDED
        project.starts_on, project.ends_on, project.owner_name = dt.date(2031, 1, 1), None, "Autre"
        project.objective_version += 1
        project.lead_officer, project.remark = "Une autre personne", "Autre remarque"
        project.save()
        project.communes.set(epci.communes.all()[number % 5 : number % 5 + 2])
        project.objectives.set(StrategyNode.objects.filter(intercommunality=epci, level=2)[:1])
        project.competences.clear()
        for actor in project.actors.all()[:1]:
            actor.name = "Renommé"
            actor.save()
        for actor in project.actors.all()[1:2]:
            actor.delete()
        Actor.objects.create(intercommunality=epci, project=project, name="Venu après", position=90)
        for fit in project.orientation_fits.all()[:1]:
            fit.delete()
        for plan in project.funding_plans.filter(is_current=True):
            for line in plan.lines.all():
                line.amount, line.funder = line.amount + 7, "Autre financeur"
                line.save()
            for row in [*plan.operating_lines.all(), *plan.payment_credits.all()]:
                row.amount += 11
                row.save()
        for step in project.course.all()[:1]:
            step.text = "Autre étape"
            step.save()
    for model in (Interest, OrientationFit):
        for row in model.objects.filter(intercommunality=epci):
            row.text = row.note = "Réécrit"
            row.save()
    for model in (StrategyNode, Orientation, TerritorialPlan, FinancialPact, Consultation):
        for row in model.objects.filter(intercommunality=epci):
            row.title = f"{row.title}, autrement"
            row.save()
    for service in SharedService.objects.filter(intercommunality=epci):
        service.name = f"{service.name}, autrement"
        service.save()
    for one in Contribution.objects.filter(intercommunality=epci):
        one.file_position = None
        one.save()
    for one in Measurement.objects.filter(intercommunality=epci):
        one.value, one.note = one.value + 1, "Corrigé"
        one.save()
    for number, indicator in enumerate(Indicator.objects.filter(intercommunality=epci)):
        indicator.name = f"{indicator.name}, autrement"
        if number % 3 == 0:
            indicator.dropped_on, indicator.dropped_reason = timezone.localdate(), "Trop long à compter"
        indicator.save()
        make_measurement(indicator, 1)
    for survey in Survey.objects.filter(intercommunality=epci):
        survey.title, survey.score_3, survey.sent = f"{survey.title}, autrement", survey.score_3 + 9, None
        survey.save()
        survey.verbatims.create(intercommunality=epci, text="Dit après", moderated_at=timezone.now())
    seal(intercommunality=epci, kind="decision", subject="decision:0", facts={"a": 1}, by=None, now=timezone.now())


def test_a_past_state_says_word_for_word_what_was_printed_that_day(demo_territory):
    """Compared as texts: every part of the document, and the facts that a version kept."""
    day = timezone.localdate()
    printed = read(demo_territory)
    kept, said = facts_of(printed), words_of(printed)
    with time_machine.travel(timezone.now() + LATER):
        change_everything(demo_territory)
        past, present = read(demo_territory, day), read(demo_territory)
        assert facts_of(past) == kept
        assert past.effects.rows and past.effects.surveys
        found = words_of(past)
        assert list(found) == list(said)
        for name, text in said.items():
            assert found[name] == text.replace("tel qu’il est écrit aujourd’hui", "tel qu’il est écrit à cette date")
        assert (past.sealed, past.chain_head) == (printed.sealed, printed.chain_head)
        assert facts_of(present) != kept
        assert present.sealed == printed.sealed + 1


def test_the_demo_is_read_at_any_day_of_its_life(demo_territory):
    """P02 was adopted in 2022, its plan revised in March 2024; the orientations came in June 2026."""

    def sheet(day):
        return {sheet.reference: sheet for sheet in read(demo_territory, day).sheets}.get("P02")

    assert sheet(dt.date(2022, 1, 1)) is None
    before, after = sheet(dt.date(2024, 3, 27)), sheet(dt.date(2024, 3, 28))
    assert (before.status, after.status, sheet(dt.date(2026, 10, 1)).status) == ("Adopté", "Adopté", "Réalisé")
    assert [line.amount for line in before.funding.lines] != [line.amount for line in after.funding.lines]
    assert len(after.decisions) == len(before.decisions)  # published the day after
    assert len(sheet(dt.date(2024, 3, 29)).decisions) == len(before.decisions) + 1
    assert not read(demo_territory, dt.date(2026, 6, 24)).orientations
    assert read(demo_territory, dt.date(2026, 6, 25)).orientations
    counts = [len(read(demo_territory, dt.date(year, 1, 1)).sheets) for year in range(2022, 2027)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_what_was_not_shown_then_or_no_longer_may_be_is_not_printed(demo_territory):
    day, epci = timezone.localdate(), demo_territory
    project = Project.objects.get(reference="P01")
    actor = project.actors.first()
    words = {"intercommunality": epci, "actor": actor}
    private = Interest.objects.create(**words, text="CANARI-PRIVÉ", visibility=Interest.Visibility.ACTORS)
    closed = Interest.objects.create(**words, text="CANARI-REFERMÉ")
    gone = Interest.objects.create(**words, text="Retiré depuis")
    hidden = Contribution.objects.filter(project=project, file_position__isnull=False).first()
    hidden.text = "CANARI-MASQUÉ"  # the demo says the words of its testimonies in the chapter of the surveys too
    hidden.save()
    assert hidden.text in " ".join(words_of(read(epci)).values())
    draft = Project.objects.create(intercommunality=epci, reference="P90", title="CANARI-BROUILLON")
    with time_machine.travel(timezone.now() + LATER):
        private.visibility = Interest.Visibility.EVERYONE
        private.save()
        closed.visibility = Interest.Visibility.OWN
        closed.save()
        gone.delete()
        hidden.file_position, hidden.hidden_at, hidden.hidden_reason = None, timezone.now(), "À la demande"
        hidden.save()
        draft.status, draft.shared_objective, draft.submitted_at = Status.ADOPTED, "Ensemble", timezone.now()
        draft.save()
        past = " ".join(words_of(read(epci, day)).values())
        assert "CANARI" not in past
        assert hidden.text not in past
        assert "Retiré depuis" in past
        assert "CANARI-BROUILLON" in " ".join(words_of(read(epci)).values())


def test_effects_are_those_of_the_day_and_what_was_masked_since_then_stays_masked(demo_territory):
    """A few answers counted by mistake, words removed, a survey of a service, an indicator measured later."""
    day, project = timezone.localdate(), Project.objects.get(reference="P01")
    indicator = make_indicator(project, "Navettes", value=3)
    survey = make_survey(project, title="Au marché", words=["Dit ce jour-là", "CANARI-RETIRÉ"])
    mistaken = make_survey(project, title="CANARI-TROP-PEU")
    make_survey(epci=demo_territory, title="À la piscine")
    with time_machine.travel(timezone.now() + LATER):
        make_measurement(indicator, 5)
        mistaken.score_1 = mistaken.score_2 = mistaken.score_3 = mistaken.score_4 = 0
        mistaken.score_5 = 2
        mistaken.save()
        survey.verbatims.get(text="CANARI-RETIRÉ").delete()
        make_survey(project, title="Venue après")
        for chosen in ({}, {"format": Format.A5}):
            effects = read(demo_territory, day, **chosen).effects
            said = {reading.survey.title: reading.verbatims for _, reading in effects.surveys}
            assert said["Au marché"] == ["Dit ce jour-là"]
            assert "À la piscine" in said
            assert not {"CANARI-TROP-PEU", "Venue après"} & set(said)
            [found] = [effect for _, effect in effects.rows if effect.name == "Navettes"]
            assert (found.value, found.value_on) == ("3", f"{day:%d/%m/%Y}")


def test_a_decision_is_told_from_the_day_of_its_publication(demo_territory):
    project = Project.objects.get(reference="P03")
    day = timezone.localdate()
    with time_machine.travel(timezone.now() + LATER):
        body = Session.objects.first().body
        session = Session.objects.create(intercommunality=demo_territory, body=body, held_on=day)
        item = AgendaItem.objects.create(intercommunality=demo_territory, session=session, project=project)
        Decision.objects.create(
            intercommunality=demo_territory, item=item, outcome=Outcome.ADOPTED, proclaimed_at=timezone.now() - LATER
        )
        Publication.objects.create(
            intercommunality=demo_territory, session=session, published_at=timezone.now() - dt.timedelta(days=1)
        )

        def decisions(on):
            [sheet] = [sheet for sheet in read(demo_territory, on).sheets if sheet.reference == "P03"]
            return len(sheet.decisions)

        assert decisions(timezone.localdate()) == decisions(day) + 1


def test_choices_bear_on_the_projects_as_they_were(demo_territory):
    day = timezone.localdate()
    adopted = {sheet.reference for sheet in read(demo_territory, states=(Status.ADOPTED,)).sheets}
    public = {sheet.reference for sheet in read(demo_territory, audience=Audience.PUBLIC).sheets}
    commune = Project.objects.get(reference="P02").communes.first()
    there = {sheet.reference for sheet in read(demo_territory, commune=commune.pk).sheets}
    with time_machine.travel(timezone.now() + LATER):
        change_everything(demo_territory)
        assert {sheet.reference for sheet in read(demo_territory, day, states=(Status.ADOPTED,)).sheets} == adopted
        past = read(demo_territory, day, audience=Audience.PUBLIC)
        assert {sheet.reference for sheet in past.sheets} == public
        assert {sheet.status for sheet in past.sheets} <= {status.label for status in FOR_EVERYONE}
        assert {sheet.reference for sheet in read(demo_territory, day, commune=commune.pk).sheets} == there


def test_what_began_before_its_history_is_told_as_it_was_first_known(demo_territory):
    credit = PaymentCredit.objects.first()
    first = credit.history.get()
    first.history_type = "~"  # as the migration that began the history wrote it
    first.save()
    day = timezone.localdate() - dt.timedelta(days=1)
    report = read(demo_territory, day)
    assert report.programme.total == credit.amount
    first.history_type = "+"
    first.save()
    assert read(demo_territory, day).programme is None


def test_reading_the_past_takes_as_many_queries_whatever_the_projects(demo_territory):
    """Two selections: a whole document asks for the surveys of services too, which no project holds."""
    day, counts = timezone.localdate(), []
    for states in ((Status.COMPLETED,), tuple(Status)):
        with CaptureQueriesContext(connection) as seen:
            report_document(read(demo_territory, day, states=states))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_document_says_of_which_day_it_is_and_what_history_does_not_keep(demo_territory):
    document = report_document(read(demo_territory, dt.date(2026, 6, 25)))
    assert document.title.endswith("tel qu’au 25/06/2026")
    assert "Tel qu’au 25\xa0juin\xa02026" in document.parts[0].html
    last = document.parts[-1].html
    assert "tel qu’au 25/06/2026, d’après l’historique" in last
    assert "tels qu’ils sont aujourd’hui, faute d’historique" in last
    assert "d’après l’historique" not in report_document(read(demo_territory)).parts[-1].html


def test_the_page_offers_a_past_day_and_refuses_one_to_come(client, demo_territory, monkeypatch):
    from cooperation.models import Job

    monkeypatch.setattr("cooperation.jobs.enqueue", lambda job: None)
    monkeypatch.setattr("projects.prints.services.write_if_short", lambda *asked: None)
    client.force_login(User.objects.get(email="dgs@ccvo.example"))
    page = client.get(reverse("projects:report")).content.decode()
    assert "Le montrer tel qu’il était le" in page
    asked = {"audience": "internal", "chapters": ["sheets"], "as_of": timezone.localdate().isoformat()}
    answer = client.post(reverse("projects:print_start"), asked)
    assert answer.status_code == 422
    assert "Choisissez un jour passé" in answer.content.decode()
    client.post(reverse("projects:print_start"), asked | {"as_of": "2026-06-25"})
    assert Job.objects.get().order["as_of"] == "2026-06-25"
    assert 'value="2026-06-25"' not in client.get(reverse("projects:report")).content.decode()  # for once


@pytest.mark.parametrize(("day", "words"), [("hier", "n’est pas un jour"), ("2999-01-01", "Choisissez un jour passé")])
def test_the_command_refuses_a_day_that_is_not_past(tmp_path, day, words, db):
    with pytest.raises(CommandError, match=words):
        call_command("print_territory_project", epci="249600016", output=tmp_path / "a.pdf", as_of=day)


def test_the_command_prints_the_state_of_a_past_day(demo_territory, tmp_path, monkeypatch):
    from cooperation.printing import Printed
    from projects.report import services

    printed = []
    path = tmp_path / "essai.pdf"
    path.write_bytes(b"%PDF-1.7 essai")
    monkeypatch.setattr(
        services, "print_in_parts", lambda document, **options: printed.append(document) or Printed(path, 1)
    )
    call_command("print_territory_project", epci="249600016", output=tmp_path / "a.pdf", as_of="2024-01-01")
    assert "tel qu’au 01/01/2024" in printed[0].title
    assert replace(printed[0], parts=[]).author == demo_territory.name
    call_command("print_territory_project", epci="249600016", output=tmp_path / "a.pdf", public=True)
    assert "pour tout le monde" in printed[1].parts[-1].html
