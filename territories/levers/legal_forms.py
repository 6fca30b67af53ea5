"""The legal forms under which an EPCI and its communes share a service, with the article of each."""

from __future__ import annotations

from django.db import models


class LegalForm(models.TextChoices):
    COMMON_SERVICE = "common_service", "Service commun"
    SERVICE_LOAN = "service_loan", "Mise à disposition de service"
    STAFF_LOAN = "staff_loan", "Mise à disposition individuelle"
    JOINT_PURCHASE = "joint_purchase", "Groupement de commandes"
    MANAGEMENT = "management", "Convention de gestion"
    PROVISION = "provision", "Prestation de services"
    COOPERATION = "cooperation", "Entente ou coopération entre personnes publiques"
    SHARED_EQUIPMENT = "shared_equipment", "Achat et partage de matériel"


ARTICLES = {
    LegalForm.COMMON_SERVICE: "CGCT, art. L. 5211-4-2",
    LegalForm.SERVICE_LOAN: "CGCT, art. L. 5211-4-1 et D. 5211-16",
    LegalForm.STAFF_LOAN: "CGFP, art. L. 512-6",
    LegalForm.JOINT_PURCHASE: "Code de la commande publique, art. L. 2113-6 et L. 2113-7",
    LegalForm.PROVISION: "CGCT, art. L. 5211-56",
    LegalForm.COOPERATION: "CGCT, art. L. 5221-1 ; Code de la commande publique, art. L. 2511-6",
    LegalForm.SHARED_EQUIPMENT: "CGCT, art. L. 5211-4-3",
}
MANAGEMENT_ARTICLES = {"CC": "CGCT, art. L. 5214-16-1", "CA": "CGCT, art. L. 5216-7-1", "CU": "CGCT, art. L. 5215-27"}


def article_of(form: str, epci_kind: str) -> str:
    """The article that founds the form; a convention de gestion has one for each kind of EPCI (CC, CA, CU)."""
    if form == LegalForm.MANAGEMENT:
        return MANAGEMENT_ARTICLES.get(epci_kind, "")
    return ARTICLES.get(LegalForm(form), "")
