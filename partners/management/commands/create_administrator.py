"""`manage.py create_administrator`: open the first account of an EPCI, which then opens the others."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from partners.people.models import Role
from partners.people.services import welcome
from territories.places.models import Intercommunality


class Command(BaseCommand):
    help = "Ouvre le compte de la première personne qui administre la plateforme pour une intercommunalité."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="prénom et nom")
        parser.add_argument("--epci", required=True, metavar="SIREN")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        epci = Intercommunality.objects.filter(siren=options["epci"]).first()
        if epci is None:
            raise CommandError(
                f"Aucune intercommunalité n’a le SIREN {options['epci']} : chargez-la par import_places."
            )
        person = {"email": options["email"], "full_name": options["name"]}
        try:
            for role in (Role.ADMINISTRATOR, Role.COORDINATOR):
                membership = welcome(**person, intercommunality=epci, role=role, starts_on=timezone.localdate())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{membership.user.email} administre {epci} ; le mot de passe se choisit par « Mot de passe oublié »."
        )
