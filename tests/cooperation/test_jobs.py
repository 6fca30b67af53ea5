"""A job says how far it got; one whose worker died is closed with a sentence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cooperation import jobs
from cooperation.models import Job

pytestmark = pytest.mark.django_db


def a_job():
    return Job.objects.create(kind="report", intercommunality_id=1)


def test_a_report_is_also_a_sign_of_life():
    job = a_job()
    jobs.report(job, done=3, total=30, message="Fiche 3 sur 30")
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.RUNNING, 3, 30)
    assert job.heartbeat_at is not None


def test_a_finished_job_keeps_its_result():
    job = a_job()
    jobs.start(job, total=2)
    jobs.finish(job, name="projet.pdf", content=b"%PDF")
    assert job.is_over
    assert job.done == 2
    assert job.result.read() == b"%PDF"


def test_a_silent_job_is_closed_and_a_living_one_is_not():
    silent, living = a_job(), a_job()
    jobs.start(silent)
    jobs.start(living)
    now = timezone.now()
    Job.objects.filter(pk=silent.pk).update(heartbeat_at=now - jobs.SILENCE - timedelta(seconds=1))
    assert jobs.sweep(now) == 1
    silent.refresh_from_db()
    living.refresh_from_db()
    assert (silent.state, living.state) == (Job.State.FAILED, Job.State.RUNNING)
    assert silent.message == jobs.INTERRUPTED


def test_a_result_is_kept_a_month_then_leaves_with_its_file():
    job = a_job()
    jobs.finish(job, name="projet.pdf", content=b"%PDF", warning="Il manque P03.")
    storage, name = job.result.storage, job.result.name
    assert jobs.forget(job.finished_at + jobs.KEPT) == 0
    assert storage.exists(name)
    assert jobs.forget(job.finished_at + jobs.KEPT + timedelta(seconds=1)) == 1
    job.refresh_from_db()
    assert (job.is_over, bool(job.result), job.message, job.warning) == (True, False, jobs.FORGOTTEN, "")
    assert not storage.exists(name)
    assert jobs.forget(job.finished_at + 2 * jobs.KEPT) == 0
