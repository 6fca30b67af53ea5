"""What comes due, told as its day comes: opinions awaited, actions decided, councils consulted, meetings. Each once.

Run at dawn by whoever sends the letters (`send_notices`); run again on the same day, it tells nothing more.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from projects.followup.access import people_in_charge
from projects.followup.models import Action
from projects.followup.rules import Call, call_on
from projects.notices.listening import coordinators, of_action, tell_council
from projects.notices.meetings import meetings_near, remind_of_meeting
from projects.notices.models import Notice
from projects.notices.services import tell
from projects.opinions.services import remind as remind_of_opinions
from projects.proposals.states import GIVEN_UP
from territories.consultations.models import Answer

FURTHEST = timedelta(days=21)  # nothing is called further ahead: a day is weighed in working days below
COUNCIL_BEFORE = timedelta(days=21)  # a council is convened, and its agenda written, in three weeks
KIND_OF = {Call.SOON: "action_soon", Call.LATE: "action_late"}


def remind(now: datetime) -> None:
    """Tell what comes due today, in every territory."""
    today = timezone.localdate(now)
    remind_of_opinions(today=today)
    for action in remaining_actions(today):
        remind_of_action(action, now)
    for answer in awaited_councils(today):
        tell_council("council_soon", answer, now)
    for meeting in meetings_near(now):
        remind_of_meeting(meeting, now)


def remaining_actions(today: date) -> list[Action]:
    """What remains to be done and is near, or late, on projects that go on."""
    near = Action.objects.open().filter(due_on__lte=today + FURTHEST).exclude(project__status__in=GIVEN_UP)
    return list(near.select_related("project__intercommunality"))


def remind_of_action(action: Action, now: datetime) -> None:
    """Tell whoever is in charge; the coordination when they have no account, for nobody else would know."""
    today = timezone.localdate(now)
    call = call_on(today, due_on=action.due_on, department=action.project.intercommunality.department_code)
    if call is None or Notice.objects.filter(kind=KIND_OF[call], fact=f"action:{action.pk}").exists():
        return
    people = people_in_charge(action, today) or coordinators(action.intercommunality_id, today)
    tell(KIND_OF[call], people, **of_action(action, now))


def awaited_councils(today: date) -> list[Answer]:
    """The councils notified that have not answered and whose delay ends within three weeks."""
    near = Answer.objects.filter(notified_on__isnull=False, position="", due_on__range=(today, today + COUNCIL_BEFORE))
    open_ones = near.filter(consultation__closed_on=None, consultation__abandoned_on=None)
    return list(open_ones.select_related("commune", "consultation"))
