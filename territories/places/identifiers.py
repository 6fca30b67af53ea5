"""The numbers by which a public body and an establishment are recognised, those of an EPCI as those of a partner."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number


def validate_siren(value: str) -> None:
    """Refuse a SIREN that is not 9 digits with a right Luhn key."""
    if not siren_number.is_valid(value) or value != siren_number.compact(value):
        raise ValidationError(f"« {value} » n’est pas un numéro SIREN : il faut 9 chiffres et une clé juste.")


def validate_siret(value: str) -> None:
    """Refuse a SIRET that is not 14 digits with a right key (Luhn, or the rule of La Poste)."""
    if not re.fullmatch(r"[0-9]{14}", value):
        raise ValidationError(f"« {value} » n’est pas un numéro SIRET : il faut 14 chiffres.")
    if not siret_number.is_valid(value):
        raise ValidationError(f"« {value} » n’est pas un numéro SIRET : sa clé est fausse, relisez chaque chiffre.")
