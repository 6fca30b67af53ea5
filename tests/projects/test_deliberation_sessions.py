"""A session is planned, composed, opened, decided and closed by those who may, and read by those who see it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.models import Body, User
from projects.deliberation import services
from projects.models import AgendaItem, Decision, Project, Session, Status
from territories.models import Intercommunality

VOTES = {
    "ballot": "ordinary", "in_office": 48, "present": 41, "powers": 5, "votes_for": 38, "votes_against": 5,
    "abstentions": 3, "outcome": "adopted", "text": "Le projet est adopté.",
}  # fmt: skip


@pytest.fixture
def council(demo_territory, db) -> Body:
    return Body.objects.get(kind=Body.Kind.COUNCIL)


def person(email: str) -> User:
    return User.objects.get(email=email)


def coordinator() -> User:
    return person("dgs@ccvo.example")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def planned(body: Body, on: date = date(2032, 3, 1)) -> Session:
    return Session.objects.create(intercommunality=body.intercommunality, body=body, held_on=on)


def ready(body: Body) -> list[Project]:
    """Two projects under review that were judged against the mandate."""
    found = list(Project.objects.of(body.intercommunality).filter(status=Status.UNDER_REVIEW)[:2])
    for project in found:
        project.fits_no_orientation, project.orientation_statement = True, "Une urgence."
        project.save()
    return found


def held(body: Body, powers: int = 5) -> AgendaItem:
    """The first item of an open session."""
    session = planned(body)
    for project in ready(body):
        services.add_item(session=session, project=project, by=coordinator())
    services.open_session(
        session=session, in_office=48, present=41, powers=powers, by=coordinator(), on=session.held_on
    )
    return session.items.first()


def test_a_session_is_prepared_before_its_day_and_held_on_it(council):
    """What stands first on its page is what is to be done next."""
    today = timezone.localdate()

    def first(on):
        session = planned(council, on)
        Session.objects.filter(pk=session.pk).update(state=Session.State.CONVENED)
        links = signed_in(coordinator()).get(reverse("projects:session", args=[session.pk])).context["live"]
        assert [link["label"] for link in links].count("Tenir la séance") == 1
        return links[0]["label"]

    assert first(today + timedelta(days=1)) == "Note de synthèse (PDF)"
    assert first(today) == first(today - timedelta(days=1)) == "Tenir la séance"


def test_members_and_councillors_read_the_sessions_and_agents_do_not(council):
    session = planned(council)
    assert signed_in(coordinator()).get(f"/seances/{session.pk}/").status_code == 200
    agent = signed_in(person("agent@ccvo.example"))
    assert agent.get("/seances/").status_code == 403
    assert agent.get(f"/seances/{session.pk}/").status_code == 404
    assert agent.post(f"/seances/{session.pk}/ouvrir/").status_code == 404


def test_a_session_of_another_territory_is_not_found(council):
    other = Intercommunality.objects.create(siren="200000002", name="Autre communauté")
    body = Body.objects.create(intercommunality=other, kind="council", name="Conseil", power="deciding")
    session = planned(body)
    client = signed_in(coordinator())
    assert client.get(f"/seances/{session.pk}/").status_code == 404
    assert client.post(f"/seances/{session.pk}/clore/").status_code == 404


def test_the_list_and_the_agenda_take_the_same_number_of_queries(council, django_assert_num_queries):
    client, session = signed_in(coordinator()), planned(council)
    services.add_item(session=session, project=ready(council)[0], by=coordinator())
    addresses = ("/seances/", f"/seances/{session.pk}/")
    counts = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        counts[address] = len(few)
    for number in range(10):
        planned(council, date(2033, 1, 1) + timedelta(days=number))
        project = Project.objects.carried()[number]
        AgendaItem.objects.create(
            intercommunality=session.intercommunality, session=session, project=project, position=number + 2
        )
    for address in addresses:
        with django_assert_num_queries(counts[address]):
            client.get(address)


def test_a_date_too_near_for_the_legal_delay_is_questioned_before_anything_is_written(council):
    client, soon = signed_in(coordinator()), timezone.localdate() + timedelta(days=3)
    assert "cinq jours francs" in client.get("/seances/nouvelle/").text
    form = {"body": council.pk, "held_on": soon.isoformat()}
    before = Session.objects.count()
    assert "moins de cinq jours francs" in client.post("/seances/nouvelle/", form).text
    assert Session.objects.count() == before
    tomorrow = soon - timedelta(days=2)
    too_soon = client.post("/seances/nouvelle/", form | {"held_on": tomorrow.isoformat(), "notice": "urgent"})
    assert "Même en urgence" in too_soon.text
    assert Session.objects.count() == before
    client.post("/seances/nouvelle/", form | {"notice": "urgent"})
    session = Session.objects.get(held_on=soon)
    assert "urgence" in session.history.first().history_change_reason


def test_a_body_that_advises_and_a_date_far_enough_are_not_questioned(council):
    client, soon = signed_in(coordinator()), timezone.localdate() + timedelta(days=1)
    bureau = Body.objects.filter(power=Body.Power.ADVISORY).first()
    for body, day in ((bureau, soon), (council, soon + timedelta(days=5))):
        client.post("/seances/nouvelle/", {"body": body.pk, "held_on": day.isoformat()})
        assert Session.objects.filter(body=body, held_on=day).exists()


def test_a_second_convocation_waits_three_clear_days_after_the_session_without_quorum(council):
    client, day = signed_in(coordinator()), date(2032, 3, 1)
    form = {"body": council.pk, "is_second_convocation": "on"}
    Session.objects.filter(body=council, state=Session.State.CLOSED).update(state=Session.State.PLANNED)
    nothing_before = client.post("/seances/nouvelle/", form | {"held_on": day.isoformat()})
    assert "qui n’a pas réuni le quorum" in nothing_before.text
    missed = planned(council, day)
    services.open_session(session=missed, in_office=48, present=20, powers=0, by=coordinator(), on=day)
    too_soon = client.post("/seances/nouvelle/", form | {"held_on": (day + timedelta(days=3)).isoformat()})
    assert "L.\xa02121-17" in too_soon.text
    assert not Session.objects.filter(is_second_convocation=True).exists()
    client.post("/seances/nouvelle/", form | {"held_on": (day + timedelta(days=4)).isoformat()})
    assert Session.objects.get(is_second_convocation=True).held_on == date(2032, 3, 5)


def test_a_session_that_decided_once_its_members_had_come_calls_for_no_second_convocation(council):
    """Opened without the quorum, it waited for it: what was decided does not come back before fewer members."""
    late = Session.objects.create(intercommunality=council.intercommunality, body=council, held_on=date(2032, 3, 1))
    item = services.add_item(session=late, project=ready(council)[0], by=coordinator())
    services.open_session(session=late, in_office=48, present=20, powers=0, by=coordinator(), on=late.held_on)
    again = Session(intercommunality=council.intercommunality, body=council, held_on=date(2032, 3, 8))
    assert services.fault_of_second_convocation(again) == ""
    signed_in(coordinator()).post(reverse("projects:decide", args=[item.pk]), VOTES)
    assert Decision.objects.get(item=item).outcome == "adopted"
    assert "qui n’a pas réuni le quorum" in services.fault_of_second_convocation(again)


def test_no_project_goes_on_an_agenda_without_having_been_judged_against_the_mandate(council):
    session, project = planned(council), ready(council)[0]
    Project.objects.filter(pk=project.pk).update(fits_no_orientation=False)
    project.orientation_fits.all().delete()
    answer = signed_in(coordinator()).post(f"/seances/{session.pk}/ordre-du-jour/", {"project": project.pk})
    assert answer.status_code == 422
    assert "Rattachez d’abord le projet à une orientation" in answer.text
    assert not session.items.exists()


def test_a_project_of_another_territory_does_not_go_on_the_agenda(council):
    other = Intercommunality.objects.create(siren="200000002", name="Autre communauté")
    stranger = Project.objects.create(
        intercommunality=other,
        reference="X1",
        shared_objective="Ensemble",
        status=Status.UNDER_REVIEW,
        submitted_at=timezone.now(),
    )
    session = planned(council)
    answer = signed_in(coordinator()).post(f"/seances/{session.pk}/ordre-du-jour/", {"project": stranger.pk})
    assert answer.status_code == 422
    with pytest.raises(ValidationError, match="celui de votre intercommunalité"):
        services.add_item(session=session, project=stranger, by=coordinator())


def test_one_s_own_proposal_is_not_offered_for_the_agenda(council):
    session, project = planned(council), ready(council)[0]
    Project.objects.filter(pk=project.pk).update(author=coordinator())
    page = signed_in(coordinator()).get(f"/seances/{session.pk}/")
    assert project not in page.context["agenda_form"].fields["project"].queryset
    with pytest.raises(ValidationError, match="une autre personne"):
        services.add_item(session=session, project=project, by=coordinator())


def refused_for(session: Session, typed: str) -> str:
    """What the coordinator is told of what they typed for the agenda."""
    answer = signed_in(coordinator()).post(f"/seances/{session.pk}/ordre-du-jour/", {"project": typed})
    assert answer.status_code == 422
    [fault] = answer.context["agenda_form"].errors["project"]
    return fault.replace("\xa0", " ")


def test_a_project_that_is_seen_but_not_ready_for_the_agenda_says_what_stops_it(council):
    session, (project, own) = planned(council), ready(council)
    Project.objects.filter(pk=project.pk).update(status=Status.SUBMITTED)
    fault = refused_for(session, f"{project.reference.lower()} et son titre")
    assert fault.startswith(f"{project.reference} ne peut pas être inscrit. « Inscrire à l’ordre du jour » n’est pas")
    assert "le projet est à l’état « Déposé ». Cela se fait à l’état « En instruction » ou « Ajourné »." in fault
    Project.objects.filter(pk=own.pk).update(author=coordinator())
    assert "une autre personne doit l’instruire" in refused_for(session, own.reference)


def test_an_urgent_item_that_is_not_ready_says_it_too(council):
    session, (project, _) = planned(council), ready(council)
    Project.objects.filter(pk=project.pk).update(status=Status.SUBMITTED)
    told = {"project": project.reference, "reason": "Le délai court."}
    page = signed_in(coordinator()).post(reverse("projects:urgent", args=[session.pk]), told)
    assert f"{project.reference} ne peut pas être inscrit." in page.text


def test_nothing_is_told_of_a_project_that_whoever_sets_the_agenda_does_not_see(council):
    session, (draft, _) = planned(council), ready(council)
    Project.objects.filter(pk=draft.pk).update(status=Status.DRAFT, submitted_at=None)
    assert refused_for(session, draft.reference).startswith(f"Aucun projet ne répond à « {draft.reference} »")


def test_buttons_and_dragging_put_the_agenda_in_order(council):
    session = held(council).session
    first, second = session.items.values_list("pk", flat=True)
    client, address = signed_in(coordinator()), f"/seances/{session.pk}/ordre-du-jour/ordre/"
    client.post(address, {"move_id": second, "direction": "up"})
    assert list(session.items.values_list("pk", flat=True)) == [second, first]
    assert client.post(address, {"order": [first, second]}).status_code == 204
    assert client.post(address, {"order": [first]}).status_code == 400
    assert list(session.items.values_list("pk", flat=True)) == [first, second]
    Session.objects.filter(pk=session.pk).update(state=Session.State.CLOSED)
    refused = client.post(address, {"order": [second, first]})
    assert (refused.status_code, "séance est close" in refused.text) == (400, True)
    client.post(address, {"move_id": second, "direction": "up"})
    assert list(session.items.values_list("pk", flat=True)) == [first, second]
    assert "Changer l’ordre" not in client.get(f"/seances/{session.pk}/").text


def test_taking_a_project_off_the_agenda_demands_a_reason(council):
    item = held(council)
    client, address = signed_in(coordinator()), f"/seances/points/{item.pk}/retirer/"
    client.post(address, {"reason": ""})
    assert AgendaItem.objects.filter(pk=item.pk).exists()
    client.post(address, {"reason": "Le plan de financement manque."})
    item.project.refresh_from_db()
    assert item.project.status == Status.UNDER_REVIEW
    assert item.project.moves.last().reason == "Le plan de financement manque."


def test_a_session_that_is_over_is_no_longer_to_come_whatever_its_day(council):
    over, called_off, coming = (planned(council, date(2032, 3, day)) for day in (1, 2, 3))
    Session.objects.filter(pk=over.pk).update(state="closed")
    Session.objects.filter(pk=called_off.pk).update(state="cancelled", cancelled_because="Salle inondée")
    told = signed_in(coordinator()).get("/seances/").context
    ahead, behind = ({one.pk for one in found} for found in (told["upcoming"].rows, told["page"].object_list))
    assert {over.pk, called_off.pk, coming.pk} & ahead == {coming.pk}
    assert {over.pk, called_off.pk, coming.pk} & behind == {over.pk, called_off.pk}


def test_a_session_does_not_open_on_impossible_numbers(council):
    session = planned(council)
    form = {"in_office": 48, "present": 20, "powers": 21, "ahead": "on"}
    answer = signed_in(coordinator()).post(f"/seances/{session.pk}/ouvrir/", form)
    assert answer.status_code == 422
    assert "chaque présent en porte un au plus" in answer.text


def test_a_session_is_opened_ahead_of_its_day_only_by_who_says_that_it_is_meant(council):
    session, client = planned(council), signed_in(coordinator())
    page, opening = f"/seances/{session.pk}/", f"/seances/{session.pk}/ouvrir/"
    numbers = {"in_office": 48, "present": 41, "powers": 0}
    assert "je l’ouvre avant son jour" in client.get(page).text
    refused = client.post(opening, numbers)
    assert refused.status_code == 422 and "cochant la case" in refused.text
    with pytest.raises(ValidationError, match="pour l’ouvrir avant son jour"):
        services.open_session(session=session, **numbers, by=coordinator(), on=date(2032, 2, 29))
    session.refresh_from_db()
    assert session.state == Session.State.PLANNED
    assert client.post(opening, numbers | {"ahead": "on"}).status_code == 302
    assert client.get(page).context["live"][0]["label"] == "Tenir la séance"
    today = planned(council, timezone.localdate())
    assert "avant son jour" not in client.get(f"/seances/{today.pk}/").text  # nothing to ask on its day
    assert client.post(f"/seances/{today.pk}/ouvrir/", numbers).status_code == 302


def test_a_proclaimed_decision_is_read_by_all_and_proclaimed_once(council):
    item, client = held(council), signed_in(coordinator())
    address = f"/seances/points/{item.pk}/decider/"
    assert "46 votants" in client.post(address, VOTES | {"abstentions": 4}).text
    assert client.post(address, VOTES).status_code == 302
    item.project.refresh_from_db()
    assert item.project.status == Status.ADOPTED
    assert "Le projet est adopté." in client.get(f"/seances/points/{item.pk}/decision/").text
    client.post(address, VOTES | {"outcome": "rejected", "votes_for": 5, "votes_against": 38})
    assert Decision.objects.get(item=item).outcome == "adopted"
    with pytest.raises(ValidationError, match="déjà été proclamée"):
        services.proclaim(item=item, values={}, by=coordinator(), at=timezone.now())


def test_a_proclaimed_decision_neither_changes_nor_goes(council):
    decision = Decision.objects.first()
    with pytest.raises(ValidationError, match="ne se modifie pas"):
        decision.save()
    with pytest.raises(ValidationError, match="ne s’efface pas"):
        decision.delete()


def test_a_count_is_checked_without_proclaiming_and_each_fault_stands_beside_its_field(council):
    item, client = held(council), signed_in(coordinator())
    address = f"/seances/points/{item.pk}/decider/"
    page = client.get(address).text
    for title in ("Présence et quorum", "Scrutin", "Résultat et texte"):
        assert f"<h2>{title}</h2>" in page
    faults = {
        "present": VOTES | {"present": 20, "votes_for": 17},
        "votes_for": VOTES | {"abstentions": 4},
        "votes_against": VOTES | {"votes_against": ""},
        "chair_votes_for": VOTES | {"votes_for": 20, "votes_against": 20, "abstentions": 6},
        "outcome": VOTES | {"outcome": "rejected"},
        "text": VOTES | {"outcome": "adopted_modified", "text": ""},
        "not_taking_part_reason": VOTES | {"not_taking_part": 1, "votes_for": 37},
    }
    for field, form in faults.items():
        for asked in ({}, {"check": "1"}):
            assert set(client.post(address, form | asked).context["form"].errors) == {field}
    sound = client.post(address, VOTES | {"check": "1"})
    assert "Rien n’est encore proclamé" in sound.text
    assert [one["value"] for one in sound.context["totals"]] == ["46", "46", "43", "adopté"]
    assert not Decision.objects.filter(item=item).exists()


def test_an_advice_gives_the_project_back_to_the_review(council):
    bureau = Body.objects.filter(power=Body.Power.ADVISORY).first()
    item = held(bureau, powers=0)
    form = {"ballot": "ordinary", "in_office": 48, "present": 20, "powers": 0, "outcome": "favourable"}
    answer = signed_in(coordinator()).post(f"/seances/points/{item.pk}/decider/", form)
    assert answer.status_code == 302
    item.project.refresh_from_db()
    assert item.project.status == Status.UNDER_REVIEW
    assert item.decision.outcome == "favourable"


def test_a_session_that_is_only_planned_does_not_close_and_says_why(council):
    session = planned(council)
    refused = signed_in(coordinator()).post(f"/seances/{session.pk}/clore/")
    assert (refused.status_code, "Seule une séance ouverte peut être close" in refused.text) == (422, True)


def test_a_session_does_not_close_before_each_item_is_decided(council):
    session = held(council).session
    client = signed_in(coordinator())
    refused = client.post(f"/seances/{session.pk}/clore/")
    assert (refused.status_code, "Points sans décision" in refused.text) == (422, True)
    for item in session.items.all():
        client.post(f"/seances/points/{item.pk}/decider/", VOTES)
    client.post(f"/seances/{session.pk}/clore/")
    session.refresh_from_db()
    assert session.state == Session.State.CLOSED
