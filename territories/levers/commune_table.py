"""A form that is a table: one line for each commune, one column for each figure, every cell with its own label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from cooperation.forms import FrenchDecimalField
from territories.places.models import Commune


@dataclass(frozen=True)
class Column:
    """A column of figures; `places` digits after the comma, negative figures only where they make sense."""

    code: str
    label: str
    places: int = 2
    may_be_negative: bool = False


class CommuneTableForm(forms.Form):
    """The base of the forms typed commune by commune; an empty cell is nothing, not zero."""

    def __init__(
        self,
        *args: Any,
        communes: Sequence[Commune],
        columns: Sequence[Column],
        cells: Mapping[tuple[str, int], Decimal | None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.communes, self.columns, cells = list(communes), list(columns), cells or {}
        self.cell_names = {self.name_of(column.code, commune) for column in columns for commune in communes}
        for commune in self.communes:
            for column in self.columns:
                self.fields[self.name_of(column.code, commune)] = FrenchDecimalField(
                    label=f"{commune.name}, {column.label}",
                    required=False,
                    decimal_places=column.places,
                    min_value=None if column.may_be_negative else 0,
                    initial=cells.get((column.code, commune.pk)),
                )

    @staticmethod
    def name_of(code: str, commune: Commune) -> str:
        return f"{code}_{commune.insee_code}"

    def put_cells_last(self) -> None:
        """The errors are told in the order of the page: the figures of the communes stand at its end."""
        self.order_fields([name for name in self.fields if name not in self.cell_names])

    def rows(self) -> list[dict[str, Any]]:
        """The lines to write: a commune, and its bound cells with the column each stands in."""
        return [
            {
                "commune": commune,
                "cells": [(column.label, self[self.name_of(column.code, commune)]) for column in self.columns],
            }
            for commune in self.communes
        ]

    def cell(self, code: str, commune: Commune) -> Decimal | None:
        return self.cleaned_data.get(self.name_of(code, commune))

    def column_values(self, code: str) -> dict[int, Decimal]:
        """What is written in a column, by primary key of commune."""
        found = ((commune.pk, self.cell(code, commune)) for commune in self.communes)
        return {pk: value for pk, value in found if value is not None}
