"""The shape of the levers, one noun per file: pooling (who shares what, at what price), pact (who pays whom)."""

from territories.levers.models.pact import (
    EquipmentFund,
    FinancialPact,
    GrantCriterion,
    GrantValue,
    PactAmount,
    PactYear,
    SolidarityGrant,
)
from territories.levers.models.pooling import (
    CriterionValue,
    PoolingScheme,
    ServiceYear,
    SharedService,
    SharingCriterion,
)

__all__ = [
    "CriterionValue",
    "EquipmentFund",
    "FinancialPact",
    "GrantCriterion",
    "GrantValue",
    "PactAmount",
    "PactYear",
    "PoolingScheme",
    "ServiceYear",
    "SharedService",
    "SharingCriterion",
    "SolidarityGrant",
]
