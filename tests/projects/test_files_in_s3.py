"""Files kept in S3: none takes the place of another; out of reach, one sentence and nothing half written."""

from __future__ import annotations

import socket
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from structlog.testing import capture_logs

from cooperation import jobs
from cooperation.environment import Environment
from cooperation.files import FilesOutOfReach
from cooperation.models import Job
from partners.people.models import User
from projects.models import Document, DocumentVersion, Status, SubmissionDocument
from projects.report import services as report
from projects.report import tasks
from tests.factories import make_agent, make_epci, make_project
from tests.projects.hostile_files import PDF

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SENTENCE = "Les fichiers ne sont pas accessibles pour le moment"


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as files need: write, read, look, delete; `kept` is by address."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, content=b"", *, told=True):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"0"')
        self.end_headers()
        if told:
            self.wfile.write(content)

    def do_PUT(self):
        self.server.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(dict(self.headers))
        self.answer(200)

    def do_GET(self, *, told=True):
        found = self.server.kept.get(self.path)
        self.answer(404 if found is None else 200, found or b"", told=told)

    def do_HEAD(self):
        self.do_GET(told=False)

    def do_DELETE(self):
        self.server.kept.pop(self.path, None)
        self.answer(204)

    def log_message(self, *args):
        """Says nothing among the results of the tests."""


def storages_at(port, folder):
    said = {"S3_BUCKET": "projets", "S3_ENDPOINT": f"http://127.0.0.1:{port}", "S3_REGION": "fr-par"}
    return Environment(said | {"S3_ACCESS_KEY": "nous", "S3_SECRET_KEY": "secret", "DEBUG": "1"}, folder).storages(
        folder
    )


@pytest.fixture
def bucket(settings, tmp_path):
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        server.kept, server.asked = {}, []
        Thread(target=server.serve_forever, daemon=True).start()
        settings.STORAGES = storages_at(server.server_port, tmp_path)
        yield server
        server.shutdown()


@pytest.fixture
def away(tmp_path):
    """The same settings, where nothing answers."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # kept, and not listened to
        yield storages_at(closed.getsockname()[1], tmp_path)


@pytest.fixture
def project(client):
    epci = make_epci()
    project = make_project(epci, author=make_agent(epci), status=Status.ADOPTED)
    client.force_login(User.objects.get(pk=project.author.pk), BACKEND)
    return project


def upload(client, project, title="Étude"):
    said = {"title": title, "upload": SimpleUploadedFile("etude.pdf", PDF)}
    return client.post(reverse("projects:documents", args=[project.pk]), said)


def a_print():
    job = Job.objects.create(kind="report", intercommunality_id=1)
    jobs.finish(job, name="projet.pdf", content=f"%PDF {job.pk}".encode())
    return job


def test_a_document_goes_into_the_bucket_and_comes_out_by_the_same_door(client, project, bucket):
    assert upload(client, project).status_code == 302
    version = DocumentVersion.objects.get()
    assert bucket.kept == {f"/projets/{version.file.name}": PDF}
    answer = client.get(reverse("projects:document_download", args=[project.pk, version.document_id, 1]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="etude.pdf"'
    assert not [name for name in bucket.asked[0] if "checksum" in name.lower() or "trailer" in name.lower()]


def test_a_print_never_takes_the_place_of_another_of_the_same_name(bucket):
    """Two people may print under one name on one day, and not be shown the same."""
    first, second = a_print(), a_print()
    assert first.result.name != second.result.name
    assert [job.result.open("rb").read() for job in (first, second)] == [
        f"%PDF {first.pk}".encode(),
        f"%PDF {second.pk}".encode(),
    ]


def test_a_print_of_a_month_ago_leaves_the_bucket(bucket):
    job = a_print()
    assert len(bucket.kept) == 1
    assert jobs.forget(job.finished_at + jobs.KEPT + timedelta(seconds=1)) == 1
    assert bucket.kept == {}


def test_a_file_that_is_not_there_is_told_from_a_place_that_does_not_answer(bucket, settings, away):
    with pytest.raises(FileNotFoundError):
        default_storage.open("documents/perdu")
    settings.STORAGES = away
    acts = (
        lambda: default_storage.open("documents/perdu"),
        lambda: default_storage.save("documents/neuf", ContentFile(b"neuf")),
        lambda: default_storage.delete("documents/perdu"),
        lambda: default_storage.exists("documents/perdu"),
    )
    for act in acts:
        with capture_logs() as lines, pytest.raises(FilesOutOfReach):
            act()
        assert {(one["event"], one["error"]) for one in lines} == {("files_out_of_reach", "EndpointConnectionError")}


def test_out_of_reach_an_upload_is_told_in_its_form_and_leaves_no_half_row(client, project, settings, away):
    settings.STORAGES = away
    answer = upload(client, project, title="Étude de sol")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert SENTENCE in page and 'value="Étude de sol"' in page
    assert not Document.objects.exists() and not DocumentVersion.objects.exists()


def test_out_of_reach_a_file_is_one_sentence(client, project, bucket, settings, away):
    upload(client, project)
    settings.STORAGES = away
    version = DocumentVersion.objects.get()
    answer = client.get(reverse("projects:document_download", args=[project.pk, version.document_id, 1]))
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert SENTENCE in answer.content.decode()


def test_out_of_reach_old_prints_wait_for_another_night(bucket, settings, away):
    job = a_print()
    long_after = job.finished_at + jobs.KEPT + timedelta(days=1)
    there = settings.STORAGES
    settings.STORAGES = away
    assert jobs.forget(long_after) == 0  # and the orders that follow, the seal among them, are carried out
    settings.STORAGES = there
    job.refresh_from_db()
    assert job.result
    assert jobs.forget(long_after) == 1


def test_out_of_reach_the_document_of_a_submission_is_tried_again(project, settings, away, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "printing"]}}
    monkeypatch.setattr(report, "print_project", lambda *args, **kwargs: PDF)
    document = SubmissionDocument.objects.create(
        intercommunality_id=project.intercommunality_id, project=project, submitted_at=timezone.now()
    )
    settings.STORAGES = away
    tasks.print_submission.call(document.pk)
    again = DBTaskResult.objects.get()
    assert (again.args_kwargs["args"], again.queue_name) == ([document.pk], "printing")
    assert again.run_after > timezone.now()
    document.refresh_from_db()
    assert not document.file
