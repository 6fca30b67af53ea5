"""Between two sessions: the president decides what is delegated, with the same seal, and the conseil is told."""

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cooperation.french import NBSP
from partners.models import Body, BodyRule, Delegation, ElectedMember, Role, Seat
from projects.ballots import services as live
from projects.briefing.content import gather as note_of
from projects.briefing.documents import note_document
from projects.circuit import services as circuit
from projects.delegated import services
from projects.deliberation.act_services import write_publication
from projects.minutes.content import gather as paper_of
from projects.models import Decision, SealedRecord, Session, Status
from tests.factories import make_commune, make_coordinator, make_epci, make_member, make_project

TODAY = date(2026, 11, 15)
NOW = timezone.make_aware(datetime(2026, 11, 15, 12))

pytestmark = pytest.mark.django_db


@pytest.fixture
def epci():
    return make_epci()


@pytest.fixture
def clerk(epci):
    return make_coordinator(epci)


@pytest.fixture
def president(epci):
    return make_member(epci, Role.ELECTED, "Hélène Marchadier")


@pytest.fixture
def presidency(epci, president):
    body = Body.objects.create(intercommunality=epci, kind="presidency", name="Présidence", power="deciding")
    member = ElectedMember.objects.create(
        intercommunality=epci, commune=make_commune(epci), full_name="Hélène Marchadier", user=president
    )
    Seat.objects.create(body=body, member=member, is_chair=True, starts_on=date(2026, 4, 9))
    Delegation.objects.create(
        intercommunality=epci, holder="president", matter="grant_requests",
        decision_reference="délibération du 23/04/2026", starts_on=date(2026, 4, 23),
    )  # fmt: skip
    return body


@pytest.fixture
def project(epci, clerk):
    made = make_project(epci, status=Status.UNDER_REVIEW, oriented=True)
    circuit.state_nature(project=made, matter="grant_requests", by=clerk)
    return made


def opened(body, project, by, answers=None):
    told = {"reason": "Le dossier se dépose avant vendredi.", "answers": answers, "today": TODAY}
    return services.open_act(body=body, project=project, by=by, **told)


def test_the_president_decides_alone_and_the_act_says_by_what_right_and_is_sealed(
    presidency, project, clerk, president
):
    item = opened(presidency, project, clerk)
    assert item.session.place == f"{services.BY_DELEGATION} : Le dossier se dépose avant vendredi."
    decision = live.proclaim(item=item, outcome="adopted", text="La demande est déposée.", by=president, at=NOW)
    assert "par délégation du conseil communautaire (CGCT, art. L. 5211-10)" in decision.text
    assert "délibération du 23/04/2026" in decision.text and "La demande est déposée." in decision.text
    assert SealedRecord.objects.get(subject=f"decision:{decision.pk}").told["text"] == decision.text
    project.refresh_from_db()
    assert project.status == Status.ADOPTED


def test_what_is_not_delegated_is_refused_before_anything_is_opened(presidency, project, clerk):
    circuit.state_nature(project=project, matter="accounts", by=clerk)
    with pytest.raises(ValidationError, match="Seul le conseil communautaire décide"):
        opened(presidency, project, clerk)
    assert not Session.objects.exists()


def test_the_president_does_not_decide_their_own_proposal_even_by_the_hand_of_another(
    presidency, project, clerk, president
):
    item = opened(presidency, project, clerk)
    project.author = president
    project.status = Status.ON_AGENDA
    project.save()
    for by in (clerk, president):
        with pytest.raises(ValidationError, match="proposé ce projet"):
            live.proclaim(item=item, outcome="adopted", text="", by=by, at=NOW)
    project.status = Status.UNDER_REVIEW
    project.save()
    with pytest.raises(ValidationError, match="La présidence a proposé ce projet"):
        opened(presidency, project, clerk)
    assert not Decision.objects.exists()


