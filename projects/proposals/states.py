"""The words of the life of a project: its states and where it was born."""

from django.db import models

from cooperation.french import plural
from territories.competences.rules import Ground


class Status(models.TextChoices):
    """The states of the life of a project, in its order."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Déposé"
    TO_COMPLETE = "to_complete", "À compléter"
    UNDER_REVIEW = "under_review", "En instruction"
    INADMISSIBLE = "inadmissible", "Non recevable"
    ON_AGENDA = "on_agenda", "À l’ordre du jour"
    DEFERRED = "deferred", "Ajourné"
    REJECTED = "rejected", "Rejeté"
    ADOPTED = "adopted", "Adopté"
    IN_PROGRESS = "in_progress", "En cours"
    SUSPENDED = "suspended", "Suspendu"
    COMPLETED = "completed", "Réalisé"
    EVALUATED = "evaluated", "Évalué"
    ABANDONED = "abandoned", "Abandonné"
    WITHDRAWN = "withdrawn", "Retiré"
    ABSORBED = "absorbed", "Regroupé"


S = Status

# States in which a project may never have been submitted: nobody but its author then sees it.
PRIVATE = (S.DRAFT, S.ABANDONED)
# The duty of reserve of agents: a proposal stays between its author and the coordination until it is admissible.
BEFORE_ADMISSIBILITY = (S.SUBMITTED, S.TO_COMPLETE, S.INADMISSIBLE, S.WITHDRAWN)
# What a coordinator still has to do something about.
AWAITING_REVIEW = (S.SUBMITTED, S.UNDER_REVIEW, S.DEFERRED)
# What the territory carries.
CARRIED = (S.ADOPTED, S.IN_PROGRESS, S.SUSPENDED, S.COMPLETED, S.EVALUATED)
# What ended without being done: its money is counted nowhere any more.
GIVEN_UP = (S.REJECTED, S.ABANDONED, S.WITHDRAWN, S.INADMISSIBLE, S.ABSORBED)
# What is at its end, done or not: no actor is asked any more whether it shares the objective, nor what it looks for.
OVER = (*GIVEN_UP, S.COMPLETED, S.EVALUATED)


class LegalGround(models.TextChoices):
    """What the coordinator states, that no rule of law can see by itself (`territories.competences.rules.Ground`)."""

    WITHIN = Ground.WITHIN.value, "Il entre dans l’intérêt communautaire"
    BEYOND = Ground.BEYOND.value, "Il n’entre pas dans l’intérêt communautaire"
    MUNICIPAL = Ground.MUNICIPAL.value, "Il reste l’affaire des communes"
    OUTSIDE = Ground.OUTSIDE.value, "Il ne relève ni de l’intercommunalité ni des communes"


class Origin(models.TextChoices):
    """Where the project was born; visible for ever."""

    FIELD = "field", "Terrain"
    POLITICAL = "political", "Débat politique"
    COMMUNE = "commune", "Communes"
    PARTNER = "partner", "Partenaire"
    INHABITANTS = "inhabitants", "Habitants"


def agreeing(state: str, count: int) -> str:
    """« 1 adopté », « 2 adoptés »; « 2 en cours », « 2 à l’ordre du jour » stay as they are."""
    return plural(count, state) if state.endswith(("é", "u")) else state


# An act once it is done, as people read it in the course of a project; those of a session already say it so.
DONE = {
    "submit": "Déposé",
    "open_politically": "Confié à l’étude",
    "accept": "Déclaré recevable",
    "return": "Complément demandé",
    "refuse": "Déclaré non recevable",
    "place_on_agenda": "Inscrit à l’ordre du jour",
    "take_off_agenda": "Retiré de l’ordre du jour",
    "start": "Démarré",
    "suspend": "Suspendu",
    "resume": "Repris",
    "complete": "Réalisé",
    "evaluate": "Clos par un bilan",
    "discard": "Brouillon abandonné",
    "abandon": "Abandonné",
    "withdraw": "Retiré par la personne qui le proposait",
    "absorb": "Regroupé avec un autre projet",
}
