"""One list to read: the models of the rooms of this house."""

from projects.ballots.models import (
    Attendance,
    Ballot,
    BallotPosition,
    BallotVoter,
    Position,
    Proxy,
    SecretTally,
    Sitting,
    Urgency,
    Withdrawal,
)
from projects.convergence.models import InterestLink
from projects.debate.models import Contribution, Document, DocumentVersion, Thanks
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.funding.models import FundingLine, FundingPlan, OperatingLine, PaymentCredit
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
    "Attendance",
    "Ballot",
    "BallotPosition",
    "BallotVoter",
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
    "Move",
    "ObjectiveVersion",
    "OperatingLine",
    "Orientation",
    "OrientationFit",
    "Origin",
    "Outcome",
    "PaymentCredit",
    "Position",
    "PrintChoices",
    "Project",
    "Proxy",
    "SecretTally",
    "Session",
    "Sitting",
    "Status",
    "StrategyNode",
    "SubmissionDocument",
    "TerritorialPlan",
    "Thanks",
    "Urgency",
    "Withdrawal",
]
