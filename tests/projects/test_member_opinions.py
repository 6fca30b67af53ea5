"""A member says what they think of an item before the session opens; members and coordination read it."""

from __future__ import annotations

import io
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cooperation.printing import print_in_parts
from partners.models import Body, ElectedMember, Seat
from partners.people.models import Role
from projects.ballots.models import BallotPosition, Withdrawal
from projects.briefing.content import gather
from projects.briefing.documents import note_document
from projects.convocation.opinion_models import MemberOpinion
from projects.convocation.opinion_reads import count_said, opinions_in
from projects.convocation.opinion_rules import Moment, fault_of_opinion
from projects.convocation.opinion_services import give_opinion
from projects.deliberation import services as sessions
from projects.models import AgendaItem, Decision, Interest, Session, Status
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_opinion,
    make_opinion_request,
    make_project,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORDS = {"words": "Le phasage reste à écrire.", "capacity": "maire, Bréauval"}


@pytest.fixture
def world():
    """A council convened with one item; two members, a substitute, a councillor, a coordinator."""
    epci = make_epci(name="Val d’Orvelle")
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    commune = make_commune(epci)
    users = {}
    seats = []
    for rank, name in enumerate(("Hélène", "Luc", "Odile")):
        users[name] = make_member(epci, Role.ELECTED, name, commune=commune)
        member = ElectedMember.objects.create(
            intercommunality=epci, commune=commune, full_name=name, user=users[name], municipal_office="maire"
        )
        if name == "Odile":
            seats[1].substitute = member
            seats[1].save()
        else:
            seats.append(Seat.objects.create(body=body, member=member, rank=rank, function=f"fonction {rank}"))
    users["Jeanne"] = make_member(epci, Role.COUNCILLOR, "Jeanne", commune=commune)
    users["Clerk"] = make_coordinator(epci)
    session = Session.objects.create(
        intercommunality=epci, body=body, held_on=date(2032, 3, 11), held_at=time(18, 30), place="Mairie"
    )
    project = make_project(epci, title="Bus des jeunes", status=Status.UNDER_REVIEW, oriented=True)
    item = sessions.add_item(session=session, project=project, by=users["Clerk"], minutes_planned=30)
    session.state = Session.State.CONVENED
    session.save()
    return users, item


def said(item, by, position="favourable", now=NOW, **told):
    return give_opinion(item=item, by=by, position=position, now=now, **(WORDS | told))


def test_an_opinion_changes_until_the_opening_and_each_version_is_kept(world):
    users, item = world
    first = said(item, users["Luc"])
    assert (first.number, first.project_version, first.capacity) == (1, item.project.version, "maire, Bréauval")
    second = said(item, users["Luc"], "reserved", words="Il manque un arrêt.")
    assert (second.number, MemberOpinion.objects.standing().get()) == (2, second)
    item.project.need = "Autre constat"
    item.project.version += 1
    item.project.save()
    [line] = opinions_in(item.session)[item.project_id]
    assert line.label == "Favorable avec réserves" and line.has_changed and len(line.former) == 1
    sessions.open_session(
        session=item.session, in_office=2, present=2, powers=0, by=users["Clerk"], on=item.session.held_on
    )
    with pytest.raises(ValidationError, match="ne changent plus"):
        said(item, users["Luc"])


