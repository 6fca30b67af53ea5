"""What takes a few seconds is handed over at once, what is longer is prepared: one rule, whatever is printed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from cooperation import jobs
from cooperation.models import Job
from cooperation.printing import (
    Document,
    Part,
    Printed,
    PrintingError,
    TooLong,
    print_document,
    print_in_parts,
    wait_for,
)
from cooperation.printing.estimate import work_of
from cooperation.printing.process import Limits
from partners.models import Body, ElectedMember, Role, Seat
from projects.briefing.papers import SessionCopies, SessionMinutes, SessionNote, SessionPack
from projects.deliberation import services as sessions
from projects.models import Notice, PrintVersion, Session, Status
from projects.prints import services
from projects.prints.papers import read_paper
from projects.report.choices import Choices
from projects.report.papers import ProjectSheet, Supplement, TerritoryReport
from projects.report.versions import Change, ChangedSheet, Comparison
from tests.factories import (
    make_agent,
    make_commune,
    make_coordinator,
    make_envelope,
    make_epci,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 10)


class World:
    """A convened council, a project, two versions; who prepares them, who sits, who reads."""

    def __init__(self):
        self.epci = make_epci()
        self.clerk = make_coordinator(self.epci)
        self.elected = make_member(self.epci, Role.ELECTED, "Hélène")
        self.reader = make_member(self.epci, Role.ELECTED, "Luc")
        body = Body.objects.create(intercommunality=self.epci, kind="council", name="Conseil", power="deciding")
        member = ElectedMember.objects.create(
            intercommunality=self.epci, commune=make_commune(self.epci), full_name="Hélène", user=self.elected
        )
        self.seat = Seat.objects.create(body=body, member=member, is_chair=True)
        self.session = Session.objects.create(intercommunality=self.epci, body=body, held_on=DAY)
        self.project = make_project(self.epci, status=Status.UNDER_REVIEW, oriented=True, title="Bus des jeunes")
        sessions.add_item(session=self.session, project=self.project, by=self.clerk)
        Session.objects.filter(pk=self.session.pk).update(state=Session.State.CONVENED)
        make_envelope(self.session)
        self.versions = [
            PrintVersion.objects.create(
                intercommunality=self.epci, number=n, label=f"V{n}", file=f"versions/v{n}.pdf", digest="0" * 64
            )
            for n in (1, 2)
        ]

    def addresses(self):
        session = [self.session.pk]
        return {
            "session_copies": reverse("projects:convocation_print", args=session),
            "session_note": reverse("projects:session_note", args=session),
            "session_pack": reverse("projects:session_pack", args=session),
            "session_minutes": reverse("projects:minutes_print", args=session),
            "project_sheet": reverse("projects:project_file", args=[self.project.pk, "pdf"]),
            "supplement": reverse("projects:versions") + "?pdf=1&de=1&a=2",
        }


@pytest.fixture
def world():
    return World()


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Lay out in no time: what is printed is the subject of other tests."""
    path = tmp_path / "essai.pdf"
    path.write_bytes(b"%PDF essai")
    monkeypatch.setattr(services, "print_in_parts", lambda document, **options: Printed(path, 1))
    monkeypatch.setattr(services, "print_document", lambda document, **options: b"%PDF essai")


KINDS = ("session_copies", "session_note", "session_pack", "session_minutes", "project_sheet", "supplement")


@pytest.mark.parametrize("kind", KINDS)
def test_a_short_paper_is_handed_over_at_once_and_leaves_no_row(client, world, quick, kind):
    client.force_login(world.clerk)
    answer = client.get(world.addresses()[kind])
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "application/pdf", b"%PDF essai")
    assert not Job.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", ["MANY", "A_FEW_SECONDS"])
def test_a_long_one_is_prepared_watched_and_told_when_it_is_ready(
    client, world, quick, monkeypatch, django_capture_on_commit_callbacks, kind, limit
):
    """Following its link starts nothing; the button does, and the file is that of who asked."""
    monkeypatch.setattr(services, limit, -1)
    client.force_login(world.clerk)
    address = world.addresses()[kind]
    page = client.get(address).content.decode()
    assert "Préparer le document" in page and not Job.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address)
    job = Job.objects.get()
    assert (job.kind, job.state, job.requested_by) == (kind, Job.State.DONE, world.clerk)
    assert answer.url == reverse("projects:print_progress", args=[job.pk])
    assert "Le document est prêt." in client.get(answer.url).content.decode()
    notice = Notice.objects.get()
    assert (notice.kind, notice.person, notice.address) == ("printed", world.clerk, answer.url)
    file = client.get(reverse("projects:print_download", args=[job.pk]))
    assert b"".join(file.streaming_content) == b"%PDF essai"


