"""The ten dimensions by which a group looks at its own cooperation: what 0 and 4 mean, and what may unblock each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

MOST = 4
WEAK_UNTIL = 1


class Dimension(TextChoices):
    """What a group looks at; in the order of the grid."""

    SENSE = "sense", "Sens partagé"
    CULTURE = "culture", "Culture de coopération"
    TRUST = "trust", "Confiance"
    POWER = "power", "Jeux de pouvoir lisibles"
    LISTENING = "listening", "Posture d’écoute"
    POLITICAL = "political", "Portage politique"
    MEANS = "means", "Temps et moyens"
    RELAYS = "relays", "Personnes relais"
    FAIRNESS = "fairness", "Équité entre communes"
    USERS = "users", "Prise en compte des usagers"


OUT_OF = MOST * len(Dimension)


@dataclass(frozen=True)
class Scale:
    """What the two ends of a dimension look like, and what helps when it is low."""

    lowest: str
    highest: str
    unblocking: str


# fmt: off
SCALES = {
    Dimension.SENSE:     Scale("pas d’objectif commun", "un objectif écrit, et relu",
                               "un atelier pour écrire ensemble l’objectif"),
    Dimension.CULTURE:   Scale("jamais travaillé ensemble", "l’habitude, une mémoire commune",
                               "une première petite réussite, des visites entre communes"),
    Dimension.TRUST:     Scale("la méfiance", "l’information se donne librement",
                               "la transparence sur les chiffres"),
    Dimension.POWER:     Scale("tout se décide ailleurs", "des règles connues et respectées",
                               "une règle de vote, une présidence tournante, un veto dit clairement"),
    Dimension.LISTENING: Scale("chacun attend", "on anime, on écoute",
                               "une formation, un tiers qui anime"),
    Dimension.POLITICAL: Scale("aucun élu ne porte", "un binôme élu·e et agent·e que l’on voit",
                               "un binôme pour chaque projet"),
    Dimension.MEANS:     Scale("personne n’a le temps", "du temps dans les fiches de poste",
                               "des heures réservées, quelqu’un pour remplacer"),
    Dimension.RELAYS:    Scale("aucun relais", "un relais dans chaque structure",
                               "la carte des personnes relais, une passation préparée"),
    Dimension.FAIRNESS:  Scale("toujours les mêmes qui gagnent", "l’équilibre se voit, commune par commune",
                               "un tableau de ce que chaque commune donne et reçoit"),
    Dimension.USERS:     Scale("on ne leur demande rien", "leur satisfaction guide les choix",
                               "des enquêtes, des visites sur place, des panels"),
}
# fmt: on
