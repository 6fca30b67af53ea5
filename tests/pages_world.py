"""The world of the page table: an EPCI with one of everything, a person of each kind, and the address of each page."""

from __future__ import annotations

from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from cooperation.models import Job
from partners.directory.services import tell_apart
from partners.governance.circuits import Circuit, CircuitStep
from partners.governance.models import Body, Delegation, ElectedMember, Seat
from partners.people.models import Membership, Role
from projects.calendar.services import make_address
from projects.deliberation.models import AgendaItem, Decision, Session
from projects.models import (
    Ballot,
    FundingLine,
    FundingPlan,
    Interest,
    InterestLink,
    OperatingLine,
    OrganisationLink,
    Proxy,
    Publication,
    Status,
    StrategyNode,
    SubmissionDocument,
    Tension,
    TerritorialPlan,
)
from territories.models import Answer, CommunityInterest, Consultation, ImplementationAgreement
from tests.factories import (
    START,
    make_action,
    make_actor,
    make_agent,
    make_assessment,
    make_commune,
    make_competence,
    make_contribution,
    make_coordinator,
    make_document,
    make_envelope,
    make_epci,
    make_fund,
    make_grant,
    make_indicator,
    make_invitation,
    make_meeting,
    make_member,
    make_milestone,
    make_notice,
    make_opinion,
    make_opinion_request,
    make_pact_year,
    make_partner,
    make_project,
    make_refused_letter,
    make_service,
    make_survey,
)

LIVE_SESSION = ("desk", "roll", "movement", "proxy_give", "urgent", "urgency_settle", "screen", "tablet")
LIVE_BALLOT = ("desk_count", "ballot_names", "ballot_close", "ballot_cancel", "vote")
VERSION_OF_CIRCUIT = ("circuit_version", "circuit_adopt", "circuit_drop", "steps_order", "step_add")
ACTS = ("notify", "remind", "close", "abandon", "order", "print")  # of a consultation

ABOUT_A_COMPETENCE = (
    "competence", "competence_edit", "competence_remove", "interest_create", "agreement_create"
)  # fmt: skip
PAPERS = ("minutes", "minutes_settle", "minutes_print", "decisions_print")
ON_A_PROJECT = (
    "money_communes",
    "funder_years",
    "operating_years",
    "project_objectives",
    "absorb",
    "split",
    "copy",
    "mark",
)
OF_AN_INDICATOR = ("indicator", "indicator_edit", "indicator_drop")
MEETING_ACTS = ("meeting", "meeting_guests", "meeting_edit", "meeting_cancel", "meeting_minutes")
DEBATE_ACTS = ("reply", "correct", "versions", "thank", "hide", "show", "file")


