"""A number is read as people write it, and shown again with its spaces."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField

from cooperation.forms import MISSING, EurosField, FrenchDecimalField


@pytest.mark.parametrize(
    ("written", "read"),
    [("12 350,50 €", "12350.50"), ("12\u202f350,5", "12350.5"), ("-3900", "-3900"), ("\u22123 900,00", "-3900.00"),
     ("20 %", "20"), ("0", "0")],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written(written, read):
    assert FrenchDecimalField().clean(written) == Decimal(read)


@pytest.mark.parametrize("written", ["douze", "1,234", "1.2.3", "NaN", "1e400"])
def test_what_is_not_an_amount_is_refused(written):
    with pytest.raises(ValidationError):
        FrenchDecimalField().clean(written)


def test_an_amount_cannot_be_negative_where_it_makes_no_sense():
    with pytest.raises(ValidationError, match="ne peut pas être négatif"):
        EurosField().clean("-1")


def test_what_is_shown_is_read_back_the_same():
    field = FrenchDecimalField()
    for amount in (Decimal("-18400.00"), Decimal("94500.25"), Decimal("0.10")):
        assert field.clean(field.prepare_value(amount)) == amount


def test_what_was_typed_wrong_is_shown_as_it_was():
    assert FrenchDecimalField().prepare_value("douze") == "douze"


@pytest.mark.parametrize("kind", sorted(MISSING, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_an_empty_field_says_what_it_waits_for(kind):
    """« Ce champ est obligatoire » tells nobody what to do; its name and the kind of answer stand together."""
    asked = {"queryset": get_user_model().objects.none()} if issubclass(kind, ModelChoiceField) else {}
    said = kind(**asked).error_messages["required"]
    assert said == MISSING[kind] and "obligatoire" not in said
