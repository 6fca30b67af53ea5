"""What is done with the register: file an act under its number, export the published deliberations."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from partners.governance.models import Body
from partners.people.access import scope_of
from projects.deliberation.act_services import standing
from projects.deliberation.models import Decision, Outcome
from projects.register.models import ActFiling
from projects.register.scdl import COLUMNS, Deliberation, row_of
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

TOGETHER = 1_000  # deliberations read at once
# What a body adopts is a deliberation; what it rejects or puts off is not.
ADOPTED = (Outcome.ADOPTED, Outcome.ADOPTED_MODIFIED, Outcome.TAKEN_NOTE)


@transaction.atomic
def file_act(*, filing: ActFiling, by: User) -> ActFiling:
    """Write under which number and matter an act is kept, and when legality control received it."""
    if not scope_of(by).may("plan_sessions", filing.intercommunality_id):
        raise PermissionDenied("Votre rôle ne permet pas d’enregistrer les actes.")
    Decision.objects.select_for_update(of=("self",)).get(pk=filing.decision_id)
    filing.full_clean()
    filing.save()
    return filing


@transaction.atomic
def remember_siret(intercommunality: Intercommunality, *, siret: str, by: User) -> None:
    """Keep the establishment in whose name open data are published, so that it is asked once."""
    if not scope_of(by).may("plan_sessions", intercommunality.pk):
        raise PermissionDenied("Votre rôle ne permet pas de retenir ce numéro.")
    locked = Intercommunality.objects.select_for_update().get(pk=intercommunality.pk)
    locked.siret = siret
    locked.full_clean()
    locked.save(update_fields=["siret", "updated_at"])


def deliberations(intercommunality: Intercommunality) -> QuerySet[Decision]:
    """The published deliberations of the bodies that decide, the oldest first."""
    found = Decision.objects.filter(
        intercommunality=intercommunality,
        item__session__publication__isnull=False,
        item__session__body__power=Body.Power.DECIDING,
        outcome__in=ADOPTED,
    )
    found = found.select_related("item__session__body", "item__project", "filing").prefetch_related("corrections")
    return found.order_by("item__session__held_on", "item__position", "pk")


def filed(intercommunality: Intercommunality) -> QuerySet[Decision]:
    """The deliberations that have a number and a matter."""
    return deliberations(intercommunality).filter(filing__isnull=False)


def unfiled(intercommunality: Intercommunality) -> QuerySet[Decision]:
    """The deliberations that wait for their number and matter: the schema requires both, and nothing is invented."""
    return deliberations(intercommunality).filter(filing__isnull=True)


def exported(intercommunality: Intercommunality, address: Callable[[Decision], str]) -> Iterator[Deliberation]:
    """The deliberations as open data tells them, a thousand at a time: their number does not matter."""
    for one in filed(intercommunality).iterator(chunk_size=TOGETHER):
        yield told(one, address(one))


def told(decision: Decision, url: str) -> Deliberation:
    filing, now = decision.filing, standing(decision)
    return Deliberation(
        number=filing.number,
        day=decision.item.session.held_on,
        matter=filing.matter,
        subject=decision.item.project.title,
        budget_year=filing.budget_year,
        budget_name=filing.budget_name,
        prefecture=filing.prefecture,
        received_on=filing.received_on,
        in_office=now.in_office,
        votes_for=now.votes_for,
        votes_against=now.votes_against,
        abstentions=now.abstentions,
        url=url,
    )


def as_csv(rows: Iterable[Deliberation], *, name: str, siret: str) -> Iterator[str]:
    """UTF-8, comma, the exact header; a cell that a spreadsheet would take for a formula is kept as text."""
    line = io.StringIO()
    writer = csv.DictWriter(line, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in rows:
        yield taken(line)
        writer.writerow({column: harmless(value) for column, value in row_of(one, name=name, siret=siret).items()})
    yield taken(line)


def taken(line: io.StringIO) -> str:
    """What was written, which leaves its place to the next line."""
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def harmless(value: str) -> str:
    """A text that begins like a formula is preceded by a space: read as it is, never computed."""
    return f" {value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
