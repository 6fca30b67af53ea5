"""Choose one partner among any number: its name, words of it, its SIRET or its RNA number are typed."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from cooperation.choosing import TypedChoice
from partners.directory.identifiers import compact
from partners.directory.models import Partner, PartnerQuerySet


class PartnerChoice(TypedChoice[Partner]):
    how = "Son nom, des mots de son nom ou son SIRET."
    nothing = "Aucun partenaire ne répond à « {words} » : écrivez son nom comme dans l’annuaire, ou d’autres mots."
    several = "Plusieurs partenaires répondent à « {words} » : écrivez le nom entier du vôtre. {named}."

    def called(self, words: str) -> Partner | None:
        number = compact(words)
        by_number = Q(siret=number) | Q(rna=number) if number else Q()
        return self.offered().filter(Q(name=words) | by_number).first()

    def answering(self, words: str) -> QuerySet[Partner]:
        rows = self.offered()
        assert isinstance(rows, PartnerQuerySet)
        return rows.search(words)
