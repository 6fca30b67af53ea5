"""Ties between the competences of an EPCI and the national codes that they declare."""

from __future__ import annotations

from collections.abc import Iterable

from territories.competences.models import Competence, NationalCompetence, Nomenclature

Link = Competence.national.through


def link_declared_codes(competences: Iterable[Competence] | None = None) -> int:
    """Tie competences to the 2025 codes they declare, as far as the nomenclature is known here; return how many ties.

    A code typed before the nomenclature was imported is tied when it comes in.
    """
    declared = Competence.objects.exclude(banatic_codes=[])
    if competences is not None:
        declared = declared.filter(pk__in=[competence.pk for competence in competences])
    pk_by_code = dict(NationalCompetence.objects.filter(nomenclature=Nomenclature.Y2025).values_list("code", "pk"))
    wanted = {
        (competence, pk_by_code[code])
        for competence, codes in declared.values_list("pk", "banatic_codes")
        for code in codes
        if code in pk_by_code
    }
    present = set(Link.objects.values_list("competence_id", "nationalcompetence_id")) if wanted else set()
    missing = sorted(wanted - present)
    Link.objects.bulk_create(
        [Link(competence_id=competence, nationalcompetence_id=national) for competence, national in missing], 2000
    )
    return len(missing)


def tie_codes(competence: Competence) -> None:
    """Make the ties of one competence say exactly the 2025 codes it declares; those of 2021 are left as they are."""
    declared = NationalCompetence.objects.filter(nomenclature=Nomenclature.Y2025, code__in=competence.banatic_codes)
    competence.national.set([*competence.national.exclude(nomenclature=Nomenclature.Y2025), *declared])