def test_a_body_that_decides_is_never_asked_in_writing_and_one_that_advises_only_by_its_rules(epci, project, clerk):
    council = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    mayors = Body.objects.create(intercommunality=epci, kind="mayors", name="Maires", power="advisory", legal_seats=22)
    with pytest.raises(ValidationError, match="délibère en séance"):
        opened(council, project, clerk, answers=30)
    with pytest.raises(ValidationError, match="ne prévoient pas"):
        opened(mayors, project, clerk, answers=12)
    BodyRule.objects.create(
        intercommunality=epci, body=mayors, starts_on=date(2026, 4, 9), quorum="none", by_writing=True, source="Pacte"
    )
    with pytest.raises(ValidationError, match="combien de membres"):
        opened(mayors, project, clerk)
    item = opened(mayors, project, clerk, answers=12)
    assert item.session.place.startswith(services.IN_WRITING) and item.session.present == 12
    live.proclaim(item=item, outcome="favourable", text="Douze réponses.", by=clerk, at=NOW)
    project.refresh_from_db()
    assert project.status == Status.UNDER_REVIEW


def test_neither_the_president_nor_the_administration_opens_an_act_alone(presidency, project, president, epci, client):
    admin = make_member(epci, Role.ADMINISTRATOR)
    for by in (president, admin):
        with pytest.raises(PermissionDenied):
            opened(presidency, project, by)
    client.force_login(admin)
    assert client.post(reverse("projects:act_between", args=[project.pk])).status_code == 404


def test_the_next_conseil_is_told_of_what_was_decided_in_its_place_and_of_nothing_before(
    presidency, project, clerk, president, epci, client
):
    council = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    before, after, later = (
        Session.objects.create(intercommunality=epci, body=council, held_on=day)
        for day in (date(2026, 11, 5), date(2026, 12, 10), date(2027, 1, 10))
    )
    item = opened(presidency, project, clerk)
    decision = live.proclaim(item=item, outcome="adopted", text="Déposée.", by=president, at=NOW)
    assert [list(services.delegated_since(one)) for one in (before, after, later)] == [[], [decision], []]
    client.force_login(clerk)
    text = client.get(reverse("projects:delegated_report", args=[after.pk])).text
    assert project.reference in text and f"L.{NBSP}5211-10" in text
    client.force_login(make_member(epci, Role.COUNCILLOR))
    assert (
        project.reference not in client.get(reverse("projects:delegated_report", args=[after.pk])).text
    )  # not published


def test_the_report_is_printed_in_the_note_and_the_minutes_of_the_conseil_once_published(
    presidency, project, clerk, president, epci
):
    council = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    held = Session.objects.create(intercommunality=epci, body=council, held_on=date(2026, 12, 10))
    after = date(2026, 12, 11)
    item = opened(presidency, project, clerk)
    live.proclaim(item=item, outcome="adopted", text="La demande est déposée.", by=president, at=NOW)

    def printed(session):
        paper, told = paper_of(session, today=after), {"title": "PV", "sentence": "", "today": after}
        note = note_of(session, today=after, with_members=False)
        pdf = render_to_string("projects/pdf/_minutes.html", told | {"paper": paper, "session": session})
        return pdf, "".join(part.html for part in note_document(note).parts)

    for page in printed(held):
        assert "1 décision qui n’est pas encore publiée est dite en séance" in page and "est déposée" not in page
    write_publication(session=item.session, by=clerk, now=NOW)
    for page in printed(held):
        assert project.reference in page and "La demande est déposée." in page and "L.\u00a05211-10" in page
    assert report_at(presidency.sessions.get(), after) is None  # of the conseil alone
    assert report_at(held, date(2026, 11, 14)).unpublished == 1  # minutes settled before say what they said


def report_at(session, day):
    return services.report_to(session, on=day)


def test_a_conseil_that_was_called_off_told_nothing_and_the_next_one_tells_all(presidency, project, clerk, president):
    council = Body.objects.create(
        intercommunality=project.intercommunality, kind="council", name="Conseil", power="deciding"
    )
    off, held = (
        Session.objects.create(intercommunality=project.intercommunality, body=council, held_on=day)
        for day in (date(2026, 12, 1), date(2026, 12, 10))
    )
    off.state, off.cancelled_because = Session.State.CANCELLED, "Verglas"
    off.save()
    item = opened(presidency, project, clerk)
    decision = live.proclaim(item=item, outcome="adopted", text="Déposée.", by=president, at=NOW)
    assert list(services.delegated_since(held)) == [decision]
