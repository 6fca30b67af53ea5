"""The procedures as data: who is asked, in what time, what silence means, and which majority decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices

from territories.consultations.majorities import (
    BLOCKING_MINORITY,
    CREATION,
    FIRST_PARAGRAPH,
    UNANIMITY,
    Majority,
)


class Position(TextChoices):
    """What a municipal council has said, or not said."""

    FAVOURABLE = "favourable", "favorable"
    UNFAVOURABLE = "unfavourable", "défavorable"
    RESERVED = "reserved", "favorable sous réserve, ou dans d’autres termes"
    NO_POSITION = "no_position", "ne prend pas position"
    SILENT = "silent", "silence"
    PENDING = "pending", "réponse attendue"


SPOKEN = (Position.FAVOURABLE, Position.UNFAVOURABLE, Position.RESERVED, Position.NO_POSITION)


class Asked(Enum):
    """Whose opinion the procedure asks for."""

    EVERY_COMMUNE = "toutes les communes membres"
    SOME_COMMUNES = "les communes concernées"
    ONE_COMMUNE = "la commune concernée"
    COUNCIL = "le conseil communautaire seul"


class Silence(Enum):
    """What the absence of a deliberation in time is worth."""

    FAVOURABLE = "le silence vaut accord"
    UNFAVOURABLE = "le silence vaut refus"
    NOTHING = "le silence n’est pas compté"


class CouncilVote(Enum):
    """By which majority the conseil communautaire itself must vote."""

    SIMPLE = "la majorité des suffrages exprimés"
    TWO_THIRDS = "les deux tiers (des membres, ou des suffrages exprimés : la question est discutée)"
    TWO_THIRDS_CAST = "les deux tiers des suffrages exprimés"
    TWO_THIRDS_IF_REFUSED = "la majorité, ou les deux tiers des membres si l’avis est défavorable"
    NONE = "aucun vote"


@dataclass(frozen=True)
class Procedure:
    """One way of asking the communes."""

    code: str
    label: str
    article: str
    asked: Asked
    months: int
    silence: Silence
    majority: Majority | None  # None: opinions, which never decide
    council: CouncilVote
    effect: str  # what happens when it is accepted
    yes: str = "favorable"  # how a favourable position reads
    no: str = "défavorable"
    note: str = ""
    has_window: bool = False  # deliberations count between two dates, whatever the notification

    @property
    def silence_told(self) -> str:
        """What the silence is worth, in words: an opinion binds nobody, it is no agreement."""
        is_opinion = self.majority is None and self.silence is Silence.FAVOURABLE
        return "le silence vaut avis favorable" if is_opinion else self.silence.value


EVERY, SOME, ONE = Asked.EVERY_COMMUNE, Asked.SOME_COMMUNES, Asked.ONE_COMMUNE

PROCEDURES = (
    Procedure(
        "transfer", "Transfert d’une compétence", "CGCT, art. L. 5211-17",
        EVERY, 3, Silence.FAVOURABLE, CREATION, CouncilVote.SIMPLE,
        "Le préfet prononce le transfert par arrêté ; la commission d’évaluation des charges se réunit.",
    ),
    Procedure(
        "restitution", "Restitution d’une compétence", "CGCT, art. L. 5211-17-1",
        EVERY, 3, Silence.UNFAVOURABLE, CREATION, CouncilVote.SIMPLE,
        "Le préfet prononce la restitution par arrêté.",
        note="Seulement pour une compétence que la loi n’impose pas à l’intercommunalité.",
    ),
    Procedure(
        "a-la-carte", "Compétence à la carte", "CGCT, art. L. 5211-17-2",
        EVERY, 3, Silence.FAVOURABLE, CREATION, CouncilVote.SIMPLE,
        "La liste des compétences à la carte est fixée ; les communes qui répondent aux critères peuvent les confier.",
        note="Toutes les communes votent, et pas seulement celles qui confieraient la compétence.",
    ),
    Procedure(
        "community-interest", "Définition de l’intérêt communautaire", "CGCT, art. L. 5214-16 IV et L. 5216-5 III",
        Asked.COUNCIL, 0, Silence.NOTHING, None, CouncilVote.TWO_THIRDS,
        "La définition s’applique ; sans définition dans les deux ans, toute la compétence est exercée par "
        "l’intercommunalité.",
        note="Les communes ne sont plus consultées depuis 2014 : le conseil communautaire décide seul.",
    ),
    Procedure(
        "clect-report", "Rapport de la CLECT", "CGI, art. 1609 nonies C IV",
        EVERY, 3, Silence.UNFAVOURABLE, FIRST_PARAGRAPH, CouncilVote.NONE,
        "Le rapport est approuvé : les attributions de compensation peuvent être fixées.",
        note="La commune la plus peuplée n’a pas de droit de veto, et aucun texte ne rend le silence favorable.",
    ),
    Procedure(
        "one-commune", "Décision qui ne concerne qu’une commune", "CGCT, art. L. 5211-57",
        ONE, 3, Silence.FAVOURABLE, UNANIMITY, CouncilVote.TWO_THIRDS_IF_REFUSED,
        "Le conseil communautaire peut décider à la majorité ordinaire.",
        note="Si l’avis est défavorable, il faut les deux tiers des membres du conseil communautaire.",
    ),
    Procedure(
        "plu-opposition", "Opposition au transfert du plan local d’urbanisme", "loi ALUR du 24 mars 2014, art. 136 II",
        EVERY, 3, Silence.NOTHING, BLOCKING_MINORITY, CouncilVote.NONE,
        "Le transfert n’a pas lieu : le plan local d’urbanisme reste communal.",
        yes="s’oppose au transfert", no="ne s’oppose pas",
        note="Les conseils délibèrent dans les trois mois qui précèdent la date du transfert. La population retenue "
        "est la population totale. À faire confirmer par la préfecture pour le 1er janvier 2027.",
        has_window=True,
    ),
    Procedure(
        "free-compensation", "Révision libre des attributions de compensation", "CGI, art. 1609 nonies C V 1° bis",
        SOME, 3, Silence.UNFAVOURABLE, None, CouncilVote.TWO_THIRDS_CAST,
        "Les nouveaux montants s’appliquent aux communes qui les ont acceptés.",
        note="Une commune qui refuse garde son ancien montant.",
    ),
    Procedure(
        "fpic", "Répartition libre du FPIC", "CGCT, art. L. 2336-3 et L. 2336-5",
        EVERY, 2, Silence.FAVOURABLE, UNANIMITY, CouncilVote.TWO_THIRDS_CAST,
        "La répartition libre s’applique, et se reconduit jusqu’à ce qu’on la change.",
        note="Sans cet accord, le conseil peut encore décider seul à l’unanimité.",
    ),
    Procedure(
        "governance-pact", "Pacte de gouvernance", "CGCT, art. L. 5211-11-2",
        EVERY, 2, Silence.NOTHING, None, CouncilVote.SIMPLE,
        "Le conseil communautaire peut adopter le pacte, dans les neuf mois du renouvellement.",
    ),
    Procedure(
        "pooling-scheme", "Schéma de mutualisation", "CGCT, art. L. 5211-39-1",
        EVERY, 3, Silence.FAVOURABLE, None, CouncilVote.SIMPLE,
        "Le conseil communautaire peut approuver le schéma.",
    ),
)  # fmt: skip
BY_CODE = {procedure.code: procedure for procedure in PROCEDURES}

CHOICES = [(procedure.code, procedure.label) for procedure in PROCEDURES]  # as the database and the forms read them
