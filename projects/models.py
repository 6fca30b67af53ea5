"""One list to read: the models of the rooms of this house."""

from projects.debate.models import Contribution, Document, DocumentVersion, Thanks
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.funding.models import FundingLine, FundingPlan, OperatingLine
from projects.proposals.models import (
    Actor,
    CourseStep,
    Endorsement,
    Interest,
    Move,
    OrientationFit,
    Project,
    SubmissionDocument,
)
from projects.proposals.states import Origin, Status
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan

__all__ = [
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
    "Interest",
    "Mandate",
    "Move",
    "OperatingLine",
    "Orientation",
    "OrientationFit",
    "Origin",
    "Outcome",
    "Project",
    "Session",
    "Status",
    "StrategyNode",
    "SubmissionDocument",
    "TerritorialPlan",
    "Thanks",
]
