"""`manage.py remind_opinions`: write to those whose opinion is awaited, as the deadline comes."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from projects.opinions.services import remind


class Command(BaseCommand):
    help = "Rappelle les avis attendus à ceux à qui ils sont demandés (à lancer chaque jour)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remind(today=timezone.localdate())} messages sur des avis attendus sont partis.")
