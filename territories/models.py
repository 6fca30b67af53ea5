"""One list to read: the models of the rooms of this house."""

from territories.competences.models import Competence
from territories.consultations.models import Answer, Consultation
from territories.places.models import Commune, Intercommunality, Outline, Population

__all__ = ["Answer", "Commune", "Competence", "Consultation", "Intercommunality", "Outline", "Population"]
