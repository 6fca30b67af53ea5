"""One list to read: the models of the rooms of this house."""

from projects.convergence.models import InterestLink
from projects.debate.models import Contribution, Document, DocumentVersion, Thanks
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.funding.models import FundingLine, FundingPlan, OperatingLine, PaymentCredit
from projects.funding.share_models import ChargeKey, ChargePercent, ObjectiveShare
from projects.lineage.models import ProjectLink
from projects.marks.models import Mark
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
    "Actor",
    "AgendaItem",
    "ChargeKey",
    "ChargePercent",
    "Contribution",
    "CourseStep",
    "Decision",
    "Document",
    "DocumentVersion",
    "Endorsement",
    "FundingLine",
    "FundingPlan",
    "Interest",
    "InterestLink",
    "Mandate",
    "Mark",
    "Move",
    "ObjectiveShare",
    "ObjectiveVersion",
    "OperatingLine",
    "Orientation",
    "OrientationFit",
    "Origin",
    "Outcome",
    "PaymentCredit",
    "PrintChoices",
    "Project",
    "ProjectLink",
    "Session",
    "Status",
    "StrategyNode",
    "SubmissionDocument",
    "TerritorialPlan",
    "Thanks",
]
