"""What may change before a session opens: its day and format, who reports and for how long, or all of it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cooperation.french import hour_fr
from partners.models import Body, ElectedMember, Seat
from projects.ballots import services as live
from projects.ballots import urgency
from projects.ballots.rules import Totals
from projects.deliberation import planning, rules, services
from projects.deliberation.timing import said, timing_of
from projects.models import Project, Session, Status
from tests.factories import make_agent, make_commune, make_coordinator, make_epci, make_project

pytestmark = pytest.mark.django_db
DAY = date(2032, 3, 11)
NOW = timezone.now()


@pytest.fixture
def epci():
    return make_epci()


@pytest.fixture
def clerk(epci):
    return make_coordinator(epci)


def a_session(epci, *, members=3, power="deciding", **fields):
    """A session to come of a body of three, whose first member chairs."""
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power=power)
    commune = make_commune(epci)
    for rank in range(members):
        member = ElectedMember.objects.create(intercommunality=epci, commune=commune, full_name=f"Membre {rank}")
        Seat.objects.create(body=body, member=member, rank=rank, is_chair=rank == 0)
    return Session.objects.create(intercommunality=epci, body=body, **{"held_on": DAY, **fields})


def an_item(session, clerk, **fields):
    project = make_project(session.intercommunality, status=Status.UNDER_REVIEW, oriented=True)
    return services.add_item(session=session, project=project, by=clerk, **fields)


def test_clear_days_leave_out_the_day_of_sending_and_the_day_of_the_meeting():
    assert rules.clear_days_between(date(2026, 12, 4), date(2026, 12, 10)) == 5
    told = {
        date(2026, 12, 4): rules.Delay.KEPT,
        date(2026, 12, 5): rules.Delay.URGENT,
        date(2026, 12, 8): rules.Delay.URGENT,
        date(2026, 12, 9): rules.Delay.BROKEN,
    }
    assert {day: rules.delay_of(day, date(2026, 12, 10), is_deciding=True) for day in told} == told
    assert rules.delay_of(date(2026, 12, 9), date(2026, 12, 10), is_deciding=False) == rules.Delay.FREE
    assert rules.delay_of(date(2026, 12, 11), date(2026, 12, 10), is_deciding=False) == rules.Delay.BROKEN
    assert rules.latest_sending(date(2026, 12, 10)) == date(2026, 12, 4)
    assert rules.earliest_meeting(rules.latest_sending(DAY, urgent=True), urgent=True) == DAY


def test_hours_follow_from_the_opening_until_an_item_says_no_duration():
    timing = timing_of(time(18, 30), [45, 20, None, 10])
    assert [hour_fr(hour) for hour in timing.hours] == [
        "18\u00a0h\u00a030",
        "19\u00a0h\u00a015",
        "19\u00a0h\u00a035",
        "",
    ]
    assert (timing.total, timing.unknown, timing.ends_at) == (75, 1, None)
    assert timing_of(time(23, 30), [45]).ends_at == time(0, 15)
    assert timing_of(None, [45]).hours == [None]
    assert [said(minutes) for minutes in (45, 120, 75)] == ["45\u00a0min", "2\u00a0h", "1\u00a0h\u00a015"]


def test_moving_a_convened_session_asks_to_convene_it_again(epci, clerk):
    session = a_session(epci, state="convened")
    same = planning.change_session(session=session, values={"place": ""}, by=clerk)
    assert same.state == Session.State.CONVENED
    moved = planning.change_session(session=session, values={"held_on": DAY + timedelta(days=7)}, by=clerk)
    assert moved.state == Session.State.PLANNED
    assert "À convoquer de nouveau" in moved.history.first().history_change_reason
    with pytest.raises(PermissionDenied):
        planning.change_session(session=session, values={"place": "Ailleurs"}, by=make_agent(epci))


def test_a_session_called_off_gives_its_projects_back_and_opens_no_more(epci, clerk):
    session = a_session(epci)
    project = an_item(session, clerk).project
    with pytest.raises(ValidationError, match="pourquoi"):
        planning.cancel_session(session=session, reason=" ", by=clerk)
    cancelled = planning.cancel_session(session=session, reason="Salle inondée", by=clerk)
    assert (cancelled.state, cancelled.items.count()) == (Session.State.CANCELLED, 0)
    assert Project.objects.get(pk=project.pk).status == Status.UNDER_REVIEW
    assert "Salle inondée" in project.moves.last().reason
    with pytest.raises(ValidationError, match="Annulée"):
        services.open_session(session=session, in_office=3, present=3, powers=0, by=clerk, on=DAY)
    with pytest.raises(ValidationError, match="annulée"):
        an_item(session, clerk)
    with pytest.raises(ValidationError, match="Annulée"):
        planning.change_session(session=session, values={"place": "Ailleurs"}, by=clerk)


def test_a_member_or_a_service_reports_an_item(epci, clerk):
    session = a_session(epci)
    item = an_item(session, clerk)
    member = services.members_on(session.body, DAY).first()
    values = {"rapporteur_member": member, "rapporteur": "", "minutes_planned": 20, "asked": "", "draft": "Article 1er"}
    assert planning.write_item(item=item, values=values, by=clerk).rapporteur == "Membre 0"
    values |= {"rapporteur_member": None, "rapporteur": "Service de l’eau"}
    assert planning.write_item(item=item, values=values, by=clerk).rapporteur == "Service de l’eau"
    with pytest.raises(ValidationError):
        planning.write_item(item=item, values={"minutes_planned": 601}, by=clerk)


def test_pages_show_the_hours_and_refuse_two_reporters(client, epci, clerk):
    session = a_session(epci, held_at=time(18, 30))
    item = an_item(session, clerk, minutes_planned=45)
    client.force_login(clerk, "allauth.account.auth_backends.AuthenticationBackend")
    member = services.members_on(session.body, DAY).first()
    address = f"/seances/points/{item.pk}/modifier/"
    refused = client.post(address, {"rapporteur_member": member.pk, "rapporteur": "Un service"})
    assert "pas les deux" in refused.text
    client.post(address, {"rapporteur_member": member.pk, "minutes_planned": "45"})
    page = client.get(f"/seances/{session.pk}/").text.replace("\u00a0", " ")
    assert "18 h 30" in page and "fin prévue à 19 h 15" in page and "Membre 0" in page
    client.post(f"/seances/{session.pk}/modifier/", {"held_on": DAY, "held_at": "19:00", "format": "both"})
    assert "sur place et en visioconférence" in client.get(f"/seances/{session.pk}/").text


def test_an_item_that_comes_too_late_for_the_convocation_is_urgent(client, epci, clerk):
    today = timezone.localdate()
    session = a_session(epci, state="convened", held_on=today + timedelta(days=4))
    project = make_project(epci, status=Status.UNDER_REVIEW, oriented=True)
    client.force_login(clerk, "allauth.account.auth_backends.AuthenticationBackend")
    refused = client.post(f"/seances/{session.pk}/ordre-du-jour/", {"project": project.pk})
    assert refused.status_code == 422 and "point urgent" in refused.text
    client.post(f"/seances/{session.pk}/urgence/", {"project": project.pk, "reason": "La subvention expire."})
    assert session.items.get().urgency.reason == "La subvention expire."


@pytest.mark.parametrize(("form", "kind", "told"), [("remote", "secret", "ajournez"), ("both", "ordinary", "public")])
def test_at_a_distance_only_a_public_ballot_is_possible(epci, clerk, form, kind, told):
    session = a_session(epci, format=form)
    item = an_item(session, clerk)
    live.open_sitting(session=session, present=list(session.body.seats.all()), by=clerk, at=NOW, ahead=True)
    refused = {"item": item, "majority": "simple", "by": clerk, "at": NOW}
    with pytest.raises(ValidationError, match=told):
        live.open_ballot(kind=kind, **refused)
    typed = {"ballot": kind, "in_office": 3, "present": 3, "powers": 0, "votes_for": 3, "votes_against": 0}
    typed |= {"abstentions": 0, "blank_votes": 0, "not_taking_part": 0, "chair_votes_for": None}
    assert "ballot" in services.faults_of(session, typed | {"outcome": "adopted", "text": ""})
    assert not services.faults_of(session, typed | {"votes_for": None, "votes_against": None, "abstentions": None}
                                  | {"outcome": "deferred", "text": "Scrutin secret demandé."})  # fmt: skip
    assert live.open_ballot(kind="public", **refused).is_open


@pytest.mark.parametrize(("votes", "accepted"), [((2, 1), True), ((1, 2), False)])
def test_the_body_decides_on_the_urgency_before_the_item(epci, clerk, votes, accepted):
    session = a_session(epci, state="convened")
    project = make_project(epci, status=Status.UNDER_REVIEW, oriented=True)
    item = urgency.add_urgent_item(session=session, project=project, reason="Échéance", by=clerk, at=NOW)
    live.open_sitting(session=session, present=list(session.body.seats.all()), by=clerk, at=NOW, ahead=True)
    ballot = {"item": item, "kind": "ordinary", "majority": "simple", "by": clerk, "at": NOW}
    with pytest.raises(ValidationError, match="d’abord sur l’urgence"):
        live.open_ballot(**ballot)
    with pytest.raises(ValidationError, match="d’abord sur l’urgence"):
        live.proclaim(item=item, outcome="taken_note", text="", by=clerk, at=NOW)
    with pytest.raises(ValidationError, match="votants"):
        urgency.settle(session=session, totals=Totals(9), chair_votes_for=None, by=clerk, at=NOW)
    vote = {"session": session, "totals": Totals(*votes), "chair_votes_for": None, "by": clerk, "at": NOW}
    assert urgency.settle(**vote) is accepted
    with pytest.raises(ValidationError, match="Aucun point"):
        urgency.settle(**vote)
    item.refresh_from_db()
    if accepted:
        assert live.open_ballot(**ballot).is_open
    else:
        with pytest.raises(ValidationError, match="n’a pas admis"):
            live.open_ballot(**ballot)
        told = {"text": "Urgence refusée.", "by": clerk, "at": NOW}
        assert live.proclaim(item=item, outcome="deferred", **told).outcome == "deferred"


def test_the_desk_asks_for_the_vote_on_the_urgency(client, epci, clerk):
    session = a_session(epci, state="convened")
    project = make_project(epci, status=Status.UNDER_REVIEW, oriented=True)
    urgency.add_urgent_item(session=session, project=project, reason="Échéance", by=clerk, at=NOW)
    live.open_sitting(session=session, present=list(session.body.seats.all()), by=clerk, at=NOW, ahead=True)
    client.force_login(clerk, "allauth.account.auth_backends.AuthenticationBackend")
    desk = f"/seances/{session.pk}/tenir/"
    assert "Se prononcer sur l’urgence" in client.get(desk).text
    told = {"urgence-votes_for": 3, "urgence-votes_against": 0, "urgence-abstentions": 0}
    client.post(f"/seances/{session.pk}/urgence/vote/", told)
    page = client.get(desk).text
    assert "Se prononcer sur l’urgence" not in page and "admise par 3 voix pour" in page


def test_without_any_body_the_page_says_what_comes_first_instead_of_an_empty_list(epci, clerk, client):
    client.force_login(clerk)
    page = client.get("/seances/nouvelle/").text
    assert "Aucune instance n’est encore inscrite" in page and "<select" not in page
    Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    assert "<select" in client.get("/seances/nouvelle/").text