def test_one_that_is_no_longer_kept_says_so_and_offers_to_begin_again(client, world, quick):
    job = services.print_or_request(by=world.clerk, paper=TerritoryReport(world.epci, Choices()))
    client.force_login(world.clerk)
    listed = reverse("projects:report")
    assert reverse("projects:print_download", args=[job.pk]) in client.get(listed).content.decode()
    jobs.forget(timezone.now() + 2 * jobs.KEPT)
    followed = client.get(reverse("projects:print_download", args=[job.pk]), follow=True)
    page = followed.content.decode()
    assert jobs.FORGOTTEN in page and "Recommencer" in page and "n’est pas prêt" not in page
    assert reverse("projects:print_progress", args=[job.pk]) not in client.get(listed).content.decode()


def test_the_link_leads_to_the_print_under_way_and_the_button_joins_it(client, world, quick, monkeypatch):
    monkeypatch.setattr(jobs, "enqueue", lambda job: None)
    monkeypatch.setattr(services, "MANY", -1)
    client.force_login(world.clerk)
    address = world.addresses()["session_pack"]
    followed = client.post(address).url
    assert client.get(address).url == client.post(address).url == followed
    assert Job.objects.count() == 1


def test_every_kind_is_printed_by_the_worker_and_read_again_from_its_job(world):
    papers = [
        TerritoryReport(world.epci, Choices(query="q=lac")),
        Supplement(*world.versions),
        ProjectSheet(world.project, public=False),
        SessionCopies(world.session),
        SessionNote.of(world.session, world.clerk),
        SessionPack.of(world.session, world.clerk),
        SessionMinutes(world.session),
    ]
    assert settings.JOB_TASKS.keys() == settings.PRINTED_PAPERS.keys()
    assert {paper.kind for paper in papers} | {"session_decisions"} == set(settings.PRINTED_PAPERS)
    for kind, path in settings.PRINTED_PAPERS.items():
        assert import_string(path).kind == kind
    for paper in papers:
        job = services.request_print(by=world.clerk, paper=paper, queued=False)
        job.refresh_from_db()
        found = read_paper(job)
        assert (type(found), found.order(), found.words) == (type(paper), job.order, paper.words)


def job_of(world, by, kind=SessionPack):
    job = services.request_print(by=by, paper=kind.of(world.session, by), queued=False)
    jobs.finish(job, name="dossier.pdf", content=b"%PDF")
    return job


@pytest.mark.parametrize("kind", [SessionNote, SessionPack])
def test_the_print_of_a_person_is_for_that_person_alone(client, world, kind):
    """It holds what that person may read: not even the coordination takes it away in their place."""
    job = job_of(world, world.elected, kind)
    for person, status in (
        (world.elected, 200),
        (world.reader, 404),
        (world.clerk, 404),
        (make_agent(world.epci), 404),
    ):
        client.force_login(person)
        for name in ("print_progress", "print_download"):
            assert client.get(reverse(f"projects:{name}", args=[job.pk])).status_code == status
        if status == 404:
            for name in ("print_cancel", "print_again"):
                assert client.post(reverse(f"projects:{name}", args=[job.pk])).status_code == 404


def test_a_right_that_ended_since_closes_the_file(client, world):
    """The opinions of the members are in it: who no longer sits no longer takes it away."""
    job = job_of(world, world.elected)
    assert job.order["with_members"]
    client.force_login(world.elected)
    address = reverse("projects:print_download", args=[job.pk])
    assert client.get(address).status_code == 200
    Seat.objects.filter(pk=world.seat.pk).update(ends_on=DAY - dt.timedelta(days=1))
    assert client.get(address).status_code == 404


def test_a_right_that_ended_before_the_worker_came_prints_nothing(world, quick):
    job = services.request_print(by=world.elected, paper=SessionPack.of(world.session, world.elected), queued=False)
    Seat.objects.filter(pk=world.seat.pk).update(ends_on=DAY - dt.timedelta(days=1))
    services.print_for(job)
    assert (job.state, job.message, bool(job.result)) == (Job.State.FAILED, services.NO_LONGER, False)


def test_a_draft_of_the_minutes_is_for_who_holds_the_session(client, world):
    paper = SessionMinutes(world.session)
    assert paper.is_open_to(world.clerk) and not paper.is_open_to(world.elected)


def test_a_paper_whose_rows_are_gone_is_no_longer_there(client, world):
    job = services.request_print(by=world.clerk, paper=Supplement(*world.versions), queued=False)
    PrintVersion.objects.filter(number=1).delete()
    client.force_login(world.clerk)
    assert client.get(reverse("projects:print_progress", args=[job.pk])).status_code == 404
    services.print_for(job)
    assert (job.state, job.message) == (Job.State.FAILED, services.NO_LONGER)


