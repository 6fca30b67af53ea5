"""Filters that write French: amounts, percentages and counts, with their spaces and commas.

The functions are plain, so that a sentence composed in Python writes its figures like the tables do.
"""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()

NARROW = "\N{NARROW NO-BREAK SPACE}"  # between groups of three figures
FIXED = "\N{NO-BREAK SPACE}"  # before a unit


@register.filter
def integer(value: int | Decimal | None) -> str:
    """1234567 → « 1 234 567 »."""
    return "" if value is None else f"{int(value):,}".replace(",", NARROW)


@register.filter
def euros(value: Decimal | int | None) -> str:
    """1234.5 → « 1 234,50 € »; whole amounts go without cents."""
    if value is None or value == "":
        return ""
    amount = Decimal(value).quantize(Decimal("0.01"))
    text = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return text.replace(",", NARROW).replace(".", ",").replace("-", "−") + f"{FIXED}€"


@register.filter
def percent(value: Decimal | float | None) -> str:
    """70.59 → « 70,59 % », with the decimals it was given."""
    return "" if value is None else f"{value}".replace(".", ",") + f"{FIXED}%"
