"""Filters that write French; built in, so that no template has to load them. The rules are in `cooperation.french`."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.safestring import SafeString

from cooperation import french

register = template.Library()


def _amount(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def euros(value: Any, decimals: int = 2) -> str:
    """`{{ amount|euros }}` → « 1 234,50 € », `{{ amount|euros:0 }}` → « 1 235 € »; nothing for nothing."""
    amount = _amount(value)
    return "" if amount is None else french.euros(amount, int(decimals))


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    amount = _amount(value)
    return "" if amount is None else french.number(amount, decimals)


@register.filter
def plural(count: Any, forms: str = ",s") -> str:
    """`projet{{ n|plural }}`, `{{ n|plural:"a,ont" }}`: the plural begins at two, where Django's begins at zero.

    A list counts for as many as it has; one form alone (`plural:"nt"`) is that of the plural.
    """
    one, _, many = (forms if "," in forms else f",{forms}").partition(",")
    value = _amount(len(count) if hasattr(count, "__len__") and not isinstance(count, str) else count)
    return many if value is not None and french.is_plural(value) else one


@register.filter
def percent(value: Any, decimals: int | None = None) -> str:
    """The value is out of a hundred: `{{ 62.95|percent }}` → « 62,95 % »."""
    amount = _amount(value)
    return "" if amount is None else french.percent(amount, decimals)


@register.filter
def date_fr(value: Any) -> str:
    return french.date_fr(value) if isinstance(value, date) else ""


@register.filter
def hour_fr(value: Any) -> str:
    return french.hour_fr(value) if isinstance(value, time | datetime) else ""


@register.filter
def typo(value: Any) -> str:
    """French spaces in plain text. What comes out is plain text again, escaped by the template like any other."""
    return "" if value is None else french.typo(str(value))


@register.filter
def quoted(value: Any) -> str:
    """`{{ project|quoted }}` → « Chantier “zéro déchet” »."""
    return "" if value is None else french.quoted(str(value))


@register.filter
def paragraphs(value: Any) -> SafeString | str:
    return french.paragraphs(str(value)) if value else ""


@register.filter
def de(name: Any, tncc: Any = None) -> str:
    """`{{ commune.name|de:commune.tncc }}` → « d’Orvelle »."""
    return french.with_de(str(name), tncc) if name else ""
