"""Asking for the document: who may, how it advances, how it is handed over, what happens when it fails."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from cooperation import jobs
from cooperation.models import Job
from cooperation.printing import Printed, PrintingError
from partners.models import Body, Role
from projects.management.commands import print_territory_project as command
from projects.models import Mandate, Notice, Orientation, PrintVersion, Status, SubmissionDocument
from projects.prints import services as prints
from projects.report import services, tasks
from projects.report.choices import Choices
from projects.report.papers import TerritoryReport
from territories.models import Intercommunality
from tests.projects.test_report_content import epci, make_project, make_user  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick_print(monkeypatch, tmp_path_factory):
    """Print in no time: what is printed is the subject of other tests."""
    path = tmp_path_factory.mktemp("prints") / "essai.pdf"
    path.write_bytes(b"%PDF-1.7 essai")
    for module in (prints, services):
        monkeypatch.setattr(module, "print_in_parts", lambda document, **options: Printed(path, 1))


@pytest.fixture
def coordinator(epci):  # noqa: F811
    return make_user(epci, "coordination@x.example", Role.COORDINATOR)


def test_what_is_short_is_handed_over_at_once_and_no_notice_is_sent(client, coordinator, quick_print, monkeypatch):
    monkeypatch.setattr(jobs, "enqueue", lambda job: pytest.fail("the worker was asked"))
    client.force_login(coordinator)
    answer = client.post(reverse("projects:print_start"))
    job = Job.objects.get()
    assert answer.url == reverse("projects:print_download", args=[job.pk])
    assert b"".join(client.get(answer.url).streaming_content) == b"%PDF-1.7 essai"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("limit", "value"), [("MANY", 0), ("A_FEW_SECONDS", 0.0)])
def test_what_has_many_projects_or_much_to_lay_out_goes_to_the_worker(
    client,
    epci,  # noqa: F811
    coordinator,
    quick_print,
    monkeypatch,
    django_capture_on_commit_callbacks,
    limit,
    value,
):
    make_project(epci, "P01")
    monkeypatch.setattr(prints, limit, value)
    monkeypatch.setattr(prints, "wait_for", lambda document, **options: 1.0)
    client.force_login(coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("projects:print_start"))
    assert answer.url == reverse("projects:print_progress", args=[Job.objects.get().pk])
    assert Notice.objects.filter(person=coordinator, kind="printed").count() == 1


def test_what_was_already_laid_out_is_handed_over_at_once_however_long(client, epci, coordinator, monkeypatch):  # noqa: F811
    """The first print lays out; the second finds everything kept."""
    make_project(epci, "P01")
    monkeypatch.setattr(prints, "A_FEW_SECONDS", 0.0)
    choices = Choices(chapters=("sheets",))
    job = prints.print_or_request(by=coordinator, paper=TerritoryReport(epci, choices))
    assert job.state == Job.State.QUEUED
    prints.print_for(job)
    assert prints.print_or_request(by=coordinator, paper=TerritoryReport(epci, choices)).state == Job.State.DONE


def test_a_booklet_is_made_from_the_document_and_a_version_keeps_the_document(epci, coordinator):  # noqa: F811
    make_project(epci, "P01")
    choices = Choices(chapters=("sheets",), format="booklet", version="Adopté")
    job = prints.print_or_request(by=coordinator, paper=TerritoryReport(epci, choices))
    assert job.result.name.endswith("-livret.pdf")
    page = pytest.importorskip("page")
    with pikepdf.open(job.result) as booklet:
        assert len(booklet.pages) % 2 == 0
        width, height = (float(side) for side in booklet.pages[0].mediabox[2:])
        assert width > height
    kept = PrintVersion.objects.get().file.read()
    assert page.validate_pdf_bytes(kept).rules.failed == 0


def test_a_coordinator_asks_waits_and_takes_the_document_away(
    client, coordinator, quick_print, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(prints, "write_if_short", lambda *asked: None)
    client.force_login(coordinator)
    assert client.get(reverse("projects:report")).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("projects:print_start"))
    job = Job.objects.get()
    assert answer.url == reverse("projects:print_progress", args=[job.pk])
    assert job.state == Job.State.DONE
    page = client.get(answer.url).content.decode()
    assert "Le document est prêt" in page
    download = client.get(reverse("projects:print_download", args=[job.pk]))
    assert download["Content-Disposition"].startswith('attachment; filename="projet-de-territoire-249600016')
    assert download["Content-Type"] == "application/pdf"
    assert b"".join(download.streaming_content) == b"%PDF-1.7 essai"


def test_a_file_says_what_it_is_and_its_name_has_no_sign_of_the_storage(client, epci, coordinator, quick_print):  # noqa: F811
    """However many times it is asked for: one that is not public, or not whole, is not taken for the other."""
    client.force_login(coordinator)
    names = []
    for choices in (Choices(), Choices(), Choices(audience="public"), Choices(states=("adopted",), format="a5")):
        job = prints.print_or_request(by=coordinator, paper=TerritoryReport(epci, choices))
        answer = client.get(reverse("projects:print_download", args=[job.pk]))
        names.append(answer["Content-Disposition"].partition("-249600016-")[2][len("2026-11-15") :].strip('"'))
    assert names == [".pdf", ".pdf", "-public.pdf", "-extrait-a5.pdf"]


def test_asking_twice_joins_the_print_under_way(epci, coordinator):  # noqa: F811
    first = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    assert prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices())) == first


@pytest.mark.parametrize("role", [Role.AGENT, Role.ELECTED, Role.COUNCILLOR, Role.ADMINISTRATOR])
def test_only_the_coordination_prints(client, epci, role):  # noqa: F811
    client.force_login(make_user(epci, "autre@x.example", role))
    assert client.get(reverse("projects:report")).status_code == 403
    assert client.post(reverse("projects:print_start")).status_code == 403
    assert not Job.objects.exists()


def test_the_document_of_an_epci_is_hidden_from_the_others(client, epci, coordinator, quick_print):  # noqa: F811
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    prints.print_for(job)
    other = Intercommunality.objects.create(siren="200046977", name="Ailleurs", kind="METRO")
    client.force_login(make_user(other, "ailleurs@x.example", Role.COORDINATOR))
    for name in ("projects:print_progress", "projects:print_download"):
        assert client.get(reverse(name, args=[job.pk])).status_code == 404


def test_starting_a_print_is_never_a_link(client, coordinator):
    client.force_login(coordinator)
    assert client.get(reverse("projects:print_start")).status_code == 405


def test_a_right_withdrawn_before_the_job_runs_prints_nothing(epci, coordinator, quick_print):  # noqa: F811
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    coordinator.groups.clear()
    job = Job.objects.get(pk=job.pk)
    prints.print_for(job)
    assert job.state == Job.State.FAILED
    assert "ne permet plus" in job.message
    assert not job.result


def test_an_account_closed_meanwhile_prints_nothing(epci, coordinator, quick_print):  # noqa: F811
    """Without a person there is no « what they may see »: everything would be printed."""
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    coordinator.delete()
    job.refresh_from_db()
    prints.print_for(job)
    assert job.state == Job.State.FAILED


def test_a_print_that_fails_says_why_and_offers_to_begin_again(client, epci, coordinator, monkeypatch):  # noqa: F811
    def refuse(document, **options):
        raise PrintingError("Un texte est démesuré.")

    monkeypatch.setattr(prints, "print_in_parts", refuse)
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    prints.print_for(job)
    client.force_login(coordinator)
    page = client.get(reverse("projects:print_progress", args=[job.pk])).content.decode()
    assert "Un texte est démesuré." in page
    assert "Recommencer" in page


def test_progress_is_told_without_ever_going_back_or_reaching_the_end(epci, coordinator, monkeypatch, quick_print):  # noqa: F811
    monkeypatch.setattr(prints, "BREATH", 0)
    seen = []
    quick = prints.print_in_parts

    def slow(document, *, on_progress, **options):
        for done in (0, 5, 10):
            on_progress(done, 10)
            job = Job.objects.get()
            seen.append((job.done, job.total))
        return quick(document)

    monkeypatch.setattr(prints, "print_in_parts", slow)
    prints.print_for(prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices())))
    assert seen == [(0, 11), (5, 11), (10, 11)]


@pytest.mark.parametrize(
    ("elapsed", "done", "left", "words"),
    [
        (1, 2, 100, ""),  # too early to say
        (10, 10, 21, ", encore 20 secondes environ"),
        (10, 10, 1, ", encore 5 secondes environ"),
        (10, 10, 60, ", encore 1 minute environ"),
        (10, 10, 200, ", encore 3 minutes environ"),
        (10, 10, 0, ""),
    ],
)
def test_the_time_that_remains_is_said_in_round_words(elapsed, done, left, words):
    assert prints.say_remaining(elapsed, done, left) == words


def test_a_print_can_be_cancelled_and_the_worker_stops(client, epci, coordinator, monkeypatch):  # noqa: F811
    monkeypatch.setattr(prints, "BREATH", 0)
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    client.force_login(coordinator)
    reached = []

    def slow(document, *, on_progress, **options):
        assert "Annuler l’impression" in client.get(reverse("projects:print_progress", args=[job.pk])).content.decode()
        client.post(reverse("projects:print_cancel", args=[job.pk]))
        on_progress(1, 10)
        reached.append("after")

    monkeypatch.setattr(prints, "print_in_parts", slow)
    prints.print_for(job)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert not reached
    page = client.get(reverse("projects:print_progress", args=[job.pk])).content.decode()
    assert "Vous avez annulé ce travail." in page
    assert "Recommencer" in page


def test_a_print_whose_worker_died_is_taken_up_again_and_not_for_ever(
    epci,  # noqa: F811
    coordinator,
    quick_print,
    django_capture_on_commit_callbacks,
):
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    now = timezone.now()
    for attempt in range(1, jobs.RESUMPTIONS + 1):
        Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, heartbeat_at=now - jobs.SILENCE * 2)
        with django_capture_on_commit_callbacks(execute=True):
            jobs.sweep(now)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.DONE, attempt)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, heartbeat_at=now - jobs.SILENCE * 2)
    jobs.sweep(now)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_an_incomplete_print_says_what_it_lacks(client, epci, coordinator, monkeypatch, quick_print):  # noqa: F811
    quick = prints.print_in_parts
    monkeypatch.setattr(
        prints, "print_in_parts", lambda d, **options: replace(quick(d), missing=["la fiche P12", "la fiche P13"])
    )
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    prints.print_for(job)
    client.force_login(coordinator)
    page = client.get(reverse("projects:print_progress", args=[job.pk])).content.decode()
    assert "la fiche P12, la fiche P13." in page
    assert "Télécharger le document" in page


def test_the_page_follows_the_print_with_and_without_javascript(client, epci, coordinator):  # noqa: F811
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()))
    jobs.report(job, done=3, total=10, message="Mise en page")
    client.force_login(coordinator)
    page = client.get(reverse("projects:print_progress", args=[job.pk])).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert '<progress aria-labelledby="progression-impression" value="3" max="10">' in page
    fragment = client.get(reverse("projects:print_progress", args=[job.pk]) + "?fragment=1").content.decode()
    assert "<html" not in fragment
    assert "<progress" in fragment


def test_one_sheet_is_printed_for_the_file_even_before_it_is_admissible(epci):  # noqa: F811
    pdf = services.print_project(make_project(epci, "P01", Status.SUBMITTED), moment="Déposé le 15/11/2026")
    assert pdf.startswith(b"%PDF")
    page = pytest.importorskip("page")
    assert page.validate_pdf_bytes(pdf).rules.failed == 0


def test_the_command_writes_the_file(epci, quick_print, tmp_path, capsys):  # noqa: F811
    make_project(epci, "P01")
    output = tmp_path / "projet.pdf"
    call_command("print_territory_project", epci="249600016", output=output)
    assert output.read_bytes().startswith(b"%PDF")
    assert ": 1 projet, 0,0 Mo, dans" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("siren", "name", "words"),
    [
        ("123456789", "a.pdf", "Aucune intercommunalité ne porte le SIREN « 123456789 »"),
        ("249600016", "absent/a.pdf", "le dossier n’existe pas"),
        ("249600016", ".", "c’est un dossier"),
    ],
)
def test_the_command_refuses_in_one_plain_sentence(epci, quick_print, tmp_path, siren, name, words):  # noqa: F811
    with pytest.raises(CommandError, match=words):
        call_command("print_territory_project", epci=siren, output=tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_the_command_prints_what_is_chosen_and_names_what_may_be(epci, quick_print, monkeypatch, tmp_path):  # noqa: F811
    for reference, status in (("P01", Status.ADOPTED), ("P02", Status.SUBMITTED)):
        make_project(epci, reference, status)
    mandate = Mandate.objects.create(intercommunality=epci, starts_on=dt.date(2026, 4, 9), ends_on=dt.date(2032, 3, 31))
    body = Body.objects.create(intercommunality=epci, kind=Body.Kind.COUNCIL, name="Conseil")
    orientation = Orientation.objects.create(intercommunality=epci, mandate=mandate, code="O1", title="Grandir")
    asked = []
    monkeypatch.setattr(command, "print_whole", lambda report: asked.append(report) or services.print_whole(report))
    one = {"epci": epci.siren, "output": tmp_path / "extrait.pdf"}
    call_command("print_territory_project", state=["submitted"], commune="96001", **one)
    call_command("print_territory_project", orientation="O1", body="Conseil", **one)
    first, second = asked
    assert [sheet.reference for sheet in first.sheets] == ["P02"]
    assert (second.choices.orientation, second.choices.body, second.sheets) == (orientation.pk, body.pk, [])
    for wrong, words in (
        ({"commune": "96999"}, "Choisissez parmi : 96001."),
        ({"public": True, "state": ["submitted"]}, "document pour tout le monde"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("print_territory_project", **one, **wrong)


def test_a_submission_leaves_its_dated_sheet_once_and_for_all(epci, monkeypatch):  # noqa: F811
    monkeypatch.setattr(services, "print_document", lambda document, **options: b"%PDF first")
    project = make_project(epci, "P01", Status.SUBMITTED)
    document = SubmissionDocument.objects.create(
        intercommunality=epci, project=project, submitted_at=timezone.make_aware(dt.datetime(2026, 11, 15, 9, 0))
    )
    tasks.print_submission.call(document.pk)
    document.refresh_from_db()
    assert document.file.name.startswith(f"submissions/{project.pk}/P01-2026-11-15")
    assert document.content_hash == hashlib.sha256(b"%PDF first").hexdigest()
    monkeypatch.setattr(services, "print_document", lambda document, **options: b"%PDF second")
    tasks.print_submission.call(document.pk)
    document.refresh_from_db()
    assert document.file.read() == b"%PDF first"


def test_the_list_of_prints_says_what_each_is_whether_it_is_whole_and_why_it_stopped(client, epci, coordinator):  # noqa: F811
    choices = Choices(audience="public", format="booklet", as_of="2025-12-31", states=("adopted",))
    jobs.finish(
        prints.request_print(by=coordinator, paper=TerritoryReport(epci, choices), queued=False),
        name="essai.pdf",
        content=b"%PDF-1.7",
        message="Le document est prêt, mais incomplet",
        warning="Ce document est incomplet : la fiche P01.",
    )
    stopped = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()), queued=False)
    jobs.fail(stopped, message="L’impression a échoué.")
    client.force_login(coordinator)
    html = client.get(reverse("projects:report")).content.decode()
    assert "Document public, Livret A5 à plier, sur feuilles A4, projets choisis, tel qu’au 31/12/2025" in html
    assert "Terminé, <strong>incomplet</strong>" in html
    assert "Document interne, A4</td>" in html
    assert f'{reverse("projects:print_progress", args=[stopped.pk])}">Voir pourquoi' in html


def test_who_watches_a_worker_that_died_is_told_and_its_work_is_taken_up_again(client, epci, coordinator, monkeypatch):  # noqa: F811
    monkeypatch.setattr(jobs, "_resume", lambda job: Job.objects.filter(pk=job.pk).update(message=jobs.RESUMED))
    job = prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices()), queued=False)
    jobs.report(job, done=3, total=10, message="Mise en page")
    client.force_login(coordinator)
    address = reverse("projects:print_progress", args=[job.pk]) + "?fragment"
    told = "L’imprimeur ne donne plus signe de vie"

    def read(silence: dt.timedelta) -> str:
        Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - silence)
        return client.get(address).content.decode()

    assert told not in read(dt.timedelta(0))
    assert told in read(jobs.HESITATION * 2)
    assert jobs.RESUMED not in read(jobs.HESITATION * 2)
    assert jobs.RESUMED in read(jobs.SILENCE * 2)