def test_what_proves_longer_than_told_is_taken_up_by_the_worker(world, monkeypatch, tmp_path):
    def last(document, *, limits, **options):
        if limits:
            raise TooLong("L’impression a été arrêtée.")
        return Printed(path, 1)

    path = tmp_path / "essai.pdf"
    path.write_bytes(b"%PDF")
    monkeypatch.setattr(services, "print_in_parts", last)
    paper = SessionPack.of(world.session, world.clerk)
    assert services.print_now(paper, by=world.clerk) is None
    monkeypatch.setattr(jobs, "enqueue", lambda job: None)
    job = services.print_or_request(by=world.clerk, paper=paper)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.QUEUED, services.LONGER)
    services.print_for(job)
    assert job.state == Job.State.DONE


def test_a_paper_that_lacks_a_page_says_which(client, world, quick, monkeypatch, tmp_path):
    """Handed over at once, or kept whole by law, it is not handed over at all; prepared, it is, with its reserve."""
    printed = services.print_in_parts
    lacking = lambda document, **options: Printed(printed(document).path, 1, ["le point 1"])  # noqa: E731
    monkeypatch.setattr(services, "print_in_parts", lacking)
    with pytest.raises(PrintingError, match="il y manquerait le point 1"):
        services.print_now(SessionPack.of(world.session, world.clerk), by=world.clerk)
    job = services.request_print(by=world.clerk, paper=SessionPack.of(world.session, world.clerk), queued=False)
    services.print_for(job)
    assert job.state == Job.State.DONE and "le point 1" in job.warning
    job = services.request_print(by=world.clerk, paper=ProjectSheet(world.project, public=True), queued=False)
    services.print_for(job)
    assert job.state == Job.State.FAILED and "il y manquerait le point 1" in job.message


def test_the_pages_of_a_paper_in_one_piece_are_counted_and_it_never_gives_way(world, monkeypatch):
    monkeypatch.setattr(services, "BREATH", 0)
    monkeypatch.setattr(jobs, "TURN", dt.timedelta(0))
    monkeypatch.setattr(jobs, "somebody_waits", lambda: True)
    job = services.request_print(by=world.clerk, paper=SessionMinutes(world.session), queued=False)
    heard = services.note_progress(job, iter(range(100)).__next__)
    for pages in (1, 12):
        heard(pages, 0)
    job.refresh_from_db()
    assert (job.state, job.message, job.total) == (Job.State.RUNNING, "Mise en page : 12 pages", 0)
    jobs.cancel(job)
    with pytest.raises(jobs.Cancelled):
        heard(13, 0)


def paragraphs(count: int) -> str:
    return (
        "<section>" + "<p>La commune propose un service de transport aux habitants éloignés.</p>" * count + "</section>"
    )


def test_what_a_print_costs_grows_with_its_tags_and_its_letters():
    little, much = paragraphs(10), paragraphs(1000)
    assert work_of("") < work_of(little) < work_of(much)
    assert work_of("<p>" * 9) > work_of("ppp" * 9)
    one = Document(title="Un", author="CC", parts=[Part("une page", much)])
    two = Document(title="Deux", author="CC", parts=[Part("une page", much), Part("une autre", much + "<p>Fin</p>")])
    assert wait_for(two) == pytest.approx(2 * wait_for(one), rel=0.01)
    assert wait_for(one, in_one_piece=True) == pytest.approx(work_of(much))


def test_what_is_kept_is_not_waited_for(world):
    """However long: asked for again after the worker made it, it is handed over at once."""
    paper = SessionPack.of(world.session, world.clerk)
    written = paper.write(world.clerk, timezone.localdate())
    assert wait_for(written.document) > 0
    services.lay_out(written, limits=None)
    assert wait_for(written.document) == 0


@pytest.mark.parametrize("make", [print_document, print_in_parts])
def test_a_print_stopped_by_its_time_is_told_from_one_that_fails(make):
    endless = Document(title="Long", author="CC", parts=[Part("une page", paragraphs(4000))])
    with pytest.raises(TooLong, match="elle dépassait 0 secondes"):
        make(endless, limits=Limits(seconds=0.3))


def test_a_long_supplement_is_cut_into_parts_that_lose_no_project(world):
    from projects.report.documents import changes_document

    changes = [Change("Constat", "avant " * 40, "après " * 60) for _ in range(6)]
    changed = [ChangedSheet(f"P{n:04d}", f"Projet {n}", changes) for n in range(400)]
    comparison = Comparison(document=(), added=(), removed=(), changed=changed, figures=())
    parts = changes_document(*world.versions, comparison).parts
    assert len(parts) > 20
    assert max(work_of(part.html) for part in parts) < 2.0  # of the twenty seconds that a part has
    html = "".join(part.html for part in parts)
    assert [html.count(f"P{n:04d}") for n in range(400)] == [1] * 400
    assert [part.html.count("<h2") for part in parts] == [1] + [0] * (len(parts) - 1)
    short = changes_document(*world.versions, Comparison((), (), (), changed[:2], ())).parts
    assert [part.name for part in short] == ["le supplément"]
