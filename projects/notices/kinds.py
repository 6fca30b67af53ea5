"""What a person may be told of: one line each, in the words that the person reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone

GRACE = timedelta(minutes=10)  # what is undone within it was never told
MORNING = time(7, 0)  # local time of the daily letter
DAWN = time(6, 0)  # what comes due is told early enough to stand in it


class Pace(TextChoices):
    AT_ONCE = "at_once", "Aussitôt"
    DAILY = "daily", "Une fois par jour"
    NEVER = "never", "Jamais"


@dataclass(frozen=True)
class Kind:
    """`told` is a sentence in which {detail} may stand; `act` says what the link does."""

    code: str
    label: str
    told: str
    act: str
    pace: Pace
    has_own_letter: bool = False  # a letter with its own proof leaves already: this one would be the second


# fmt: off
KINDS = {kind.code: kind for kind in (
    Kind("submitted",   "Un projet est déposé",                   "Ce projet vient d’être déposé.",                          "Dire s’il est recevable",   Pace.AT_ONCE),
    Kind("sent_again",  "Un projet complété est renvoyé",         "Ce projet a été complété, et revient vers vous.",         "Dire s’il est recevable",   Pace.AT_ONCE),
    Kind("taken_back",  "Un projet est retiré",                   "La personne qui l’avait proposé a retiré ce projet.",     "Lire pourquoi",             Pace.DAILY),
    Kind("to_complete", "On me demande un complément",            "La coordination vous demande un complément.",             "Compléter le projet",       Pace.AT_ONCE),
    Kind("moved",       "Mon projet change d’étape",              "Votre projet est maintenant à l’étape « {detail} ».",     "Voir où il en est",         Pace.DAILY),
    Kind("next_step",   "Un projet passe à l’étape suivante",     "Prochaine étape de ce projet : {detail}.",                "Voir son circuit",          Pace.DAILY),
    Kind("decided",     "Une décision est publiée",               "La décision des élu·es est publiée : {detail}.",          "Lire la décision",          Pace.AT_ONCE),
    Kind("endorse",     "Un objectif partagé change",             "L’objectif partagé de ce projet a changé de mots.",       "Dire si vous le partagez",  Pace.AT_ONCE),
    Kind("answered",    "On me répond dans un débat",             "{detail} a répondu à ce que vous avez écrit.",            "Lire la réponse",           Pace.DAILY),
    Kind("mentioned",   "Mon organisation est citée",             "{detail} cite votre organisation dans le débat.",         "Lire et répondre",          Pace.DAILY),
    Kind("spoken",      "On s’exprime sur mon projet",            "{detail} a pris la parole sur votre projet.",             "Lire le débat",             Pace.DAILY),
    Kind("named",       "Mon organisation est nommée dans un projet", "Votre organisation est parmi les acteurs de ce projet.", "Dire si vous partagez son objectif", Pace.AT_ONCE),
    Kind("opinion",     "L’avis de mon organisation est demandé", "L’avis de votre organisation est demandé, au plus tard le {detail}.", "Donner cet avis", Pace.AT_ONCE),
    Kind("opinion_soon", "Un avis est bientôt attendu",           "Un avis est encore attendu de vous, au plus tard le {detail}.", "Donner cet avis", Pace.DAILY),
    Kind("opinion_due", "Le délai d’un avis s’achève",            "Dernier rappel : un avis est attendu de vous au plus tard le {detail}.", "Donner cet avis", Pace.AT_ONCE),
    Kind("to_do",       "Une action décidée m’est confiée",       "Une action décidée vous est confiée, pour le {detail}.",  "Dire où elle en est",       Pace.AT_ONCE),
    Kind("action_soon", "Une action approche de son échéance",    "Une action dont vous êtes chargé·e est attendue pour le {detail}.", "Dire où elle en est", Pace.DAILY),
    Kind("action_late", "Une action est en retard",               "Une action décidée pour le {detail} n’est toujours pas close.", "Dire où elle en est", Pace.DAILY),
    Kind("council",     "Le conseil de ma commune est consulté",  "Votre conseil municipal est consulté : {detail}.",        "Voir ce qui lui est demandé", Pace.AT_ONCE),
    Kind("council_soon", "Le délai de ma commune s’achève",       "Votre conseil municipal n’a pas encore répondu : {detail}.", "Voir ce qui lui est demandé", Pace.AT_ONCE),
    Kind("meet_asked",  "Je suis invité·e à une réunion",         "Vous êtes invité·e à une réunion : {detail}.",            "Voir la réunion",           Pace.AT_ONCE),
    Kind("meet_moved",  "Une réunion où je suis attendu·e change", "Une réunion où vous êtes attendu·e change : {detail}.",  "Voir la réunion",           Pace.AT_ONCE),
    Kind("meet_off",    "Une réunion où j’étais attendu·e est annulée", "Une réunion où vous étiez attendu·e est annulée : {detail}.", "Lire pourquoi", Pace.AT_ONCE),
    Kind("meet_gone",   "Je ne suis plus attendu·e à une réunion", "Vous n’êtes plus attendu·e à une réunion : {detail}.",   "Voir le calendrier",        Pace.AT_ONCE),
    Kind("meet_minutes", "Le compte rendu d’une réunion est écrit", "Le compte rendu d’une réunion où vous étiez attendu·e est écrit : {detail}.", "Lire le compte rendu", Pace.DAILY),
    Kind("meet_soon",   "Une réunion où je suis attendu·e approche", "Rappel d’une réunion : {detail}.",                     "Voir la réunion",           Pace.DAILY),
    Kind("convened",    "Je suis convoqué·e à une séance",        "Vous êtes convoqué·e : {detail}.",                        "Lire la convocation",       Pace.AT_ONCE, has_own_letter=True),
    Kind("informed",    "Mon conseil municipal est informé d’une séance", "Pour votre conseil municipal : {detail}.",        "Lire",                      Pace.AT_ONCE, has_own_letter=True),
    Kind("called_off",  "Une séance est annulée",                 "Cette séance est annulée : {detail}.",                    "Lire pourquoi",             Pace.AT_ONCE, has_own_letter=True),
    Kind("printed",     "Un document que j’ai demandé est prêt",  "Le document que vous avez demandé est prêt.",             "L’ouvrir",                  Pace.NEVER),
)}
# fmt: on
# The kinds as they are read together on the page where their paces are chosen.
GROUPS = {
    "Les projets": ("submitted", "sent_again", "taken_back", "to_complete", "moved", "next_step", "decided"),
    "Le débat et les acteurs": ("endorse", "answered", "mentioned", "spoken", "named"),
    "Les avis demandés": ("opinion", "opinion_soon", "opinion_due", "council", "council_soon"),
    "Les actions décidées": ("to_do", "action_soon", "action_late"),
    "Les réunions": ("meet_asked", "meet_moved", "meet_off", "meet_gone", "meet_minutes", "meet_soon"),
    "Les documents": ("printed",),
}


def labelled() -> list[tuple[str, str]]:
    """The kinds as the choices of a field: another kind is not another shape of the tables."""
    return [(kind.code, kind.label) for kind in KINDS.values()]


def due_at(pace: Pace, now: datetime) -> datetime:
    """When a fact that happens now may be told, as a local date and time: after the grace, or the next morning."""
    settled = now + GRACE
    if pace != Pace.DAILY:
        return settled
    morning = settled.replace(hour=MORNING.hour, minute=MORNING.minute, second=0, microsecond=0)
    return morning if morning >= settled else morning + timedelta(days=1)


def is_dawn(now: datetime, last: date | None) -> bool:
    """Whether it is time to tell what comes due, at a local date and time: from dawn on, once a day."""
    return now.time() >= DAWN and last != timezone.localdate(now)
