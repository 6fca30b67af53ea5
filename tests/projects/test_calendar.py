"""Stages and meetings are planned by those who hold the project, and read by those who see it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cooperation.french import NBSP, typo
from partners.models import Body
from partners.people.models import Role
from projects.calendar import services
from projects.calendar.reads import events_of, when_of
from projects.calendar.rules import Slot, StageDays, conflicts_of, span_of
from projects.calendar.stages import told_of
from projects.models import (
    AgendaItem,
    CalendarAddress,
    Meeting,
    Milestone,
    OrientationFit,
    Project,
    Session,
    Status,
    StrategyNode,
    TerritorialPlan,
)
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_meeting,
    make_member,
    make_milestone,
    make_orientation,
    make_partner,
    make_project,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 9, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


class World:
    def __init__(self):
        self.epci = make_epci()
        self.commune = make_commune(self.epci)
        self.coordinator = make_coordinator(self.epci)
        self.agent = make_agent(self.epci, "Maud Jallet")
        self.elected = make_member(self.epci, Role.ELECTED, "Patrick Oudinet", commune=self.commune)
        self.relay = make_member(self.epci, Role.RELAY, "Amandine Cazes", partner=make_partner(self.epci))
        self.project = make_project(self.epci, author=self.agent, status=Status.IN_PROGRESS)

    def meet(self, by=None, **said):
        given = {"label": "Comité", "starts_at": START, "ends_at": START + HOUR, "place": "Mairie"}
        given |= {"project": self.project} | said
        return services.add_meeting(intercommunality=self.epci, by=by or self.agent, **given)


def test_the_author_and_the_coordination_plan_and_nobody_else(world):
    days = {"label": "Travaux", "planned_start": date(2027, 1, 1), "planned_end": date(2027, 6, 30)}
    for person in (world.agent, world.coordinator):
        world.meet(person)
        services.add_milestone(project=world.project, by=person, **days)
    for person in (world.elected, world.relay):
        with pytest.raises(PermissionDenied):
            world.meet(person)
        with pytest.raises(PermissionDenied):
            services.add_milestone(project=world.project, by=person, **days)
    with pytest.raises(PermissionDenied):
        world.meet(world.agent, project=None)
    world.meet(world.coordinator, project=None)


def test_a_stage_keeps_its_days_in_order_and_remembers_the_former_ones(world):
    days = {"label": "Travaux", "planned_start": date(2027, 1, 1), "planned_end": date(2027, 6, 30)}
    stage = services.add_milestone(project=world.project, by=world.agent, **days)
    with pytest.raises(ValidationError, match="fin réelle"):
        services.change_milestone(milestone=stage, by=world.agent, **days, actual_end=date(2027, 7, 1))
    days["planned_end"] = date(2027, 9, 30)
    services.change_milestone(milestone=stage, by=world.agent, **days, actual_start=date(2027, 2, 1))
    assert [one.planned_end.month for one in stage.history.all()] == [9, 6]


def test_a_stage_of_one_day_is_told_with_one_date():
    said = lambda **days: render_to_string("projects/calendar/_days.html", {"one": Milestone(**days)})  # noqa: E731
    day = {"planned_start": date(2026, 12, 10), "planned_end": date(2026, 12, 10)}
    assert f"Prévu le 10{NBSP}décembre{NBSP}2026<" in said(**day)
    real = said(**day, actual_start=date(2026, 12, 11), actual_end=date(2026, 12, 11))
    assert f" le 11{NBSP}décembre{NBSP}2026<" in real and " au " not in real
    assert " au 12" in said(**day | {"planned_end": date(2026, 12, 12)})


def test_a_meeting_is_cancelled_with_a_reason_and_held_with_its_minutes(world):
    meeting = world.meet()
    with pytest.raises(ValidationError):
        services.cancel_meeting(meeting=meeting, by=world.agent, reason=" ")
    with pytest.raises(ValidationError, match="pas encore commencé"):
        services.write_minutes(meeting=meeting, by=world.agent, minutes="Oui.", now=START - HOUR)
    with pytest.raises(ValidationError):
        services.write_minutes(meeting=meeting, by=world.agent, minutes=" ", now=START)
    held = services.write_minutes(meeting=meeting, by=world.agent, minutes="Accord.", now=START + HOUR)
    assert held.state == Meeting.State.HELD
    with pytest.raises(ValidationError, match="tenue"):
        services.cancel_meeting(meeting=held, by=world.agent, reason="Neige")
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    off = services.cancel_meeting(meeting=world.meet(), by=world.agent, reason="Neige")
    with pytest.raises(ValidationError, match="annulée"):
        services.write_minutes(meeting=off, by=world.agent, minutes="Accord.", now=START + HOUR)


def test_the_page_that_calls_a_meeting_off_names_its_day_its_place_and_the_act(world, client):
    client.force_login(world.agent, BACKEND)
    meeting = world.meet()
    page = client.get(reverse("projects:meeting_cancel", args=[meeting.pk])).text
    assert escape(typo(when_of(meeting))) in page and escape(typo(meeting.place)) in page
    assert "Elle reste au calendrier, marquée annulée" in page
    assert '<button class="button button--grave">Annuler la réunion</button>' in page


def test_a_meeting_in_person_says_where(world):
    with pytest.raises(ValidationError, match="où"):
        world.meet(place=" ")
    world.meet(place="", format=Meeting.Format.REMOTE)


def test_meetings_are_read_with_their_project_and_never_by_a_stranger(world):
    world.meet()
    world.meet(world.coordinator, project=None)
    stranger = make_coordinator(make_epci(1))

    def read(person):
        return Meeting.objects.visible_to(person).count()

    assert [read(one) for one in (world.coordinator, world.agent, world.elected)] == [2, 2, 2]
    assert read(world.relay) == 0
    assert read(stranger) == 0


def test_two_meetings_at_once_are_told_when_they_share_a_place_a_commune_or_a_project():
    def slot(key, hour, **said):
        return Slot(key, f"R{key}", START + hour * HOUR, START + (hour + 1) * HOUR, **said)

    def told(*slots):
        return [(one.first.key, one.second.key, one.shared) for one in conflicts_of(slots)]

    assert told(slot(1, 0, place="Mairie", commune=1), slot(2, 0, place=" mairie", commune=1)) == [
        (1, 2, "au même lieu")
    ]
    assert told(slot(1, 0, place="Mairie", commune=1), slot(2, 0, place="Mairie", commune=2)) == []
    assert told(slot(1, 0, commune=1), slot(2, 0.5, commune=1)) == [(1, 2, "dans la même commune")]
    assert told(slot(1, 0, project=1), slot(2, 0.5, project=1)) == [(1, 2, "pour le même projet")]
    assert told(slot(1, 0, project=1), slot(2, 1, project=1)) == []
    assert told(slot(1, 0), slot(2, 0)) == []


def test_the_secret_is_kept_as_a_digest_and_a_new_one_replaces_it(world):
    first = services.make_address(person=world.agent, now=START)
    second = services.make_address(person=world.agent, now=START)
    kept = CalendarAddress.objects.get()
    assert kept.digest == services.digest_of(second) != services.digest_of(first)
    assert second not in kept.digest
    services.revoke_address(person=world.agent)
    assert not CalendarAddress.objects.exists()


def test_a_diary_reads_what_its_person_may_read_at_that_moment(world, client):
    other = make_project(world.epci, status=Status.DRAFT, author=world.coordinator)
    make_meeting(world.project, label="Comité visible", participants="Mme Roche", state="cancelled", reason="Neige")
    make_meeting(other, label="Comité caché")
    make_milestone(world.project, label="Études; phase 1")
    address = reverse("projects:calendar_feed", args=[services.make_address(person=world.agent, now=START)])
    told = client.get(address)
    text = told.content.decode()
    assert told["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Comité visible\r\n" in text
    assert "STATUS:CANCELLED" in text
    assert "SUMMARY:Études\\; phase 1\r\n" in text
    assert "caché" not in text
    assert "Roche" not in text
    Project.objects.filter(pk=world.project.pk).update(author=None)
    world.agent.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "BEGIN:VEVENT" not in client.get(address).content.decode()
    type(world.agent).objects.filter(pk=world.agent.pk).update(is_active=False)
    assert client.get(address).status_code == 404


def test_a_secret_is_shown_once_and_answers_nothing_once_revoked(world, client):
    client.force_login(world.agent, BACKEND)
    page = reverse("projects:calendar_address")
    answer = client.post(page)
    told = answer.context["told"]
    # In a field that takes the focus: a text on the page is not copied without a mouse, and is shown once.
    assert f'readonly value="{told}" data-coop-focus="told"' in answer.text
    address = told.removeprefix(told.split("/calendrier")[0])
    assert told not in client.get(page).content.decode()
    assert client.get(address).status_code == 200
    client.post(page, {"remove": "1"})
    assert client.get(address).status_code == 404


def test_a_diary_receives_the_nearest_within_a_limit_that_its_page_tells(world, client, monkeypatch):
    monkeypatch.setattr("projects.calendar.reads.IN_FEED", 2)
    now = timezone.now()
    for days in (-100, -10, 5, 9):
        make_meeting(world.project, starts_at=now + timedelta(days=days))
    events = [event for event in events_of(world.agent, now) if event.uid.startswith("reunion")]
    assert [round((event.start - now).days) for event in events] == [-10, 5]
    client.force_login(world.agent, BACKEND)
    page = client.get(reverse("projects:calendar_address")).text
    assert "au plus 2 réunions et 2 étapes" in page and "3 derniers mois" in page


def test_a_meeting_typed_in_local_time_is_planned_and_its_conflict_is_told(world, client):
    client.force_login(world.agent, BACKEND)
    day = timezone.localdate() + timedelta(days=10)
    typed = {"label": "Comité", "project": world.project.pk, "day": day.isoformat(), "starts": "18:30", "ends": "20:00"}
    typed |= {"format": "in_person", "place": "Mairie"}
    assert client.post(reverse("projects:meeting_create"), typed | {"ends": "18:00"}).status_code == 422
    for _ in range(2):
        answer = client.post(reverse("projects:meeting_create"), typed)
        assert answer.status_code == 302
    assert timezone.localtime(Meeting.objects.first().starts_at).hour == 18
    page = client.get(answer.url).content.decode()
    first, second = Meeting.objects.order_by("pk")
    clash = 'Une autre réunion, <a href="{}">«\xa0Comité\xa0»</a>, se tient au même lieu au même moment'
    assert (
        clash.format(first.get_absolute_url()) in page
    )  # its name is that of the meeting read: the link tells them apart
    assert clash.format(second.get_absolute_url()) in client.get(first.get_absolute_url()).content.decode()
    mine = client.get(reverse("projects:project_calendar", args=[world.project.pk])).content.decode()
    assert clash.format(first.get_absolute_url()) in mine and clash.format(second.get_absolute_url()) in mine
    assert "18\u00a0h\u00a030" in page
    other = make_project(world.epci, status=Status.IN_PROGRESS, author=world.coordinator)
    refused = client.post(reverse("projects:meeting_create"), typed | {"project": other.pk})
    assert refused.status_code == 422


@pytest.fixture
def read(world, client):
    """Read a page of the calendar as the coordinator: how many queries it asks, and what it shows."""
    client.force_login(world.coordinator, BACKEND)

    def reader(name="calendar", **asked):
        with CaptureQueriesContext(connection) as made:
            page = client.get(reverse(f"projects:{name}"), asked)
        return len(made), page.context

    return reader


def shown_meetings(context):
    return [row.meeting for month in context["months"] for row in month.rows]


def shown_stages(context):
    return [row.milestone for group in context["shown"].groups for row in group.rows]


def a_session(world, held_on, **said):
    body, _ = Body.objects.get_or_create(
        intercommunality=world.epci, kind=Body.Kind.BUREAU, name="Bureau", power=Body.Power.DECIDING
    )
    return Session.objects.create(intercommunality=world.epci, body=body, held_on=held_on, **said)


def test_the_calendar_shows_the_sessions_to_who_may_read_them(world, client):
    a_session(world, timezone.localdate(), held_at=time(18, 30), place="Salle des mariages")
    for person, reads in ((world.coordinator, True), (world.elected, True), (world.relay, False)):
        client.force_login(person, BACKEND)
        page = client.get(reverse("projects:calendar")).text
        assert (f"Séance{NBSP}: Bureau" in page and "Salle des mariages" in page) == reads
        assert ("se tiennent à la page" in page) == reads


def test_a_session_called_off_is_marked_so_on_the_calendar(world, client):
    off = {"state": Session.State.CANCELLED, "cancelled_because": "la salle est prise"}
    a_session(world, timezone.localdate() + timedelta(days=3), **off)
    client.force_login(world.coordinator, BACKEND)
    page = client.get(reverse("projects:calendar")).text
    assert "badge--abandoned" in page and "La salle est prise" in page


def shown_rows(context):
    """What is read on a page of the calendar, in its order: the label of a meeting, or the place of a session."""
    rows = [row for month in context["months"] for row in month.rows]
    return [row.session.place if row.is_session else row.meeting.label for row in rows]


def test_sessions_stand_among_the_meetings_in_the_order_of_time_and_are_read_once(world, read, monkeypatch):
    monkeypatch.setattr("projects.calendar.views.PAGE", 2)
    now = timezone.localtime().replace(hour=17, minute=0)
    for day in (1, 3, 5, 7):
        make_meeting(world.project, label=f"Réunion {day}", starts_at=now + timedelta(days=day))
    days = ((0, None), (3, time(9)), (3, time(20)), (4, None), (9, None))
    for day, hour in days:
        a_session(world, now.date() + timedelta(days=day), held_at=hour, place=f"Salle {day} {hour or ''}".strip())
    _, first = read()
    assert shown_rows(first) == ["Salle 0", "Réunion 1", "Réunion 3"]
    _, second = read(apres=first["page"].next_key)
    # What is held on the day where a page ends is read on the next one.
    assert shown_rows(second) == [
        "Salle 3 09:00:00",
        "Salle 3 20:00:00",
        "Salle 4",
        "Réunion 5",
        "Réunion 7",
        "Salle 9",
    ]
    _, month = read(mois=f"{now:%Y-%m}")
    assert len(month["months"]) == 1 and "Salle 0" in shown_rows(month)


def test_sessions_follow_the_projects_that_are_looked_for(world, read):
    session = a_session(world, timezone.localdate(), place="Salle")
    AgendaItem.objects.create(intercommunality=world.epci, session=session, project=world.project, position=1)
    for words, found in ((world.project.reference, ["Salle"]), ("introuvable", [])):
        assert shown_rows(read(q=words)[1]) == found


@pytest.mark.parametrize("page", ["calendar", "calendar_stages", "calendar_places"])
def test_each_page_of_the_calendar_keeps_its_number_of_queries(world, read, page):
    def fill(count):
        for _ in range(count):
            a_session(world, timezone.localdate())
            project = make_project(world.epci, status=Status.IN_PROGRESS)
            make_meeting(project, commune=world.commune)
            make_milestone(project)

    fill(3)
    read(page)
    before, _ = read(page)
    fill(5)
    after, _ = read(page)
    assert before == after


def test_meetings_and_stages_are_narrowed_to_an_orientation_and_to_a_part_of_the_strategy(world, read):
    orientation = make_orientation(world.epci)
    plan = TerritorialPlan.objects.create(intercommunality=world.epci, title="Val 2032")
    said = {"intercommunality": world.epci, "plan": plan}
    axis = StrategyNode.objects.create(level=1, code="1", title="Vivre", **said)
    below = StrategyNode.objects.create(level=2, code="1.1", title="Grandir", parent=axis, **said)
    mine, other = (make_project(world.epci, status=Status.IN_PROGRESS) for _ in range(2))
    for project in (mine, other):
        make_meeting(project, commune=world.commune)
        make_milestone(project)
    mine.objectives.add(below)
    OrientationFit.objects.create(
        intercommunality=world.epci, project=mine, orientation=orientation, fit=OrientationFit.Fit.FULL
    )
    for asked in ({"orientation": orientation.pk}, {"element": axis.pk}, {"element": below.pk}):
        assert [one.project for one in shown_meetings(read(**asked)[1])] == [mine]
        assert [one.project for one in shown_stages(read("calendar_stages", **asked)[1])] == [mine]
        hosting = read("calendar_places", **asked)[1]["hosting"]
        assert [row.count for row in hosting.rows] == [1]
    assert len(shown_meetings(read()[1])) == 2


def test_a_month_shows_what_is_held_and_what_runs_in_it(world, read):
    project = make_project(world.epci, status=Status.IN_PROGRESS)
    make_meeting(project)
    make_milestone(project)
    past = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    assert not shown_meetings(read(mois=f"{past:%Y-%m}")[1])
    assert not shown_stages(read("calendar_stages", mois=f"{past:%Y-%m}")[1])
    make_milestone(project, label="Études", planned_start=past - timedelta(days=40))
    assert [one.label for one in shown_stages(read("calendar_stages", mois=f"{past:%Y-%m}")[1])] == ["Études"]


def test_what_is_late_is_told_apart_and_one_click_away(world, read):
    today = timezone.localdate()
    ended = {"actual_start": today - timedelta(days=90), "actual_end": today}
    for more in ({}, ended):
        make_milestone(
            world.project, planned_start=today - timedelta(days=90), planned_end=today - timedelta(days=1), **more
        )
    shown = read("calendar_stages")[1]
    assert shown["late"] == 1
    assert not shown_stages(shown)
    late = read("calendar_stages", mois="retard")[1]
    assert [one.actual_end for one in shown_stages(late)] == [None]
    assert late["extent"].startswith("Les étapes vont du ")


def test_a_long_list_of_stages_says_what_it_draws_and_leads_to_the_rest(world, read, monkeypatch):
    monkeypatch.setattr("projects.calendar.views.DRAWN", 3)
    for number in range(5):
        day = timezone.localdate() + timedelta(days=number // 2)  # two of them end on the same day
        make_milestone(world.project, label=f"É{number}", planned_start=day, planned_end=day)
    first = read("calendar_stages")[1]
    rest = read("calendar_stages", apres=first["page"].next_key)[1]
    assert [one.label for one in shown_stages(first)] == ["É0", "É1", "É2"]
    assert [one.label for one in shown_stages(rest)] == ["É3", "É4"]
    assert not rest["page"].next_key
    for damaged in ("~", "hier~3", "2026-13-45~1", "0001-01-01~1", f"{timezone.localdate()}~x"):
        assert len(shown_stages(read("calendar_stages", apres=damaged)[1])) == 3


def test_the_dates_of_a_project_say_which_stage_they_come_from():
    begun, coming = (
        StageDays("Études", (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 1, 15), date(2026, 4, 2))),
        StageDays("Travaux", (date(2026, 5, 1), date(2027, 3, 31)), (date(2026, 5, 4), None)),
    )
    assert told_of(span_of([coming, begun], starts_on=date(2025, 1, 1))) == [
        f"Prévu du 1er{NBSP}janvier{NBSP}2026 (étape « Études ») au 31{NBSP}mars{NBSP}2027 (étape « Travaux »).",
        f"Commencé le 15{NBSP}janvier{NBSP}2026 (étape « Études »).",
    ]
    assert told_of(span_of([coming]))[0] == (
        f"Prévu du 1er{NBSP}mai{NBSP}2026 au 31{NBSP}mars{NBSP}2027 (étape « Travaux »)."
    )
    assert span_of([begun]).actual_end.on == date(2026, 4, 2)
    assert told_of(span_of([], starts_on=date(2027, 1, 1))) == [
        f"Prévu à partir du 1er{NBSP}janvier{NBSP}2027 (date donnée par le projet)."
    ]
    assert told_of(span_of([])) == []


def test_the_map_counts_what_a_commune_receives_and_names_the_one_that_never_does(world, read):
    never = make_commune(world.epci, name="Villaubrac")
    now = timezone.now()
    for days, more in ((-300, {}), (-20, {}), (-10, {"state": "cancelled", "reason": "Neige"}), (20, {})):
        make_meeting(world.project, starts_at=now + timedelta(days=days), commune=world.commune, **more)
    make_meeting(world.project, format="remote", place="")
    hosting = read("calendar_places")[1]["hosting"]
    rows = {row.commune: row for row in hosting.rows}
    assert (rows[world.commune].held, rows[world.commune].coming) == (1, 1)
    assert (now - rows[world.commune].last.starts_at).days == 20
    assert rows[never].last is rows[never].next is None
    assert "Villaubrac" in hosting.notes[0]
    assert str(world.commune) not in hosting.notes[0]
    assert "1\u00a0réunion, que la carte" in hosting.notes[1]
    assert read("calendar_places", periode=timezone.localdate().year + 1)[0]


def test_where_meetings_abound_the_map_counts_the_nearest_and_says_so(world, read, monkeypatch):
    monkeypatch.setattr("projects.calendar.places.MOST", 2)
    never, before = (make_commune(world.epci, name=name) for name in ("Villaubrac", "Coudrelle"))
    now = timezone.now()
    make_meeting(world.project, starts_at=now - timedelta(days=40), commune=before)
    for days in (-30, -20, -10, 10, 20):
        make_meeting(world.project, starts_at=now + timedelta(days=days), commune=world.commune)
    hosting = read("calendar_places")[1]["hosting"]
    assert [row.held for row in hosting.rows] == [2, 0, 0]
    assert "Plus de 2 réunions tenues" in hosting.notes[0]
    assert never.name in hosting.notes[1]
    assert before.name not in hosting.notes[1]


def test_who_sees_few_projects_is_told_what_never_hosts_theirs_and_beyond_only_what_the_period_holds(
    world, client, monkeypatch
):
    never, hidden = (make_commune(world.epci, name=name) for name in ("Villaubrac", "Coudrelle"))
    make_actor(world.project, "La crèche", partner=world.relay.memberships.get().partner)
    make_meeting(world.project, commune=world.commune)
    make_meeting(world.project, commune=never, starts_at=timezone.now() - timedelta(days=400))
    make_meeting(make_project(world.epci, status=Status.IN_PROGRESS), commune=hidden)
    client.force_login(world.relay, BACKEND)
    for few, said in ((1_000, "Parmi les communes sans réunion sur cette période, aucune réunion à aucune date"
                       f"{NBSP}: Coudrelle."),
                      (0, f"Aucune réunion sur cette période{NBSP}: Coudrelle et Villaubrac.")):  # fmt: skip
        monkeypatch.setattr("projects.calendar.windows.FEW", few)
        hosting = client.get(reverse("projects:calendar_places")).context["hosting"]
        assert [row.count for row in hosting.rows if row.count] == [1]
        assert hosting.notes == [said]


def test_who_reads_a_large_part_of_the_projects_is_not_told_from_when_to_when_their_stages_run(
    world, client, monkeypatch
):
    make_actor(world.project, "La crèche", partner=world.relay.memberships.get().partner)
    make_milestone(world.project)
    for few in (1_000, 0):
        monkeypatch.setattr("projects.calendar.windows.FEW", few)
        for person in (world.relay, world.elected, world.coordinator):
            client.force_login(person, BACKEND)
            shown = client.get(reverse("projects:calendar_stages")).context
            assert len(shown_stages(shown)) == 1
            assert bool(shown["extent"]) is (few > 0 or person != world.relay)


@pytest.mark.parametrize("chosen", [{}, {"orientation": "1"}], ids=["all", "chosen"])
def test_the_page_of_the_places_names_the_projects_once(world, client, chosen):
    make_meeting(world.project, commune=world.commune)
    make_actor(world.project, "La crèche", partner=world.relay.memberships.get().partner)
    client.force_login(world.relay, BACKEND)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("projects:calendar_places"), chosen).status_code == 200
    naming = [one["sql"] for one in asked if one["sql"].endswith("LIMIT 1001") and "projects_project" in one["sql"]]
    assert len(naming) == 1


@pytest.mark.parametrize("page", ["calendar", "calendar_stages", "calendar_places"])
def test_the_words_of_a_choice_are_looked_for_once(world, client, page):
    client.force_login(world.coordinator, BACKEND)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(f"projects:{page}"), {"q": "crèche"}).status_code == 200
    assert sum('FROM "projects_word"' in one["sql"] for one in asked) == 1


def test_few_projects_and_many_find_the_same_meetings_and_stages(world, read, monkeypatch):
    hidden = make_project(world.epci, status=Status.DRAFT, author=world.agent)
    for project in (world.project, hidden):
        make_meeting(project, label=project.reference)
        make_milestone(project, label=project.reference)
    for few in (1_000, 0):
        monkeypatch.setattr("projects.calendar.windows.FEW", few)
        assert [one.label for one in shown_meetings(read()[1])] == [world.project.reference]
        assert [one.label for one in shown_stages(read("calendar_stages")[1])] == [world.project.reference]


def test_the_project_of_a_new_meeting_is_found_by_its_reference_or_its_words(world, client):
    other = make_project(world.epci, title="Le pedibus des écoles", status=Status.IN_PROGRESS)
    client.force_login(world.coordinator, BACKEND)
    form = client.get(reverse("projects:meeting_create"), {"projet": world.project.pk}).context["form"]
    assert form["project"].value() == str(world.project)  # the one that the person comes from
    assert f'value="{other}"' in str(form["project"])  # suggested
    for words in ("pedibus", other.reference, str(other), str(other.pk)):
        assert form.fields["project"].clean(words) == other


def test_what_is_typed_of_a_meeting_and_of_its_minutes_is_kept_on_the_device(client, world):
    """A room in a village has no network: what was sent in vain is put back when the page is opened again."""
    client.force_login(world.agent, BACKEND)
    meeting = world.meet()
    own = [
        reverse("projects:meeting_create"),
        *(reverse(f"projects:meeting_{act}", args=[meeting.pk]) for act in ("edit", "minutes")),
    ]
    for address in own:
        page = client.get(address).text
        assert f'data-coop-keep="{world.agent.pk}-{address}"' in page  # of one person, of one page
        assert "data-coop-keep-state" in page and "js/keep" in page
    stage = make_milestone(world.project)
    for address in (meeting.get_absolute_url(), stage.get_absolute_url()):
        assert "js/keep" in client.get(address).text  # where one arrives once it is sent: it is forgotten there
