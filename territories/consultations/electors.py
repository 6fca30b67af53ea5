"""The communes of an EPCI as a consultation asks them: with the populations in force on the day of the act."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max

from territories.consultations.outcome import Voice
from territories.consultations.procedures import Position
from territories.places.models import Commune, Intercommunality, Population


@dataclass(frozen=True)
class Elector:
    """A member commune with both populations: PTOT for majorities (CGCT, art. R. 2151-2), PMUN for information."""

    commune: Commune
    year: int  # of the populations
    municipal: int
    total: int

    def as_voice(self, position: Position = Position.SILENT) -> Voice:
        return Voice(self.commune.insee_code, self.commune.name, self.total, position)


class MissingPopulation(ValueError):
    """Some commune has no population in force; the message is the French sentence to show."""


def electors_of(epci: Intercommunality, *, year: int | None = None) -> list[Elector]:
    """The member communes with the populations of the latest year known, or known in `year`; two queries.

    Raises MissingPopulation when a commune has none: a majority cannot be counted.
    """
    known = Population.objects.filter(commune__intercommunality=epci)
    if year is not None:
        known = known.filter(year_in_force__lte=year)
    latest = known.aggregate(latest=Max("year_in_force"))["latest"]
    by_commune = {population.commune_id: population for population in known.filter(year_in_force=latest)}
    communes = list(epci.communes.all())
    if absent := [commune.name for commune in communes if commune.pk not in by_commune]:
        raise MissingPopulation(
            f"La population de {len(absent)} communes manque ({', '.join(absent[:3])}…) : importez les populations."
            if len(absent) > 3
            else f"La population manque pour : {', '.join(absent)}. Importez les populations."
        )
    if not communes:
        raise MissingPopulation("Cette intercommunalité n’a aucune commune membre : importez d’abord ses communes.")
    return [
        Elector(commune, known.year_in_force, known.municipal, known.total)
        for commune in communes
        if (known := by_commune[commune.pk])
    ]
