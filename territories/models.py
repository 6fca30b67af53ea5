"""One list to read: the models of the rooms of this house."""

from territories.competences.models import (
    AgreementPosition,
    CommunityInterest,
    Competence,
    Crosswalk,
    ImplementationAgreement,
    NationalCompetence,
)
from territories.consultations.models import Answer, Consultation
from territories.levers.models import (
    CriterionValue,
    EquipmentFund,
    FinancialPact,
    GrantCriterion,
    GrantValue,
    PactAmount,
    PactYear,
    PoolingScheme,
    ServiceYear,
    SharedService,
    SharingCriterion,
    SolidarityGrant,
)
from territories.places.models import Commune, Intercommunality, Outline, Population

__all__ = [
    "AgreementPosition",
    "Answer",
    "Commune",
    "CommunityInterest",
    "Competence",
    "Consultation",
    "CriterionValue",
    "Crosswalk",
    "EquipmentFund",
    "FinancialPact",
    "GrantCriterion",
    "GrantValue",
    "ImplementationAgreement",
    "Intercommunality",
    "NationalCompetence",
    "Outline",
    "PactAmount",
    "PactYear",
    "PoolingScheme",
    "Population",
    "ServiceYear",
    "SharedService",
    "SharingCriterion",
    "SolidarityGrant",
]
