"""The number by which an establishment is recognised, that of an EPCI as that of a partner."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from stdnum.fr import siret as siret_number


def validate_siret(value: str) -> None:
    """Refuse a SIRET that is not 14 digits with a right key (Luhn, or the rule of La Poste)."""
    if not re.fullmatch(r"[0-9]{14}", value):
        raise ValidationError(f"« {value} » n’est pas un numéro SIRET : il faut 14 chiffres.")
    if not siret_number.is_valid(value):
        raise ValidationError(f"« {value} » n’est pas un numéro SIRET : sa clé est fausse, relisez chaque chiffre.")
