"""What the conseil may entrust to its bureau or its president, as pure functions (CGCT, art. L. 5211-10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cooperation.access import ALLOWED, Verdict
from cooperation.french import date_fr, euros


class Holder(StrEnum):
    COUNCIL = "council"
    BUREAU = "bureau"
    PRESIDENT = "president"
    ADVISORY = "advisory"


# What only the conseil decides, in the order of the article.
NEVER_DELEGATED = {
    "budget_and_rates": "le vote du budget, l’institution et les taux ou tarifs des taxes et redevances (1°)",
    "accounts": "l’approbation des comptes (2°)",
    "formal_notice": "les mesures budgétaires prises après une mise en demeure, art. L. 1612-15 (3°)",
    "statutes": "la composition, le fonctionnement et la durée de l’intercommunalité (4°)",
    "joining": "l’adhésion à un établissement public (5°)",
    "public_service": "la délégation de la gestion d’un service public (6°)",
    "orientations": "les orientations d’aménagement, d’équilibre social de l’habitat et de politique de la ville (7°)",
}
DELEGATED = {
    "contracts": "marchés publics",
    "agreements": "conventions sans dépense nouvelle",
    "grant_requests": "demandes de subvention",
    "grants": "subventions et fonds de concours",
    "property": "locations et biens",
    "other": "autres décisions",
}


@dataclass(frozen=True)
class Granted:
    """One delegation as the rule reads it: the matter, the ceiling in euros HT (None: no ceiling), its dates."""

    matter: str
    ceiling: Decimal | None
    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """The first and the last day are both included."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def may_decide(
    holder: Holder, *, matter: str, amount: Decimal | None, on: date, granted: Iterable[Granted] = ()
) -> Verdict:
    """May this body decide this, that day? `amount` in euros HT (None: unknown) (CGCT, art. L. 5211-10).

    The conseil decides everything; the bureau and the president decide what was delegated to them, up to the ceiling;
    an advisory body decides nothing. An unknown amount never passes under a ceiling.
    """
    if matter not in NEVER_DELEGATED and matter not in DELEGATED:
        raise ValueError(f"Unknown matter: {matter}")
    if holder == Holder.COUNCIL:
        return ALLOWED
    if holder == Holder.ADVISORY:
        return Verdict("Cette instance donne un avis : la décision revient au conseil communautaire.")
    if matter in NEVER_DELEGATED:
        return Verdict(
            f"Seul le conseil communautaire décide : {NEVER_DELEGATED[matter]} (CGCT, art. L. 5211-10). "
            "Cela ne se délègue pas."
        )
    held = [grant for grant in granted if grant.matter == matter and grant.holds_on(on)]
    if not held:
        return Verdict(
            f"Le conseil communautaire n’a pas délégué cette matière à la date du {date_fr(on)} : {DELEGATED[matter]}."
        )
    ceilings = [grant.ceiling for grant in held if grant.ceiling is not None]
    if len(ceilings) < len(held):
        return ALLOWED
    if amount is None:
        return Verdict(f"La délégation s’arrête à {euros(max(ceilings))} HT : indiquez d’abord le montant.")
    if amount > max(ceilings):
        return Verdict(
            f"Le montant, {euros(amount)} HT, dépasse le plafond délégué, {euros(max(ceilings))} HT : "
            "la décision revient au conseil communautaire."
        )
    return ALLOWED