def world():
    """An EPCI with one of everything, and a person of each kind."""
    epci, elsewhere = make_epci(), make_epci(1)
    partner = make_partner(epci)
    people = {
        "outsider": make_coordinator(elsewhere),
        "agent": make_agent(epci),
        "coordinator": make_coordinator(epci),
        "elected": make_member(epci, Role.ELECTED),
        "relay": make_member(epci, Role.RELAY, partner=partner),
        "councillor": make_member(epci, Role.COUNCILLOR),
        "administrator": make_member(epci, Role.ADMINISTRATOR),
    }
    project = make_project(epci, author=people["agent"], status=Status.ON_AGENDA, oriented=True)
    money = FundingPlan.objects.create(intercommunality=epci, project=project, cost_excl_tax=10)
    FundingLine.objects.create(intercommunality=epci, plan=money, funder="CAF", amount=10, nature="private")
    OperatingLine.objects.create(intercommunality=epci, plan=money, label="CAF", amount=10)
    draft = make_project(epci, author=people["agent"])
    actor = make_actor(project, partner.name, partner=partner)
    first, second = (
        Interest.objects.create(intercommunality=epci, actor=actor, text=text) for text in ("Accueil", "Calme")
    )
    link = InterestLink.objects.create(
        intercommunality=epci, project=project, first=first, second=second, kind="common"
    )
    ends = {"source": actor, "target": project.actors.first(), "intercommunality": epci, "project": project}
    tie, quarrel = OrganisationLink.objects.create(kind="habit", **ends), Tension.objects.create(**ends)
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    session = Session.objects.create(intercommunality=epci, body=body, held_on=date(2026, 11, 2))
    item = AgendaItem.objects.create(intercommunality=epci, session=session, project=project)
    decided = make_project(epci, status=Status.ADOPTED)
    past = Session.objects.create(intercommunality=epci, body=body, held_on=date(2026, 6, 1), state="closed")
    sits = ElectedMember.objects.create(
        intercommunality=epci, commune=make_commune(epci), full_name="Une élue", user=people["elected"]
    )
    mine, theirs = (Seat.objects.create(body=body, member=one, commune=sits.commune) for one in (sits, None))
    circuit = Circuit.objects.create(intercommunality=epci, number=1, reason="Le premier")
    step = CircuitStep.objects.create(circuit=circuit, label="Avis", position=1)
    delegation = Delegation.objects.create(
        intercommunality=epci, holder="bureau", matter="agreements", decision_reference="1", starts_on=date(2026, 4, 23)
    )
    now = timezone.now()
    power = Proxy.objects.create(intercommunality=epci, session=session, giver=theirs, holder=mine, given_at=now)
    ballot = Ballot.objects.create(intercommunality=epci, item=item, opened_at=now)
    done = AgendaItem.objects.create(intercommunality=epci, session=past, project=decided)
    Decision.objects.create(intercommunality=epci, item=done, outcome="adopted", proclaimed_at=timezone.now())
    Publication.objects.create(intercommunality=epci, session=past, published_at=timezone.now())
    letter = make_envelope(past)
    document = SubmissionDocument.objects.create(
        intercommunality=epci,
        project=project,
        submitted_at=project.submitted_at,
        file=ContentFile(b"%PDF-1.7", "depot.pdf"),
    )
    job = Job.objects.create(kind="territory_report", intercommunality_id=epci.pk, requested_by=people["coordinator"])
    orientation = project.orientations.get()
    plan = TerritorialPlan.objects.create(intercommunality=epci, title="Horizon 2032")
    axis = StrategyNode.objects.create(intercommunality=epci, plan=plan, level=1, code="1", title="Bien grandir")
    commune = make_commune(epci)
    consultation = Consultation.objects.create(intercommunality=epci, procedure_code="transfer", title="Eau potable")
    reply = Answer.objects.create(
        intercommunality=epci,
        consultation=consultation,
        commune=commune,
        inhabitants=10,
        municipal_inhabitants=9,
        notified_on=date(2026, 10, 1),
        due_on=date(2027, 1, 1),
    )
    competence = make_competence(epci, category="obligatory")
    interest = CommunityInterest.objects.create(intercommunality=epci, competence=competence, text="OPAH")
    agreement = ImplementationAgreement.objects.create(
        intercommunality=epci, competence=competence, title="Tri", text="Trois flux"
    )
    said = make_contribution(project, author=people["agent"])
    paper = make_document(project)
    asked = make_opinion_request(project, partner=partner)
    given = make_opinion(make_opinion_request(project, partner=partner), by=people["relay"])
    to_do = make_action(project, partner=partner)
    yardstick, heard = make_indicator(project, value=7), make_survey(project, words=["Enfin près de chez nous."])
    met, stage = make_meeting(project), make_milestone(project)
    held = Membership.objects.get(user=people["agent"])
    service, pact_year = make_service(epci), make_pact_year(epci)
    fund, grant = make_fund(pact_year), make_grant(pact_year)
    invited = make_invitation(partner, token="un-lien")
    look_alike = make_partner(epci, "Caisse d’allocations")
    apart = tell_apart(one=partner, other=make_partner(epci, "C.A.F."), by=people["coordinator"], on=START)
    told = make_notice(people["coordinator"], project)
    refused = make_refused_letter(people["coordinator"], epci)
    addresses = {
        "projects:notice_open": [told.pk],
        "projects:notice_send_again": [refused.person_id],
        "projects:chronicle": [project.pk],
        **{f"partners:{name}": [body.pk] for name in ("body", "body_edit", "body_rules", "seat_add", "seats_order")},
        **{f"partners:seat_{act}": [mine.pk] for act in ("edit", "succeed", "close", "chair")},
        "partners:member_edit": [sits.pk],
        **{f"partners:{name}": [circuit.pk] for name in VERSION_OF_CIRCUIT},
        **{f"partners:{name}": [step.pk] for name in ("step_edit", "step_remove")},
        "projects:circuit_preview": [circuit.pk],
        **{f"projects:{name}": [project.pk] for name in ("project_circuit", "act_between")},
        "projects:circuit_depart": [project.pk, step.pk],
        "projects:delegated_report": [session.pk],
        "partners:delegation_end": [delegation.pk],
        "partners:membership_close": [held.pk],
        **{f"territories:{name}": [competence.pk] for name in ABOUT_A_COMPETENCE},
        "territories:interest_edit": [interest.pk],
        **{f"territories:{name}": [agreement.pk] for name in ("agreement_edit", "positions")},
        "territories:consultation": [consultation.pk],
        **{f"territories:consultation_{act}": [consultation.pk] for act in ACTS},
        "territories:consultation_answer": [reply.pk],
        **{name: [service.pk] for name in ("territories:service", "territories:service_edit")},
        "territories:service_key": [service.pk, 2026],
        **{name: [2026] for name in ("territories:amounts", "territories:fund_create")},
        **{name: [fund.pk] for name in ("territories:fund_edit", "territories:fund_remove")},
        **{name: [2026] for name in ("territories:grant", "territories:grant_edit")},
        **{name: [grant.pk] for name in ("territories:grant_simulate", "territories:grant_adopt")},
        **{f"partners:{name}": [partner.pk] for name in ("partner", "partner_edit", "relay_add", "invite")},
        **{f"partners:{name}": [partner.pk, look_alike.pk] for name in ("partner_merge", "partners_apart")},
        "partners:apart_take_back": [apart.pk],
        **{f"partners:{name}": [invited.relay_id] for name in ("relay_edit", "relay_erase")},
        "partners:invitation_revoke": [invited.pk],
        "partners:invitation": ["un-lien"],
        "projects:detail": [project.pk],
        "projects:commune": [make_commune(epci).insee_code],
        "projects:actor_add": [draft.pk],
        "projects:actor_suggested": [draft.pk],
        "projects:actor_edit": [draft.pk, draft.actors.first().pk],
        "projects:actor_remove": [draft.pk, draft.actors.last().pk],
        "projects:write": [draft.pk, "besoin"],
        **{f"projects:{name}": [draft.pk] for name in ("funding", "funding_check")},
        **{f"projects:{name}": [project.pk] for name in ("money", "money_version", "money_years", "money_operating")},
        **{f"projects:{name}": [project.pk] for name in ON_A_PROJECT},
        "projects:move": [project.pk, "submit"],
        "projects:endorse": [project.pk, actor.pk],
        **{f"projects:{name}": [project.pk] for name in ("convergence", "interest_compare", "actor_map")},
        "projects:organisation_link": [project.pk],
        "projects:organisation_link_forget": [project.pk, tie.pk],
        **{f"projects:{name}": [project.pk, quarrel.pk] for name in ("tension_forget", "tension_ease")},
        "projects:assessment_edit": [make_assessment(epci).pk],
        "projects:interest_link_forget": [project.pk, link.pk],
        **{f"projects:{name}": [project.pk, actor.pk] for name in ("interest_state", "actor_weigh")},
        **{f"projects:{name}": [project.pk, first.pk] for name in ("interest_edit", "interest_withdraw")},
        "projects:submission": [project.pk, document.pk],
        "projects:debate": [project.pk],
        **{f"projects:debate_{act}": [project.pk, said.pk] for act in DEBATE_ACTS},
        **{f"projects:{name}": [project.pk] for name in ("opinions", "health", "actions")},
        **{f"projects:{name}": [project.pk] for name in ("effects", "indicator_add")},
        **{f"projects:{name}": [project.pk, yardstick.pk] for name in OF_AN_INDICATOR},
        **{f"projects:{name}": [heard.pk] for name in ("survey", "survey_edit")},
        "projects:verbatim_remove": [heard.pk, heard.verbatims.get().pk],
        **{f"projects:{name}": [asked.pk] for name in ("opinion", "opinion_request_withdraw")},
        "projects:opinion_withdraw": [given.request_id],
        "projects:action_close": [project.pk, to_do.pk],
        **{f"projects:{name}": [met.pk] for name in MEETING_ACTS},
        "projects:project_calendar": [project.pk],
        "projects:milestone_edit": [project.pk, stage.pk],
        "projects:calendar_feed": [make_address(person=people["coordinator"], now=now)],
        "projects:documents": [project.pk],
        "projects:document_version": [project.pk, paper.pk],
        "projects:document_download": [project.pk, paper.pk, 1],
        "projects:review": [project.pk],
        **{name: [session.pk] for name in ("projects:session", "projects:agenda_add", "projects:agenda_order")},
        **{name: [session.pk] for name in ("projects:session_open", "projects:session_close")},
        **{f"projects:{name}": [session.pk] for name in ("session_edit", "session_cancel", "convocation")},
        "projects:handed_over": [letter.mailing_id],
        "projects:mailing_send_again": [letter.mailing_id],
        "projects:convocation_print": [past.pk],
        "projects:councillors_send": [past.pk, "minutes"],
        **{f"projects:{name}": [past.pk] for name in ("session_note", "session_pack")},
        "projects:item_file": [item.pk],
        **{f"projects:{name}": [item.pk] for name in ("agenda_edit", "agenda_remove", "decide")},
        **{f"projects:{name}": [done.pk] for name in ("decision", "decision_correct", "act_file")},
        "projects:session_publish": [past.pk],
        **{f"projects:{name}": [past.pk] for name in PAPERS},
        **{f"projects:{name}": [session.pk] for name in LIVE_SESSION},
        "projects:proxy_revoke": [session.pk, power.pk],
        **{f"projects:{name}": [item.pk] for name in ("item_call", "withdrawal", "ballot_open", "proclaim")},
        "projects:bring_back": [done.pk],
        **{f"projects:{name}": [ballot.pk] for name in LIVE_BALLOT},
        **{name: [axis.pk] for name in ("projects:strategy_node", "projects:strategy_node_remove")},
        **{
            name: [orientation.pk] for name in ("projects:strategy_orientation", "projects:strategy_orientation_remove")
        },
        "projects:export": ["csv"],
        "projects:version_download": [1],
        "projects:project_file": [project.pk, "odt"],
        **{
            name: [job.pk]
            for name in (
                "projects:print_progress",
                "projects:print_cancel",
                "projects:print_again",
                "projects:print_download",
            )
        },
    }
    return people, addresses
