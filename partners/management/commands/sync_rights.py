"""`manage.py sync_rights`: put rights back in order with the role table, after an upgrade or every night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from cooperation.french import counted
from partners.people.access import grant, group_of, revoke, settle
from partners.people.models import Membership


class Command(BaseCommand):
    help = "Remet les droits en accord avec la table des rôles et retire ceux des rôles terminés."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        in_force = set(Membership.objects.in_force(today).values_list("pk", flat=True))
        settled = set()
        for membership in Membership.objects.select_related("user", "intercommunality"):
            group = group_of(membership)
            if group.pk not in settled:
                settle(group, membership)
                settled.add(group.pk)
            if membership.pk in in_force:
                grant(membership)
            else:
                revoke(membership)
        self.stdout.write(f"{counted(len(in_force), 'rôle')} en vigueur, {counted(len(settled), 'groupe')} en ordre.")
