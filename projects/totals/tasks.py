"""Work of the sums done by the worker."""

from __future__ import annotations

from django_tasks import task

from projects.totals import services


@task
def count_again(intercommunality_id: int) -> None:
    """Count what changed in many projects at once; whoever reads a sum meanwhile counts what is left of it."""
    services.settle(intercommunality_id)