def test_only_members_and_substitutes_speak_and_reservations_say_which(world):
    users, item = world
    assert said(item, users["Odile"]).member.full_name == "Odile"
    for name in ("Jeanne", "Clerk"):
        with pytest.raises(PermissionDenied):
            said(item, users[name])
    with pytest.raises(ValidationError, match="réserves"):
        said(item, users["Luc"], "unfavourable", words="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberOpinion.objects.filter(member__full_name="Odile").update(position="unfavourable", words="")


def test_an_opinion_waits_for_the_convocation_and_a_withdrawal_forbids_it(world):
    assert not fault_of_opinion(Moment.OPEN, sits=True, has_withdrawn=False)
    assert "convocation" in fault_of_opinion(Moment.BEFORE, sits=True, has_withdrawn=False)
    assert "membres" in fault_of_opinion(Moment.OPEN, sits=False, has_withdrawn=False)
    users, item = world
    elsewhere = Session.objects.create(
        intercommunality=item.intercommunality, body=item.session.body, held_on=date(2031, 1, 1), state="closed"
    )
    before = AgendaItem.objects.create(intercommunality=item.intercommunality, session=elsewhere, project=item.project)
    seat = Seat.objects.get(member__full_name="Luc")
    Withdrawal.objects.create(
        intercommunality=item.intercommunality, item=before, seat=seat, reason="Préside", recorded_at=NOW
    )
    with pytest.raises(ValidationError, match="déporté"):
        said(item, users["Luc"])
    assert said(item, users["Hélène"]).pk


def test_a_member_gives_an_opinion_from_the_file_of_the_item_and_others_do_not_read_it(client, world):
    users, item = world
    address = f"/seances/points/{item.pk}/"
    client.force_login(users["Luc"], BACKEND)
    page = client.get(address).text
    assert "Donner mon avis" in page and "fonction 1" in page and "maire, Bréauval" in page
    refused = client.post(address, {"position": "unfavourable", "words": "", "capacity": "fonction 1"})
    assert refused.status_code == 422 and "Écrivez vos réserves" in refused.text
    client.post(address, {"position": "unfavourable", "words": "Trop cher.", "capacity": "fonction 1"})
    assert "Trop cher." in client.get(address).text
    forged = client.post(address, {"position": "favourable", "words": "", "capacity": "préfète"})
    assert forged.status_code == 422
    for name, reads in (("Hélène", True), ("Odile", True), ("Clerk", True), ("Jeanne", False)):
        client.force_login(users[name], BACKEND)
        assert ("Trop cher." in client.get(address).text) is reads
    agent = make_agent(item.intercommunality)
    client.force_login(agent, BACKEND)
    assert client.get(address).status_code == 404
    assert not BallotPosition.objects.exists()  # no vote is filled in by it


def test_the_file_of_an_item_that_is_decided_leads_to_its_decision_once_it_may_be_read(client, world):
    users, item = world
    Decision.objects.create(intercommunality=item.intercommunality, item=item, outcome="adopted", proclaimed_at=NOW)
    page, asked = f"/seances/points/{item.pk}/", "Il est demandé de délibérer"
    for name, reads in (("Clerk", True), ("Jeanne", False)):
        client.force_login(users[name], BACKEND)
        shown = client.get(page).text
        assert (f'href="{page}decision/"' in shown, asked in shown) == (reads, not reads)


def test_the_file_takes_the_same_number_of_queries_whatever_is_said(client, world, django_assert_num_queries):
    users, item = world
    address = f"/seances/points/{item.pk}/"
    client.force_login(users["Luc"], BACKEND)
    said(item, users["Luc"])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for name in ("Hélène", "Odile", "Luc"):
        said(item, users[name])
    with django_assert_num_queries(len(few)):
        client.get(address)


def words_of(pdf):
    from pdfminer.high_level import extract_text

    return " ".join(extract_text(io.BytesIO(pdf)).replace("-\n", "").split())


def a_full_project(item):
    """What the note says of a project, and words that it never says."""
    project = item.project
    project.recommendation, project.remark, project.lead_officer = "AVISDESSERVICES", "REMARQUE", "OFFICIER"
    project.save()
    actor = make_actor(project, "CAF")
    Interest.objects.create(
        intercommunality=project.intercommunality, actor=actor, text="GAGNERDUTEMPS", fears="CRAINTE"
    )
    Interest.objects.create(
        intercommunality=project.intercommunality, actor=actor, text="INTERETCACHE", visibility="own"
    )
    request = make_opinion_request(project)
    make_opinion(request, by=make_agent(project.intercommunality), words="AVISDUSERVICEURBANISME")
    item.draft, item.asked = "Article unique : le projet est adopté.", "Il est demandé d’adopter le plan."
    item.save()


def test_the_note_says_what_the_body_must_know_and_nothing_private(world):
    users, item = world
    a_full_project(item)
    said(item, users["Luc"], "reserved")
    for_all = gather(item.session, today=date(2032, 3, 1), with_members=False)
    html = "".join(part.html for part in note_document(for_all).parts)
    for told in (
        "Bus des jeunes", "Il est demandé d’adopter le plan.", "Article unique", "GAGNERDUTEMPS", "Mairie",
        "AVISDUSERVICEURBANISME", item.project.shared_objective, "18\u00a0h\u00a030", "19\u00a0h",
    ):  # fmt: skip
        assert told in html
    for kept in ("CRAINTE", "INTERETCACHE", "REMARQUE", "OFFICIER", "AVISDESSERVICES", "Le phasage reste à écrire"):
        assert kept not in html
    for_members = note_document(gather(item.session, today=date(2032, 3, 1), with_members=True))
    assert "Le phasage reste à écrire" in for_members.parts[-1].html
    pack = note_document(gather(item.session, today=date(2032, 3, 1), with_members=False, with_sheets=True))
    assert pack.title.startswith("Dossier de séance") and "CRAINTE" not in pack.parts[-1].html
    internal = gather(item.session, today=date(2032, 3, 1), with_members=True, with_sheets=True, internal=True)
    assert "CRAINTE" in note_document(internal).parts[-1].html


def test_the_note_and_the_pack_are_accessible_and_name_their_pages(world):
    users, item = world
    a_full_project(item)
    said(item, users["Luc"], "reserved")
    note = gather(item.session, today=date(2032, 3, 1), with_members=True, with_sheets=True)
    pdf = print_in_parts(note_document(note)).content
    page = pytest.importorskip("page")
    assert page.validate_pdf_bytes(pdf).rules.failed == 0
    words = words_of(pdf)
    for told in (
        "Ordre du jour",
        "Ce qui est demandé",
        "Les avis des membres",
        "Bus des jeunes",
        "par délégation",
        "page 2 sur 5",
    ):
        assert told in words


def test_readers_take_away_their_own_note_once_the_session_is_convened(client, world):
    users, item = world
    said(item, users["Luc"], "reserved")
    address = f"/seances/{item.session_id}/note-de-synthese/"
    for name, annexe in (("Hélène", True), ("Jeanne", False)):
        client.force_login(users[name], BACKEND)
        answer = client.get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert ("Le phasage reste" in words_of(answer.content)) is annexe
    Session.objects.filter(pk=item.session_id).update(state=Session.State.PLANNED)
    assert client.get(address).status_code == 404
    client.force_login(users["Clerk"], BACKEND)
    assert client.get(address).status_code == 200
    empty = Session.objects.create(
        intercommunality=item.intercommunality, body=item.session.body, held_on=date(2032, 3, 11) + timedelta(days=7)
    )
    assert "ordre du jour est vide" in client.get(f"/seances/{empty.pk}/dossier/", follow=True).text


def test_the_note_takes_the_same_number_of_queries_whatever_the_agenda(world, django_assert_num_queries):
    users, item = world

    def read():
        return gather(Session.objects.get(pk=item.session_id), today=date(2032, 3, 1), with_members=True)

    with CaptureQueriesContext(connection) as few:
        read()
    for number in range(4):
        project = make_project(
            item.intercommunality, title=f"Projet {number}", status=Status.UNDER_REVIEW, oriented=True
        )
        sessions.add_item(session=item.session, project=project, by=users["Clerk"])
    with django_assert_num_queries(len(few)):
        assert len(read().items) == 5


def test_the_count_follows_the_order_of_positions_not_of_names(world):
    users, item = world
    said(item, users["Luc"], "unfavourable")
    said(item, users["Hélène"])
    assert count_said(opinions_in(item.session)[item.project_id]) == "2 avis : 1 favorable, 1 défavorable"
    assert count_said([]) == ""


def test_several_opinions_alike_agree_in_number(world):
    users, item = world
    for name in ("Luc", "Hélène"):
        said(item, users[name])
    assert count_said(opinions_in(item.session)[item.project_id]) == "2 avis : 2 favorables"
