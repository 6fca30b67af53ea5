"""One list to read: the models of the rooms of this house."""

from projects.actormap.models import OrganisationLink, Tension
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
from projects.calendar.models import CalendarAddress, Guest, Meeting, Milestone
from projects.circuit.models import Departure, Nature, Referral
from projects.convergence.models import InterestLink
from projects.convocation.models import Envelope, Mailing
from projects.convocation.opinion_models import MemberOpinion
from projects.debate.models import Contribution, Document, DocumentVersion, Thanks
from projects.deliberation.acts import Correction, Publication
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.diagnosis.models import Assessment, Score
from projects.effects.models import Indicator, Measurement
from projects.effects.survey_models import Survey, Verbatim
from projects.followup.models import Action, HealthNote
from projects.funding.models import FundingLine, FundingPlan, PaymentCredit
from projects.funding.operating_models import OperatingLine, OperatingYear
from projects.funding.share_models import ChargeKey, ChargePercent, ObjectiveShare
from projects.funding.year_models import FundingYear
from projects.lineage.models import ProjectLink
from projects.marks.models import Mark
from projects.minutes.models import ItemMinutes, Minutes
from projects.notices.models import Letter, Notice, NoticePace
from projects.opinions.models import Opinion, OpinionReminder, OpinionRequest
from projects.proposals.actor_models import Actor, Endorsement, Interest
from projects.proposals.aside_models import SetAside
from projects.proposals.models import CourseStep, Move, ObjectiveVersion, OrientationFit, Project, SubmissionDocument
from projects.proposals.states import Origin, Status
from projects.proposals.word_models import ProjectWord, Word
from projects.register.models import ActFiling
from projects.report.models import PrintChoices, PrintVersion
from projects.seal.models import SealChain, SealedRecord
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan
from projects.totals.models import Addend, Total

__all__ = [
    "ActFiling",
    "Action",
    "Actor",
    "Addend",
    "AgendaItem",
    "Assessment",
    "Attendance",
    "Ballot",
    "BallotPosition",
    "BallotVoter",
    "CalendarAddress",
    "ChargeKey",
    "ChargePercent",
    "Contribution",
    "Correction",
    "CourseStep",
    "Decision",
    "Departure",
    "Document",
    "DocumentVersion",
    "Endorsement",
    "Envelope",
    "FundingLine",
    "FundingPlan",
    "FundingYear",
    "Guest",
    "HealthNote",
    "Indicator",
    "Interest",
    "InterestLink",
    "ItemMinutes",
    "Letter",
    "Mailing",
    "Mandate",
    "Mark",
    "Measurement",
    "Meeting",
    "MemberOpinion",
    "Milestone",
    "Minutes",
    "Move",
    "Nature",
    "Notice",
    "NoticePace",
    "ObjectiveShare",
    "ObjectiveVersion",
    "OperatingLine",
    "OperatingYear",
    "Opinion",
    "OpinionReminder",
    "OpinionRequest",
    "OrganisationLink",
    "Orientation",
    "OrientationFit",
    "Origin",
    "Outcome",
    "PaymentCredit",
    "Position",
    "PrintChoices",
    "PrintVersion",
    "Project",
    "ProjectLink",
    "ProjectWord",
    "Proxy",
    "Publication",
    "Referral",
    "Score",
    "SealChain",
    "SealedRecord",
    "SecretTally",
    "Session",
    "SetAside",
    "Sitting",
    "Status",
    "StrategyNode",
    "SubmissionDocument",
    "Survey",
    "Tension",
    "TerritorialPlan",
    "Thanks",
    "Total",
    "Urgency",
    "Verbatim",
    "Withdrawal",
    "Word",
]
