"""What is done with the seal: add a record to the chain of an EPCI, and hand the heads out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction

from cooperation import seal as rules
from projects.seal.models import SealChain, SealedRecord
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

logger = structlog.get_logger(__name__)


@transaction.atomic
def seal(
    *,
    intercommunality: Intercommunality,
    kind: str,
    subject: str,
    facts: Mapping[str, Any],
    by: User | None,
    now: datetime,
) -> SealedRecord:
    """Add a record to the chain of the EPCI, in the transaction of the act; two acts at once follow one another.

    `facts` are plain values (text, whole number, Decimal, day, instant, lists and dicts of them); of a secret ballot,
    totals alone. `subject` names the row, as « decision:12 ».
    """
    chain = lock(intercommunality)
    record = SealedRecord(
        intercommunality=intercommunality,
        sequence=chain.length + 1,
        kind=kind,
        subject=subject,
        facts=rules.canonical(facts),
        previous=chain.head,
        sealed_at=now,
        by_name=str(by)[:150] if by else "",
    )
    record.digest = record.link.expected
    record.clean_fields()
    record.save()
    chain.length, chain.head = record.sequence, record.digest
    chain.save()
    transaction.on_commit(partial(log_head, intercommunality.siren, record.sequence, record.digest))
    return record


def lock(intercommunality: Intercommunality) -> SealChain:
    """The chain of the EPCI, locked until the end of the transaction; the first act begins it."""
    start = {"head": rules.anchor(intercommunality.siren)}
    SealChain.objects.get_or_create(intercommunality=intercommunality, defaults=start)
    return SealChain.objects.select_for_update().get(intercommunality=intercommunality)


def log_head(siren: str, sequence: int, digest: str) -> None:
    """A head in the log is a witness kept outside the database; it names nobody."""
    logger.info("sealed", siren=siren, sequence=sequence, head=digest)


def heads(intercommunality: Intercommunality | None = None) -> list[dict[str, Any]]:
    """The last record of every chain, as it is kept elsewhere."""
    chains = (
        SealChain.objects.filter(length__gt=0).select_related("intercommunality").order_by("intercommunality__siren")
    )
    if intercommunality is not None:
        chains = chains.filter(intercommunality=intercommunality)
    return [{"siren": one.intercommunality.siren, "sequence": one.length, "head": one.head} for one in chains]


def export(*, key: str, now: datetime) -> dict[str, Any]:
    """The heads, their date and the signature that the key gives them."""
    told = {"heads": heads(), "exported_at": now.isoformat(timespec="seconds")}
    return told | {"signature": rules.signature_of(told, key)}
