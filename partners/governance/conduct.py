"""How a body decides, as pure functions on plain values: its quorum, its majority, its ties, who may be represented.

The conseil follows the law (CGCT, art. L. 2121-17, L. 2121-20 and L. 2121-21, through art. L. 5211-1); another body
follows its own written rules, and the law where nothing is written and it decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from cooperation.french import counted


class Majority(TextChoices):
    """What must be reached, and on which basis it is counted; the later asks for more than the former."""

    SIMPLE = "simple", "Majorité des suffrages exprimés"
    TWO_THIRDS_CAST = "two_thirds_cast", "Deux tiers des suffrages exprimés"
    TWO_THIRDS_MEMBERS = "two_thirds_members", "Deux tiers des membres en exercice"


class Quorum(TextChoices):
    HALF = "half", "Plus de la moitié des membres en exercice"
    NONE = "none", "Aucun quorum"
    NUMBER = "number", "Un nombre de membres, écrit ci-dessous"


class Tie(TextChoices):
    CHAIR = "chair", "La voix de la présidence l’emporte, sauf au scrutin secret"
    REJECTED = "rejected", "Le projet est rejeté"


class Representation(TextChoices):
    POWER_OR_SUBSTITUTE = "both", "Un membre absent donne pouvoir à un autre, ou son suppléant siège"
    POWER = "power", "Un membre absent donne pouvoir à un autre"
    SUBSTITUTE = "substitute", "Seul son suppléant siège à sa place"
    NOBODY = "nobody", "Personne ne se fait représenter"


@dataclass(frozen=True)
class Conduct:
    """The rules of a body on a day."""

    quorum: str = Quorum.HALF
    quorum_number: int | None = None
    majority: str = Majority.SIMPLE
    tie: str = Tie.CHAIR
    representation: str = Representation.POWER_OR_SUBSTITUTE
    by_writing: bool = False

    def quorum_reached(self, present: int, in_office: int) -> bool:
        """Members present in person: a written power never counts (art. L. 2121-17)."""
        match self.quorum:
            case Quorum.NONE:
                return True
            case Quorum.NUMBER:
                return present >= (self.quorum_number or 0)
        return 2 * present > in_office

    @property
    def chair_settles_ties(self) -> bool:
        return self.tie == Tie.CHAIR

    @property
    def admits_powers(self) -> bool:
        return self.representation in {Representation.POWER, Representation.POWER_OR_SUBSTITUTE}

    @property
    def admits_substitutes(self) -> bool:
        return self.representation in {Representation.SUBSTITUTE, Representation.POWER_OR_SUBSTITUTE}


LAW = Conduct()
# An advisory body decides nothing: the law asks no quorum of it, and it may write one.
FREE = Conduct(quorum=Quorum.NONE)

FIXED_BY_LAW = (
    "Au conseil communautaire, la loi fixe le quorum, la majorité, le partage des voix et les pouvoirs (CGCT, art. "
    "L. 2121-17 et L. 2121-20) : ces règles ne s’écrivent pas ici."
)
WRITING_IS_FOR_ADVICE = (
    "Une instance qui décide délibère en séance : la consultation écrite n’est possible que pour une instance qui "
    "donne un avis."
)


def fault_of_majority(conduct: Conduct, asked: str, body: str) -> str:
    """A vote may ask for more than the rules of the body, never for less."""
    order = list(Majority.values)
    if order.index(asked) >= order.index(conduct.majority):
        return ""
    return f"{body} se prononce à cette majorité au moins : {Majority(conduct.majority).label.lower()}."


def faults_of(conduct: Conduct, *, is_council: bool, is_deciding: bool) -> dict[str, str]:
    """What may not be written as the rules of a body, in French, by the field where it is put right."""
    if is_council:
        return {"quorum": FIXED_BY_LAW}
    faults = {}
    if conduct.quorum == Quorum.NUMBER and not conduct.quorum_number:
        faults["quorum_number"] = "Écrivez combien de membres doivent être présents."
    if conduct.quorum != Quorum.NUMBER and conduct.quorum_number is not None:
        faults["quorum_number"] = (
            "Un nombre ne s’écrit qu’avec « Un nombre de membres » : effacez-le, ou choisissez-le."
        )
    if conduct.by_writing and is_deciding:
        faults["by_writing"] = WRITING_IS_FOR_ADVICE
    return faults


def in_words(conduct: Conduct) -> list[tuple[str, str]]:
    """The rules as people read them."""
    quorum = Quorum(conduct.quorum).label
    if conduct.quorum == Quorum.NUMBER:
        quorum = f"{counted(conduct.quorum_number or 0, 'membre présent')} au moins"
    return [
        ("Quorum", quorum),
        ("Majorité", Majority(conduct.majority).label),
        ("Partage des voix", Tie(conduct.tie).label),
        ("Représentation", Representation(conduct.representation).label),
        ("Consultation écrite", "possible" if conduct.by_writing else "non prévue"),
    ]
