"""One list to read: the models of the rooms of this house."""

from territories.competences.models import Competence
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
    "Answer",
    "Commune",
    "Competence",
    "Consultation",
    "CriterionValue",
    "EquipmentFund",
    "FinancialPact",
    "GrantCriterion",
    "GrantValue",
    "Intercommunality",
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
