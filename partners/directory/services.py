"""What is done in the directory: writing a partner, writing and erasing a relay person, merging two partners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.dispatch import Signal
from django.utils import timezone
from simple_history.utils import update_change_reason

from cooperation.history import sign
from partners.directory.models import Distinction, Partner, Relay

if TYPE_CHECKING:
    from partners.people.models import User

# A relay person, while still named, is about to be erased: rooms above that froze the name write their rows again.
relay_erasing = Signal()
# What the one kept takes from the other when it does not know it.
COMPLETED = ("code", "role", "siret", "rna", "description", "address", "website", "phone", "email")


@transaction.atomic
def save_partner(*, partner: Partner, communes: Any, competences: Any, by: models.Model) -> Partner:
    """Write a partner with what it serves. Raises `ValidationError` when a number or the name is refused."""
    sign(partner, by=by)
    partner.full_clean()
    partner.save()
    partner.communes.set(communes)
    partner.competences.set(competences)
    return partner


@transaction.atomic
def save_relay(*, relay: Relay, by: models.Model) -> Relay:
    """Write a relay person; a role left vacant by an erasure receives somebody again."""
    if relay.full_name:
        relay.erased_on = None
    sign(relay, by=by)
    relay.full_clean()
    relay.save()
    return relay


@transaction.atomic
def erase_relay(*, relay: Relay, by: models.Model) -> Relay:
    """Erase a person (RGPD, art. 17), everywhere and from the history; the role stays, to be filled.

    What points at the person without needing them (the actor of a project) is told that they are to be found;
    what means nothing without them (an invitation) goes; what was said for the structure names nobody any more.
    """
    if relay.full_name:
        relay_erasing.send(sender=Relay, relay=relay)
    for relation, rows in relations_to(relay):
        if relation.field.null:
            for row in rows:
                setattr(row, relation.field.name, None)
                row.save()
        else:
            rows.delete()
    relay.full_name = relay.phone = relay.email = relay.consent_means = ""
    relay.consented_on = relay.retained_until = None
    relay.erased_on = timezone.localdate()
    sign(relay, by=by)
    relay.full_clean()
    relay.save()
    update_change_reason(relay, "Données personnelles effacées")
    relay.history.update(full_name="", consented_on=None, consent_means="")
    return relay


@transaction.atomic
def merge_partners(*, kept: Partner, merged: Partner, by: models.Model) -> int:
    """Merge a partner into another; returns how many rows were moved.

    Whatever points at the merged one is found through Django's own list of relations, so that the rooms above follow
    without being named here. The merged one stays as a pointer: its old address leads to the one kept. A row that the
    one kept already has (the same person in the same role) stays where it is: nothing is lost, nothing is double.

    Raises `ValidationError` when the two are the same, of two EPCIs, or when one is already merged.
    """
    if kept.pk == merged.pk or kept.intercommunality_id != merged.intercommunality_id:
        raise ValidationError("Choisissez deux partenaires différents de la même intercommunalité.")
    locked = {one.pk: one for one in Partner.objects.select_for_update().filter(pk__in=(kept.pk, merged.pk))}
    kept, merged = locked[kept.pk], locked[merged.pk]
    if kept.merged_into_id or merged.merged_into_id:
        raise ValidationError("L’un des deux est déjà fusionné : rouvrez la liste des doublons.")
    moved = sum(_move(row, relation, kept) for relation, rows in relations_to(merged) for row in rows)
    for name in COMPLETED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(merged, name))
    if kept.kind == Partner.Kind.OTHER:
        kept.kind = merged.kind
    merged.merged_into = kept
    for one, reason in ((kept, f"Fusion : reçoit « {merged} »"), (merged, f"Fusion : rejoint « {kept} »")):
        sign(one, by=by, because=reason)
        one.full_clean()
        one.save()
    return moved


@transaction.atomic
def tell_apart(*, one: Partner, other: Partner, by: User, on: date) -> Distinction:
    """Remember that two partners that look alike are two; said again, it stays as it was said.

    Raises `ValidationError` when they are the same one, or of two EPCIs.
    """
    if one.pk == other.pk or one.intercommunality_id != other.intercommunality_id:
        raise ValidationError("Choisissez deux partenaires différents de la même intercommunalité.")
    list(Partner.objects.select_for_update().filter(pk__in=(one.pk, other.pk)).order_by("pk"))
    if said := Distinction.objects.between(one, other).first():
        return said
    said = Distinction(
        intercommunality_id=one.intercommunality_id,
        first=one,
        second=other,
        said_on=on,
        said_by=by,
        said_by_name=str(by),
    )
    sign(said, by=by)
    said.full_clean()
    said.save()
    return said


@transaction.atomic
def take_distinction_back(*, distinction: Distinction, by: User) -> None:
    """Propose the two for comparison again; the history keeps what was said."""
    sign(distinction, by=by)
    distinction.delete()


def _move(row: models.Model, relation: ForeignObjectRel, kept: Partner) -> bool:
    """Point a row at the one kept; false when it is already said there."""
    setattr(row, relation.field.name, kept)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        if row._meta.auto_created:  # a mere link, which the one kept already has
            row.delete()
        return False
    return True


def relations_to(thing: models.Model) -> Iterator[tuple[ForeignObjectRel, Any]]:
    """What points at a row, in every room, links of many-to-many included and history left as it was written."""
    for relation in thing._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is models.DO_NOTHING:
            continue
        manager = relation.related_model._base_manager
        yield relation, manager.filter(**{relation.field.name: thing})
