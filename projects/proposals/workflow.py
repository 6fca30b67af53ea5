"""The life of a project, as one table that anyone can check against the rules of the EPCI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cooperation.french import counted
from cooperation.workflow import Transition, Workflow, row
from projects.proposals.access import may
from projects.proposals.completeness import lacks_of
from projects.proposals.models import Move, Project
from projects.proposals.states import Origin
from projects.proposals.states import Status as S

if TYPE_CHECKING:
    from partners.people.models import User


def is_complete(project: Project, by: User) -> str:
    lacks = lacks_of(project)
    if not lacks:
        return ""
    more = f" (et {counted(len(lacks) - 1, 'autre point')})"
    return f"Il manque encore quelque chose. {lacks[0].sentence}{more if len(lacks) > 1 else ''}"


def is_not_own(project: Project, by: User) -> str:
    """Nobody reviews or decides on their own proposal."""
    return "Vous avez proposé ce projet : une autre personne doit l’instruire." if project.is_proposed_by(by) else ""


def decides_for_others(project: Project, by: User) -> str:
    """Nobody proclaims the decision on their own proposal."""
    return (
        "Vous avez proposé ce projet : une autre personne doit proclamer la décision."
        if project.is_proposed_by(by)
        else ""
    )


def is_political(project: Project, by: User) -> str:
    return "" if project.origin == Origin.POLITICAL else "Cette voie est réservée aux projets nés du débat politique."


def has_orientation(project: Project, by: User) -> str:
    """No decision without an orientation, or an explicit statement that none fits (belief B8)."""
    if project.orientation_fits.exists() or (project.fits_no_orientation and project.orientation_statement.strip()):
        return ""
    return "Rattachez d’abord le projet à une orientation du mandat, ou écrivez pourquoi aucune ne convient."


# fmt: off
TRANSITIONS = (
    #   name                 from                                     to               who                       label                       only if
    row("submit",            {S.DRAFT, S.TO_COMPLETE},                S.SUBMITTED,     "submit_project",         "Déposer le projet",        (is_complete,),
        effect="La coordination examine votre projet et vous répond. Un document daté est gardé au dossier."),
    row("open_politically",  {S.DRAFT},                               S.UNDER_REVIEW,  "open_political_project", "Confier à l’étude",        (is_political, is_complete),
        effect="Le projet part aussitôt en instruction : les services l’étudient avant toute décision."),
    row("accept",            {S.SUBMITTED},                           S.UNDER_REVIEW,  "review_project",         "Déclarer recevable",       (is_not_own,)),
    row("return",            {S.SUBMITTED, S.UNDER_REVIEW},           S.TO_COMPLETE,   "review_project",         "Demander un complément",   (is_not_own,), reason="Ce qu’il faut compléter"),
    row("refuse",            {S.SUBMITTED, S.UNDER_REVIEW},           S.INADMISSIBLE,  "review_project",         "Déclarer non recevable",   (is_not_own,), reason="Pourquoi le projet n’est pas recevable"),
    row("place_on_agenda",   {S.UNDER_REVIEW, S.DEFERRED},            S.ON_AGENDA,     "plan_sessions",          "Inscrire à l’ordre du jour", (is_not_own, has_orientation)),
    row("take_off_agenda",   {S.ON_AGENDA},                           S.UNDER_REVIEW,  "plan_sessions",          "Retirer de l’ordre du jour", (), reason="Pourquoi le projet est retiré"),
    row("advise",            {S.ON_AGENDA},                           S.UNDER_REVIEW,  "",                       "Avis rendu",               (decides_for_others,)),
    row("adopt",             {S.ON_AGENDA},                           S.ADOPTED,       "",                       "Adopté",                   (decides_for_others,)),
    row("reject",            {S.ON_AGENDA},                           S.REJECTED,      "",                       "Rejeté",                   (decides_for_others,)),
    row("defer",             {S.ON_AGENDA},                           S.DEFERRED,      "",                       "Ajourné",                  (decides_for_others,)),
    row("refer",             {S.ON_AGENDA},                           S.UNDER_REVIEW,  "",                       "Renvoyé à une autre instance", (decides_for_others,)),
    row("set_aside",         {S.ON_AGENDA},                           S.UNDER_REVIEW,  "",                       "Retiré en séance",         (decides_for_others,)),
    row("drop",              {S.ON_AGENDA},                           S.ABANDONED,     "",                       "Classé sans suite",        (decides_for_others,)),
    row("start",             {S.ADOPTED},                             S.IN_PROGRESS,   "review_project",         "Démarrer"),
    row("suspend",           {S.ADOPTED, S.IN_PROGRESS},              S.SUSPENDED,     "review_project",         "Suspendre",                (), reason="Pourquoi le projet est suspendu"),
    row("resume",            {S.SUSPENDED},                           S.IN_PROGRESS,   "review_project",         "Reprendre"),
    row("complete",          {S.IN_PROGRESS},                         S.COMPLETED,     "review_project",         "Déclarer réalisé"),
    row("evaluate",          {S.COMPLETED},                           S.EVALUATED,     "review_project",         "Clore par un bilan",       (), reason="Le bilan, en quelques phrases"),
    row("discard",           {S.DRAFT},                               S.ABANDONED,     "withdraw_project",       "Abandonner ce brouillon"),
    row("abandon",           {S.ADOPTED, S.IN_PROGRESS, S.SUSPENDED}, S.ABANDONED,     "review_project",         "Abandonner",               (), reason="Pourquoi le projet est abandonné"),
    row("withdraw",          {S.SUBMITTED, S.TO_COMPLETE, S.UNDER_REVIEW, S.DEFERRED}, S.WITHDRAWN, "withdraw_project", "Retirer ma proposition", (), reason="Pourquoi vous la retirez"),
    row("absorb",            {S.UNDER_REVIEW, S.DEFERRED, S.ADOPTED, S.IN_PROGRESS, S.SUSPENDED}, S.ABSORBED, "absorb_project", "Regrouper avec un autre projet", (is_not_own,), reason="Pourquoi ces projets sont regroupés"),
)
# fmt: on
# Rights whose acts have a page of their own, where more than a reason is asked: never a mere button.
HAVE_THEIR_PAGE = {"plan_sessions", "absorb_project"}


def label_of(transition: Transition, project: Project) -> str:
    """What the button says: a proposal that was sent back is sent again, not submitted anew."""
    is_sent_again = transition.name == "submit" and project.status == S.TO_COMPLETE
    return "Renvoyer le projet complété" if is_sent_again else transition.label


def record(project: Project, transition: Transition, source: str, by: Any, reason: str) -> None:
    """Write the move that is never erased."""
    Move.objects.create(
        intercommunality_id=project.intercommunality_id,
        project=project,
        transition=transition.name,
        label=transition.label,
        source=source,
        target=transition.target,
        reason=reason,
        moved_by=by,
        moved_by_name=str(by),
    )


workflow = Workflow(TRANSITIONS, may=may, record=record)
