"""One print cannot starve the others: it leaves the worker to those who wait, EPCI by EPCI, and loses nothing."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from itertools import count

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cooperation import jobs
from cooperation.models import Job
from cooperation.printing.workshop import Table
from partners.models import Role
from projects.models import Status
from projects.prints import services as prints
from projects.prints.tasks import print_next
from projects.report import tasks
from projects.report.choices import Choices
from projects.report.papers import TerritoryReport
from tests.factories import make_epci, make_member, make_project

pytestmark = pytest.mark.django_db
LONG = timedelta(hours=1)


class Queue:
    """The queue of the platform, and a worker that does one task at a time."""

    def __init__(self, capture):
        self.capture = capture
        self.epcis = [make_epci(index) for index in range(3)]
        self.people = [
            make_member(epci, Role.COORDINATOR, name=f"Coordination {n}") for n, epci in enumerate(self.epcis)
        ]
        self.names = count(1)

    def ask(self, index, **choices):
        with self.capture(execute=True):
            return prints.request_print(
                by=self.people[index], paper=TerritoryReport(self.epcis[index], Choices(**choices))
            )

    def work(self):
        """Do the next task, as `db_worker` takes it; returns whether there was one."""
        ticket = DBTaskResult.objects.ready().first()
        if ticket is None:
            return False
        ticket.claim(f"worker-{next(self.names)}")
        with self.capture(execute=True):
            ticket.task.call(*ticket.args_kwargs["args"], **ticket.args_kwargs["kwargs"])
        ticket.set_successful(None)
        return True


@pytest.fixture
def queue(settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "printing"]}}
    monkeypatch.setattr(prints, "BREATH", 0)
    monkeypatch.setattr(jobs, "TURN", timedelta(0))
    return Queue(django_capture_on_commit_callbacks)


def states(*asked):
    return [Job.objects.get(pk=job.pk).state for job in asked]


def test_a_short_print_of_one_epci_passes_before_the_end_of_a_long_one_of_another(queue, monkeypatch):
    """What was laid out before leaving is not laid out again."""
    for number in range(6):
        make_project(queue.epcis[0], status=Status.ADOPTED, title=f"Long {number}")
    make_project(queue.epcis[1], status=Status.ADOPTED, title="Court")
    laid_out = []
    collect = Table.collect

    def count_pieces(table):
        before = set(table.over)
        collect(table)
        laid_out.extend(table.pieces[name].key for name in table.over - before)

    monkeypatch.setattr(Table, "collect", count_pieces)
    long, short = queue.ask(0), queue.ask(1)
    assert queue.work()
    long.refresh_from_db()
    assert (long.state, long.message) == (Job.State.QUEUED, jobs.GAVE_WAY)
    assert 0 < long.done < long.total
    monkeypatch.setattr(jobs, "TURN", LONG)
    assert queue.work()
    assert states(long, short) == [Job.State.QUEUED, Job.State.DONE]
    assert queue.work()
    assert states(long, short) == [Job.State.DONE, Job.State.DONE]
    assert not queue.work()
    assert len(laid_out) == len(set(laid_out))
    long.refresh_from_db()
    assert (long.warning, long.attempts) == ("", 0)


def test_whoever_is_alone_keeps_the_worker_to_the_end(queue):
    make_project(queue.epcis[0], status=Status.ADOPTED, title="Seul")
    alone = queue.ask(0)
    queue.work()
    assert states(alone) == [Job.State.DONE]


def test_a_turn_is_not_cut_before_its_end(queue, monkeypatch):
    monkeypatch.setattr(jobs, "TURN", LONG)
    make_project(queue.epcis[0], status=Status.ADOPTED, title="Première")
    first, second = queue.ask(0), queue.ask(1)
    queue.work()
    assert states(first, second) == [Job.State.DONE, Job.State.QUEUED]


def test_the_sheet_of_a_submission_that_waits_is_enough_to_give_way(queue):
    job = Job.objects.create(kind=TerritoryReport.kind, intercommunality_id=queue.epcis[0].pk, state=Job.State.RUNNING)
    assert not jobs.somebody_waits()
    print_next.enqueue()  # a ticket without a print behind it keeps nobody waiting
    assert not jobs.somebody_waits()
    tasks.print_submission.enqueue(1)
    assert jobs.somebody_waits()
    heard = prints.note_progress(job, iter(range(100)).__next__)
    heard(0, 10)
    with pytest.raises(jobs.GaveWay):
        heard(1, 10)


def test_what_a_person_waits_for_before_the_page_never_gives_way(queue):
    job = Job.objects.create(kind=TerritoryReport.kind, intercommunality_id=queue.epcis[0].pk, state=Job.State.RUNNING)
    queue.ask(1)
    heard = prints.note_progress(job, iter(range(100)).__next__, gives_way=False)
    for done in range(3):
        heard(done, 10)
    assert states(job) == [Job.State.RUNNING]


def test_an_epci_that_asks_for_much_takes_one_turn_in_as_many_as_there_are_epcis(queue):
    """However early its prints were asked for; its own share the turns that it has."""
    mine = [queue.ask(0, version=f"Version {n}") for n in range(4)]
    theirs, others = queue.ask(1), queue.ask(2)
    names = {
        job.pk: name for job, name in zip([*mine, theirs, others], ("A1", "A2", "A3", "A4", "B", "C"), strict=True)
    }
    order = []
    for _ in range(9):
        job = jobs.take_turn([TerritoryReport.kind])
        order.append(names[job.pk])
        jobs.give_way(job)
    assert order == ["A1", "B", "C", "A2", "B", "C", "A3", "B", "C"]


def test_a_print_whose_worker_died_is_taken_up_by_the_process_that_sends_the_mails(queue):
    """Nobody need watch its page; one that lives is left alone."""
    dead, living = queue.ask(0), queue.ask(1)
    for job in (dead, living):
        jobs.take_turn([TerritoryReport.kind])
        DBTaskResult.objects.ready().first().claim("a worker that was killed")
        jobs.report(job, done=3, total=10)
    Job.objects.filter(pk=dead.pk).update(heartbeat_at=timezone.now() - jobs.SILENCE * 2)
    with queue.capture(execute=True):
        call_command("send_notices", stdout=StringIO())
    assert states(dead, living) == [Job.State.QUEUED, Job.State.RUNNING]
    queue.work()
    assert states(dead) == [Job.State.DONE]


def test_two_workers_never_take_the_same_print_and_one_printed_at_once_is_not_theirs(queue):
    first = queue.ask(0)
    prints.request_print(by=queue.people[1], paper=TerritoryReport(queue.epcis[1], Choices()), queued=False)
    assert jobs.take_turn([TerritoryReport.kind]) == first
    assert jobs.take_turn([TerritoryReport.kind]) is None


def test_a_print_cancelled_while_it_gives_way_stays_cancelled(queue):
    job = queue.ask(0)
    taken = jobs.take_turn([TerritoryReport.kind])
    jobs.cancel(job)
    with pytest.raises(jobs.Cancelled):
        jobs.give_way(taken)
    assert states(job) == [Job.State.CANCELLED]
    assert Job.objects.get(pk=job.pk).finished_at <= timezone.now()


def test_a_job_whose_ticket_was_lost_in_an_upgrade_is_called_again_once(queue):
    job = queue.ask(0)
    DBTaskResult.objects.all().delete()  # what becomes of a ticket whose task bears another name now
    assert not queue.work()
    for later, called in ((timedelta(), 0), (LONG, 1), (LONG, 0)):  # it may be on its way, is lost, has another
        with queue.capture(execute=True):
            assert jobs.sweep(timezone.now() + later) == called
    assert queue.work()
    assert not queue.work()
    job.refresh_from_db()
    assert job.is_over
