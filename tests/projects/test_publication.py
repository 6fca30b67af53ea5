"""Decisions are published together when the chair says so; a slip is put right beside the decision, never in it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partners.governance.models import Body, ElectedMember, Seat
from partners.people.models import Role
from projects.deliberation import act_services
from projects.deliberation.sealing import seal_decision, totals_of
from projects.minutes.sealing import KINDS
from projects.models import AgendaItem, Decision, Publication, SealedRecord, Session, Status
from projects.report.content import gather
from projects.seal.checking import check
from tests.factories import make_commune, make_coordinator, make_epci, make_member, make_project

pytestmark = pytest.mark.django_db
COUNT = {
    "in_office": 48, "present": 41, "powers": 5, "not_taking_part": 0, "votes_for": 38, "votes_against": 5,
    "abstentions": 3, "blank_votes": 0,
}  # fmt: skip


@pytest.fixture
def sitting():
    """A closed session with one decision, its coordinator, its chair, another member and a municipal councillor."""
    epci = make_epci()
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    chair = make_member(epci, Role.ELECTED, "Hélène Marchadier")
    member = ElectedMember.objects.create(
        intercommunality=epci, commune=make_commune(epci), full_name="Hélène Marchadier", user=chair
    )
    Seat.objects.create(body=body, member=member, is_chair=True, starts_on=date(2026, 4, 9))
    session = Session.objects.create(
        intercommunality=epci, body=body, held_on=date(2026, 6, 25), state="closed", in_office=48, present=41, powers=5
    )
    project = make_project(epci, status=Status.ADOPTED, title="Cuisine centrale")
    item = AgendaItem.objects.create(intercommunality=epci, session=session, project=project)
    Decision.objects.create(
        intercommunality=epci, item=item, outcome="adopted", text="Le conseil adopte la cuisine centrale.",
        proclaimed_at=timezone.now(), **COUNT,
    )  # fmt: skip
    people = {
        "coordinator": make_coordinator(epci),
        "chair": chair,
        "elected": make_member(epci, Role.ELECTED, "Luc Bastien"),
        "councillor": make_member(epci, Role.COUNCILLOR, "Jeanne Morel"),
    }
    return session, item, people


def sees(client, user, item):
    """Whether the person opens the decision, finds it in the register, and reads its words anywhere."""
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("projects:decision", args=[item.pk])).status_code
    listed = client.get(reverse("projects:register")).content.decode()
    told = [client.get(reverse("projects:session", args=[item.session_id])).content.decode(), listed]
    if user.memberships.get().role != Role.COUNCILLOR:
        told.append(client.get(reverse("projects:detail", args=[item.project_id])).content.decode())
    if page == 404:
        assert client.get(reverse("projects:decisions_print", args=[item.session_id])).status_code == 404
    return page == 200, "Cuisine centrale" in listed, any("adopte la cuisine" in one for one in told)


def test_before_publication_the_chair_and_the_coordination_alone_read_decisions(client, sitting):
    _, item, people = sitting
    assert sees(client, people["elected"], item) == (False, False, False)
    assert sees(client, people["councillor"], item) == (False, False, False)
    assert sees(client, people["chair"], item)[:2] == (True, True)
    assert sees(client, people["coordinator"], item)[:2] == (True, True)


def test_once_published_every_reader_of_sessions_reads_them(client, sitting):
    session, item, people = sitting
    act_services.publish_decisions(session=session, by=people["chair"], now=timezone.now())
    assert sees(client, people["elected"], item)[:2] == (True, True)
    assert sees(client, people["councillor"], item)[:2] == (True, True)


def test_the_printed_report_tells_published_decisions_alone(sitting):
    session, _, people = sitting
    epci = session.intercommunality

    def printed():
        return [d for sheet in gather(epci, user=None, today=date(2026, 11, 23)).sheets for d in sheet.decisions]

    assert printed() == []
    act_services.publish_decisions(session=session, by=people["chair"], now=timezone.now())
    assert len(printed()) == 1


def test_only_the_chair_or_the_coordination_publishes_a_closed_session_once(sitting):
    session, _, people = sitting
    for name in ("elected", "councillor"):
        with pytest.raises(PermissionDenied):
            act_services.publish_decisions(session=session, by=people[name], now=timezone.now())
    Session.objects.filter(pk=session.pk).update(state="open")
    with pytest.raises(ValidationError, match="pas close"):
        act_services.publish_decisions(session=session, by=people["chair"], now=timezone.now())
    Session.objects.filter(pk=session.pk).update(state="closed")
    act_services.publish_decisions(session=session, by=people["chair"], now=timezone.now())
    with pytest.raises(ValidationError, match="déjà publiées"):
        act_services.publish_decisions(session=session, by=people["coordinator"], now=timezone.now())
    assert SealedRecord.objects.get().kind == "publication"


def test_the_coordination_says_that_the_chair_asked(client, sitting):
    session, _, people = sitting
    address = reverse("projects:session_publish", args=[session.pk])
    client.force_login(people["coordinator"], "allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(address).status_code == 422
    assert not Publication.objects.exists()
    assert client.post(address, {"asked": "on"}).status_code == 302
    assert Publication.objects.get().published_by_name == "Paul-Arnaud Lessieur"


def test_the_chair_of_another_day_publishes_nothing(sitting):
    session, _, people = sitting
    Seat.objects.filter(is_chair=True).update(starts_on=date(2026, 7, 1))
    with pytest.raises(PermissionDenied):
        act_services.publish_decisions(session=session, by=people["chair"], now=timezone.now())


def correct(decision, by, counts=None, **changes):
    told = {"reason": "Une voix a été comptée deux fois.", "text": decision.text} | changes
    return act_services.correct(
        decision=decision, by=by, now=timezone.now(), counts=totals_of(decision) | (counts or {}), **told
    )


def test_a_correction_stands_beside_the_decision_with_its_own_seal(client, sitting):
    session, item, people = sitting
    decision = item.decision
    correct(decision, people["coordinator"], {"votes_for": 37, "abstentions": 4})
    decision.refresh_from_db()
    assert decision.votes_for == 38
    assert act_services.standing(decision).votes_for == 37
    assert SealedRecord.objects.get().told["votes_for"] == 37
    seal_decision(decision, by=people["coordinator"], now=timezone.now())
    client.force_login(people["chair"], "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("projects:decision", args=[item.pk])).content.decode()
    assert "Rectification n° 1" in page and "Pour : 37, au lieu de 38" in page and "<td>38</td>" in page
    there = decision.present + decision.powers - decision.not_taking_part
    assert f'<th scope="row">Votants</th><td>{there}</td>' in page
    assert f'<a href="{item.project.get_absolute_url()}">Voir la page du projet</a>' in page
    assert "<summary>Empreinte, pour vérifier</summary>" in page
    assert [str(one) for one in check(session.intercommunality, kinds=KINDS) if "orrection" in str(one)] == []


@pytest.mark.parametrize(
    ("counts", "changes", "words"),
    [
        ({}, {}, "Rien ne change"),
        ({}, {"reason": " ", "text": "Autre"}, "Dites ce qui était inexact"),
        ({"votes_for": 37}, {}, "45 pour 46 votants"),
        ({"votes_for": 20, "votes_against": 23}, {}, "nouvelle délibération"),
        ({"present": 49}, {}, "49 présents pour 48"),
    ],
)
def test_a_correction_that_says_nothing_or_changes_the_outcome_is_refused(sitting, counts, changes, words):
    _, item, people = sitting
    with pytest.raises(ValidationError, match=words):
        correct(item.decision, people["coordinator"], counts, **changes)


def test_only_the_coordination_corrects_and_never_its_own_proposal(sitting):
    _, item, people = sitting
    with pytest.raises(PermissionDenied):
        correct(item.decision, people["chair"], text="Autre")
    item.project.author = people["coordinator"]
    item.project.save()
    with pytest.raises(ValidationError, match="Vous avez proposé"):
        correct(Decision.objects.get(), people["coordinator"], text="Autre")
