"""The shape of a competence as one EPCI exercises it, or leaves it to its communes."""

from __future__ import annotations

from django.db import models

from territories.places.models import Commune, Intercommunality


class Competence(models.Model):
    """A competence on the territory of one EPCI, with its legal category (CGCT, art. L. 5214-16 and L. 5211-17).

    People say « optionnelle »; since the law of 27 December 2019 the legal word is « supplémentaire », and that is
    what is stored and printed.
    """

    class Category(models.TextChoices):
        OBLIGATORY = "obligatory", "obligatoire"
        ADDITIONAL = "additional", "supplémentaire"
        OPT_IN = "opt_in", "à la carte"
        MUNICIPAL = "municipal", "communale"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,
        related_name="competences",  # it only exists for this EPCI
    )
    label = models.CharField("intitulé", max_length=200)
    category = models.CharField("catégorie", max_length=10, choices=Category)
    subject_to_community_interest = models.BooleanField("soumise à l’intérêt communautaire", default=False)
    community_interest = models.TextField("définition de l’intérêt communautaire", blank=True)
    banatic_codes = models.JSONField("codes BANATIC 2025", default=list, blank=True)
    m57_codes = models.JSONField("codes fonctionnels M57", default=list, blank=True)
    since = models.DateField("exercée depuis le", null=True, blank=True)
    note = models.CharField("remarque", max_length=300, blank=True)
    communes = models.ManyToManyField(
        Commune, blank=True, related_name="opt_in_competences", verbose_name="communes concernées (à la carte)"
    )

    class Meta:
        verbose_name = "compétence"
        ordering = ["category", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "label"],
                name="one_competence_per_label",
                violation_error_message="Cette compétence est déjà inscrite pour cette intercommunalité.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_exercised(self) -> bool:
        """Whether the EPCI holds it, wholly or for some communes."""
        return self.category != self.Category.MUNICIPAL
