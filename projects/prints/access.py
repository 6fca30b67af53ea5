"""The gate through which a view obtains a print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404

from cooperation.models import Job
from projects.prints.papers import Paper, read_paper

if TYPE_CHECKING:
    from partners.people.models import User


def get_print(user: User, pk: int) -> tuple[Job, Paper]:
    """A print and its paper: open to the person today, and asked for by them unless it is shared; 404 otherwise."""
    job = get_object_or_404(Job.objects.filter(kind__in=list(settings.PRINTED_PAPERS)), pk=pk)
    paper = read_paper(job)
    is_theirs = paper is not None and (paper.is_shared or job.requested_by_id == user.pk)
    if paper is None or not is_theirs or not paper.is_open_to(user):
        raise Http404("Cette impression n’existe pas, ou ne vous est pas ouverte.")
    return job, paper
