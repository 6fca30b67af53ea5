"""One list to read: the models of the rooms of this house."""

from projects.convergence.models import InterestLink
from projects.debate.models import Contribution, Document, DocumentVersion, Thanks
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.followup.models import Action, HealthNote
from projects.funding.models import FundingLine, FundingPlan, OperatingLine, PaymentCredit
from projects.opinions.models import Opinion, OpinionLetter, OpinionRequest
from projects.proposals.models import (
    Actor,
    CourseStep,
    Endorsement,
    Interest,
    Move,
    ObjectiveVersion,
    OrientationFit,
    Project,
    SubmissionDocument,
)
from projects.proposals.states import Origin, Status
from projects.report.models import PrintChoices
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan

__all__ = [
    "Action",
    "Actor",
    "AgendaItem",
    "Contribution",
    "CourseStep",
    "Decision",
    "Document",
    "DocumentVersion",
    "Endorsement",
    "FundingLine",
    "FundingPlan",
    "HealthNote",
    "Interest",
    "InterestLink",
    "Mandate",
    "Move",
    "ObjectiveVersion",
    "OperatingLine",
    "Opinion",
    "OpinionLetter",
    "OpinionRequest",
    "Orientation",
    "OrientationFit",
    "Origin",
    "Outcome",
    "PaymentCredit",
    "PrintChoices",
    "Project",
    "Session",
    "Status",
    "StrategyNode",
    "SubmissionDocument",
    "TerritorialPlan",
    "Thanks",
]
