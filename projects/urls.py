"""Addresses of the projects: each room brings its own, all under the one name `projects`."""

from projects.actormap.urls import urlpatterns as actormap
from projects.ballots.urls import urlpatterns as ballots
from projects.briefing.urls import urlpatterns as briefing
from projects.calendar.urls import urlpatterns as calendar
from projects.chronicle.urls import urlpatterns as chronicle
from projects.circuit.urls import urlpatterns as circuit
from projects.convergence.urls import urlpatterns as convergence
from projects.convocation.urls import urlpatterns as convocation
from projects.debate.urls import urlpatterns as debate
from projects.delegated.urls import urlpatterns as delegated
from projects.deliberation.urls import urlpatterns as deliberation
from projects.diagnosis.urls import urlpatterns as diagnosis
from projects.effects.urls import urlpatterns as effects
from projects.followup.urls import urlpatterns as followup
from projects.funding.urls import urlpatterns as funding
from projects.lineage.urls import urlpatterns as lineage
from projects.marks.urls import urlpatterns as marks
from projects.minutes.urls import urlpatterns as minutes
from projects.notices.urls import urlpatterns as notices
from projects.opinions.urls import urlpatterns as opinions
from projects.portfolio.urls import urlpatterns as portfolio
from projects.prints.urls import urlpatterns as prints
from projects.proposals.urls import urlpatterns as proposals
from projects.register.urls import urlpatterns as register
from projects.report.urls import urlpatterns as report
from projects.review.urls import urlpatterns as review
from projects.strategy.urls import urlpatterns as strategy

app_name = "projects"
urlpatterns = [
    *portfolio, *proposals, *convergence, *actormap, *funding, *strategy, *lineage, *marks, *review, *opinions,
    *followup, *effects, *diagnosis, *debate, *calendar, *deliberation, *circuit, *delegated, *minutes, *convocation,
    *register, *ballots, *chronicle, *notices, *prints, *report, *briefing,
]  # fmt: skip
