"""One list to read: the models of the rooms of this house."""

from territories.competences.models import (
    AgreementPosition,
    CommunityInterest,
    Competence,
    Crosswalk,
    ImplementationAgreement,
    NationalCompetence,
)
from territories.places.models import Commune, Intercommunality, Outline, Population

__all__ = [
    "AgreementPosition",
    "Commune",
    "CommunityInterest",
    "Competence",
    "Crosswalk",
    "ImplementationAgreement",
    "Intercommunality",
    "NationalCompetence",
    "Outline",
    "Population",
]
