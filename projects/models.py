"""One list to read: the models of the rooms of this house."""

from projects.convergence.models import InterestLink
from projects.debate.models import Contribution, Document, DocumentVersion, Thanks
from projects.deliberation.acts import Correction, Publication
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.funding.models import FundingLine, FundingPlan, OperatingLine, PaymentCredit
from projects.minutes.models import ItemMinutes, Minutes
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
from projects.register.models import ActFiling
from projects.report.models import PrintChoices
from projects.seal.models import SealChain, SealedRecord
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan

__all__ = [
    "ActFiling",
    "Actor",
    "AgendaItem",
    "Contribution",
    "Correction",
    "CourseStep",
    "Decision",
    "Document",
    "DocumentVersion",
    "Endorsement",
    "FundingLine",
    "FundingPlan",
    "Interest",
    "InterestLink",
    "ItemMinutes",
    "Mandate",
    "Minutes",
    "Move",
    "ObjectiveVersion",
    "OperatingLine",
    "Orientation",
    "OrientationFit",
    "Origin",
    "Outcome",
    "PaymentCredit",
    "PrintChoices",
    "Project",
    "Publication",
    "SealChain",
    "SealedRecord",
    "Session",
    "Status",
    "StrategyNode",
    "SubmissionDocument",
    "TerritorialPlan",
    "Thanks",
]
