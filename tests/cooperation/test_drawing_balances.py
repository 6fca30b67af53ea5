"""Bars stand on either side of zero, to one scale, each beside its figure."""

from __future__ import annotations

from decimal import Decimal

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cooperation.drawing.balances import Item, draw_balances

AMOUNTS = st.lists(st.decimals(min_value="-99999", max_value="99999", places=2), min_size=1, max_size=40)


@given(AMOUNTS)
def test_bars_start_at_zero_and_stay_inside(amounts):
    drawn = draw_balances([Item(f"C{n}", amount) for n, amount in enumerate(amounts)], title="x", width=240)
    if not any(amounts):
        assert drawn is None
        return
    for beam in drawn.beams:
        start = beam.x + beam.length if beam.is_negative else beam.x
        assert abs(start - drawn.zero) < 0.11
        assert beam.x >= -0.11 and beam.x + beam.length <= 240.2


def test_nothing_to_compare_draws_nothing():
    assert draw_balances([], title="x") is None
    assert draw_balances([Item("A", Decimal(0))], title="x") is None


def test_every_figure_is_written_beside_its_bar():
    drawn = draw_balances([Item("Orvelle", Decimal("12.5")), Item("Vaudreline", Decimal("-3"))], title="Solde")
    html = render_to_string("drawing/_balances.html", {"balances": drawn, "key": "k", "head": "Commune"})
    assert "12,50\u00a0€" in html and "\u22123,00\u00a0€" in html
    assert html.count("balances__beam--minus") == 1
    assert "style=" not in html
