"""Two people edit the same text: the second sees what the first changed, and nothing is covered unseen."""

from __future__ import annotations

from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from cooperation.shared import SharedForm, SharedRows
from partners.governance.circuits import Circuit, CircuitStep
from partners.models import Body, ElectedMember, Role, Seat
from projects.funding.share_reading import served_by
from projects.models import (
    ActFiling,
    AgendaItem,
    ChargeKey,
    ChargePercent,
    Decision,
    FundingLine,
    FundingPlan,
    Interest,
    Minutes,
    Nature,
    OperatingLine,
    PaymentCredit,
    Project,
    Session,
    Status,
    StrategyNode,
    TerritorialPlan,
)
from territories.models import (
    AgreementPosition,
    Answer,
    CommunityInterest,
    Consultation,
    FinancialPact,
    ImplementationAgreement,
    PoolingScheme,
)
from tests.factories import (
    make_assessment,
    make_commune,
    make_competence,
    make_coordinator,
    make_epci,
    make_fund,
    make_indicator,
    make_meeting,
    make_member,
    make_milestone,
    make_orientation,
    make_pact_year,
    make_partner,
    make_population,
    make_project,
    make_relay,
    make_service,
    make_survey,
)
from tests.test_shared_forms import forms_of_ours

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 25)
THEIRS, MINE = "Ce que l’autre a écrit", "Ce que j’ai écrit"


class World:
    """A project and a body whose texts two people may change; who may change them all is a coordinator, or who
    administers the governance.
    """

    def __init__(self):
        self.epci = make_epci()
        self.coordinator = make_coordinator(self.epci)
        self.administrator = make_member(self.epci, Role.ADMINISTRATOR)
        self.project = make_project(self.epci, author=self.coordinator, status=Status.TO_COMPLETE)
        self.reviewed = make_project(self.epci, status=Status.UNDER_REVIEW)
        self.partner = make_partner(self.epci)
        self.relay = make_relay(self.partner)
        self.stage = make_milestone(self.project)
        self.meeting = make_meeting(self.project)
        self.orientation = make_orientation(self.epci)
        self.mandate = self.orientation.mandate
        self.plan = TerritorialPlan.objects.create(intercommunality=self.epci, title="Val 2032")
        said = {"intercommunality": self.epci, "plan": self.plan}
        self.node = StrategyNode.objects.create(level=1, code="1", title="Vivre", **said)
        self.actor = self.project.actors.first()
        self.interest = Interest.objects.create(
            intercommunality=self.epci, actor=self.actor, text="Un lieu", visibility=Interest.Visibility.EVERYONE
        )
        self.indicator = make_indicator(self.reviewed)
        self.survey = make_survey(self.reviewed)
        self.funding = FundingPlan.objects.create(
            intercommunality=self.epci, project=self.project, number=1, cost_excl_tax=10
        )
        self.competence = make_competence(self.epci, category="obligatory")
        self.competence.subject_to_community_interest = True
        self.competence.save()
        of_it = {"intercommunality": self.epci, "competence": self.competence, "act": "2026-45"}
        self.definition = CommunityInterest.objects.create(text="OPAH", decided_on=DAY, **of_it)
        self.agreement = ImplementationAgreement.objects.create(title="Tri", text="Trois flux", **of_it)
        self.commune = make_commune(self.epci)
        self.position = AgreementPosition.objects.create(
            intercommunality=self.epci,
            agreement=self.agreement,
            commune=self.commune,
            stance=AgreementPosition.Stance.AGREES,
            stated_on=DAY,
        )
        consultation = Consultation.objects.create(
            intercommunality=self.epci, procedure_code="transfer", title="Eau potable"
        )
        self.answer = Answer.objects.create(
            intercommunality=self.epci,
            consultation=consultation,
            commune=self.commune,
            notified_on=DAY,
            position="favourable",
            deliberated_on=DAY,
            inhabitants=100,
            municipal_inhabitants=100,
        )
        self.service = make_service(self.epci)
        self.pact_year = make_pact_year(self.epci)
        self.fund = make_fund(self.pact_year)
        years = {"intercommunality": self.epci, "starts_year": 2026, "ends_year": 2032, "is_current": True}
        self.pact = FinancialPact.objects.create(title="Pacte", **years)
        self.scheme = PoolingScheme.objects.create(title="Schéma", **years)
        self.line = FundingLine.objects.create(
            intercommunality=self.epci, plan=self.funding, funder="CAF", amount=10, nature="private"
        )
        self.body = Body.objects.create(intercommunality=self.epci, kind="bureau", name="Bureau", power="advisory")
        self.seat = Seat.objects.create(body=self.body, starts_on="2026-04-23")
        self.elected = ElectedMember.objects.create(
            intercommunality=self.epci, commune=make_commune(self.epci), full_name="Jeanne Morel"
        )
        self.session = Session.objects.create(
            intercommunality=self.epci, body=self.body, held_on="2032-03-01", held_at="18:30"
        )
        self.item = AgendaItem.objects.create(
            intercommunality=self.epci, session=self.session, project=self.reviewed, minutes_planned=20
        )
        self.step = CircuitStep.objects.create(
            circuit=Circuit.objects.create(intercommunality=self.epci, number=1, reason="Le premier"),
            label="Avis",
            position=1,
            amount_from=50_000,
        )
        self.step.bodies.add(self.body)
        self.write_what_follows()

    def write_what_follows(self):
        """What comes after a proposal: its objectives, its money year by year, what was held and what was decided."""
        mine = {"intercommunality": self.epci}
        on_plan = {**mine, "plan": self.plan, "level": 1}
        self.nodes = [self.node, *(StrategyNode.objects.create(code=n, title="Vivre", **on_plan) for n in "23")]
        self.reviewed.objectives.set(self.nodes)
        self.credit = PaymentCredit.objects.create(plan=self.funding, year=2027, amount=10, **mine)
        self.running = OperatingLine.objects.create(plan=self.funding, label="CAF", amount=10, **mine)
        for commune in self.epci.communes.all():
            make_population(commune, 100)
        self.charge = ChargeKey.objects.create(project=self.project, method="by_hand", **mine)
        ChargePercent.objects.create(key=self.charge, commune=self.commune, percent=100, **mine)
        self.nature = Nature.objects.create(project=self.reviewed, matter="other", **mine)
        begun = timezone.now() - timedelta(days=2)
        self.held = make_meeting(self.project, starts_at=begun, state="held", minutes="Rien de neuf")
        self.past = Session.objects.create(body=self.body, held_on="2026-06-25", state="closed", **mine)
        self.minutes = Minutes.objects.create(session=self.past, remarks="Rien de neuf", **mine)
        item = AgendaItem.objects.create(session=self.past, project=make_project(self.epci), **mine)
        decision = Decision.objects.create(item=item, outcome="adopted", proclaimed_at=begun, **mine)
        self.filing = ActFiling.objects.create(decision=decision, number="2026-1", matter="1.1", **mine)
        self.assessment = make_assessment(self.epci, trust="Les comptes sont ouverts")
        self.trust = self.assessment.scores.get(dimension="trust")


IN_GOVERNANCE = {"body_edit", "seat_edit", "member_edit", "step_edit"}
IN_PARTNERS = {"partner_edit", "relay_edit", *IN_GOVERNANCE}
IN_TERRITORIES = {
    "competence_edit", "agreement_edit", "positions", "consultation_answer", "service_edit", "scheme_edit", "pact_edit",
    "fund_edit", "amounts",
}  # fmt: skip


SHOWN_BY = {"strategy_levels": "strategy_edit", "money_years": "money", "money_operating": "money"}


def address_of(world, name, *, shown=False):
    """Where a form is sent, or where it is shown; what follows # tells one form of a page from another."""
    house = "partners" if name in IN_PARTNERS else "territories" if name in IN_TERRITORIES else "projects"
    page = SHOWN_BY.get(name, name) if shown else name
    args = [] if page == "strategy_edit" else PAGES[name][0](world)
    return reverse(page if ":" in page else f"{house}:{page.partition('#')[0]}", args=args)


def field_of(world, name):
    return PAGES[name][1].format(world.commune.pk)


def first_level(plan):
    return plan.level_labels[0]


def main_objective(project):
    return str(served_by(Project.objects.get(pk=project.pk))[0].pk)


# What is edited: the page, its arguments, the field that both change, and the row and column that hold its words.
# fmt: off
PAGES = {
    #  page                   arguments                              field             row            column
    "milestone_edit":       (lambda w: [w.project.pk, w.stage.pk], "label",          "stage",       "label"),
    "meeting_edit":         (lambda w: [w.meeting.pk],             "label",          "meeting",     "label"),
    "strategy_node":        (lambda w: [w.node.pk],                "description",    "node",        "description"),
    "strategy_orientation": (lambda w: [w.orientation.pk],         "description",    "orientation", "description"),
    "strategy_mandate":     (lambda w: [],                         "source",         "mandate",     "source"),
    "strategy_plan":        (lambda w: [],                         "foreword",       "plan",        "foreword"),
    "review":               (lambda w: [w.reviewed.pk],            "recommendation", "reviewed",    "recommendation"),
    "interest_edit":        (lambda w: [w.project.pk, w.interest.pk],"gains",          "interest",    "gains"),
    "actor_edit":           (lambda w: [w.project.pk, w.actor.pk], "interest",       "interest",    "text"),
    "funding":              (lambda w: [w.project.pk],             "lines-0-funder", "line",        "funder"),
    "indicator_edit":       (lambda w: [w.reviewed.pk, w.indicator.pk], "definition", "indicator", "definition"),
    "survey_edit":          (lambda w: [w.survey.pk],           "title",          "survey",      "title"),
    "partner_edit":         (lambda w: [w.partner.pk],             "address",        "partner",     "address"),
    "relay_edit":           (lambda w: [w.relay.pk],               "function",       "relay",       "function"),
    "competence_edit":      (lambda w: [w.competence.pk],          "label",          "competence",  "label"),
    "territories:interest_edit": (lambda w: [w.definition.pk],     "text",           "definition",  "text"),
    "agreement_edit":       (lambda w: [w.agreement.pk],           "text",           "agreement",   "text"),
    "positions":            (lambda w: [w.agreement.pk],           "act_{}",         "position",    "act"),
    "consultation_answer":  (lambda w: [w.answer.pk],              "words",          "answer",      "words"),
    "service_edit":         (lambda w: [w.service.pk],             "note",           "service",     "note"),
    "scheme_edit":          (lambda w: [],                         "text",           "scheme",      "text"),
    "pact_edit":            (lambda w: [],                         "text",           "pact",        "text"),
    "fund_edit":            (lambda w: [w.fund.pk],                "equipment",      "fund",        "equipment"),
    "amounts":              (lambda w: [w.pact_year.year],         "note",           "pact_year",   "note"),
    "body_edit":            (lambda w: [w.body.pk],                "rhythm",         "body",        "rhythm"),
    "seat_edit":            (lambda w: [w.seat.pk],                "function",       "seat",        "function"),
    "member_edit":          (lambda w: [w.elected.pk],             "municipal_office", "elected",   "municipal_office"),
    "step_edit":            (lambda w: [w.step.pk],                "label",          "step",        "label"),
    "session_edit":         (lambda w: [w.session.pk],             "place",          "session",     "place"),
    "agenda_edit":          (lambda w: [w.item.pk],                "draft",          "item",        "draft"),
    "review#fit":           (lambda w: [w.reviewed.pk],            "statement",  "reviewed", "orientation_statement"),
    "review#ground":        (lambda w: [w.reviewed.pk],            "ground",         "reviewed",    "legal_ground"),
    "strategy_levels":      (lambda w: [],                         "level_1",        "plan",        first_level),
    "project_circuit":      (lambda w: [w.reviewed.pk],            "matter",         "nature",      "matter"),
    "act_file":             (lambda w: [w.filing.decision.item.pk], "number",        "filing",      "number"),
    "meeting_minutes":      (lambda w: [w.held.pk],                "minutes",        "held",        "minutes"),
    "minutes":              (lambda w: [w.past.pk],                "remarks",        "minutes",     "remarks"),
    "money_years":          (lambda w: [w.project.pk],             "payment_credits-0-amount", "credit", "amount"),
    "money_operating":      (lambda w: [w.project.pk],             "operating_lines-0-label", "running", "label"),
    "money_communes":       (lambda w: [w.project.pk],             "method",         "charge",      "method"),
    "project_objectives":   (lambda w: [w.reviewed.pk],            "main",           "reviewed",    main_objective),
    "assessment_edit":      (lambda w: [w.assessment.pk],          "trust_evidence", "trust",       "evidence"),
}
# What the two write where words of their own would not do.
CHOSEN = {
    "review#ground":        lambda w: ("within", "municipal"),
    "project_circuit":      lambda w: ("contracts", "grants"),
    "money_years":          lambda w: ("20.00", "30.00"),
    "money_communes":       lambda w: ("equal", "inhabitants"),
    "project_objectives":   lambda w: (str(w.nodes[1].pk), str(w.nodes[2].pk)),
}
# The form that each page tries; forms of the same name are told by their room.
FORMS = {
    "milestone_edit": "calendar.MilestoneChangeForm", "meeting_edit": "calendar.MeetingForm",
    "strategy_node": "strategy.NodeForm", "strategy_orientation": "strategy.OrientationForm",
    "strategy_mandate": "strategy.MandateForm", "strategy_plan": "strategy.PlanForm",
    "strategy_levels": "strategy.LevelsForm", "review": "review.OpinionForm", "review#fit": "review.FitForm",
    "review#ground": "review.GroundForm", "interest_edit": "convergence.InterestForm",
    "actor_edit": "proposals.ActorForm", "funding": "funding.CostForm", "indicator_edit": "effects.IndicatorForm",
    "survey_edit": "effects.SurveyForm", "partner_edit": "directory.PartnerForm", "relay_edit": "directory.RelayForm",
    "competence_edit": "competences.CompetenceForm", "territories:interest_edit": "competences.InterestForm",
    "agreement_edit": "competences.AgreementForm", "positions": "competences.PositionsForm",
    "consultation_answer": "consultations.AnswerForm", "service_edit": "levers.ServiceForm",
    "scheme_edit": "levers.SchemeForm", "pact_edit": "levers.PactForm", "fund_edit": "levers.FundForm",
    "amounts": "levers.AmountsForm", "body_edit": "governance.BodyForm", "seat_edit": "governance.SeatForm",
    "member_edit": "governance.MemberForm", "step_edit": "governance.StepForm",
    "session_edit": "deliberation.SessionChangeForm", "agenda_edit": "deliberation.ItemForm",
    "project_circuit": "circuit.NatureForm", "act_file": "register.FilingForm",
    "meeting_minutes": "calendar.MinutesForm", "minutes": "minutes.MinutesForm",
    "money_communes": "funding.ChargeKeyForm", "project_objectives": "funding.ObjectiveSharesForm",
    "assessment_edit": "diagnosis.AssessmentForm",
}
# fmt: on
TRIED_ELSEWHERE = {
    "actormap.WeightForm": "below: it stands once for each actor on one page",
    "funding.FunderYearsForm": "test_funder_years: what a funder pays is said whole, in two fields at least",
    "funding.OperatingYearsForm": "test_operating_years: one figure for each line and year",
    "funding.YearsGrid": "what the two forms of years have in common: no page shows it alone",
    "calendar.NewMeetingForm": "a new row; what comes after is calendar.MeetingForm",
}


class Forms(HTMLParser):
    """The forms of a page as a browser would send them back, one dictionary each."""

    def __init__(self, html):
        super().__init__()
        self.found, self.area, self.select = [], "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        name = told.get("name", "")
        if tag == "form":
            self.found.append({})
        elif not self.found:
            return
        elif tag == "input" and name:
            if told.get("type") not in ("checkbox", "radio") or "checked" in told:
                self.found[-1].setdefault(name, []).append(told.get("value", ""))
        elif tag == "textarea":
            self.area = name
            self.found[-1][name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in told:
            self.found[-1].setdefault(self.select, []).append(told.get("value", ""))

    def handle_data(self, data):
        if self.area:
            self.found[-1][self.area] = [data.removeprefix("\n")]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""

    def with_field(self, field):
        return next(form for form in self.found if field in form)


@pytest.fixture
def edit(world, client):
    """Open a page, write in a field, send the form."""

    def opened(name):
        client.force_login(world.administrator if name in IN_GOVERNANCE else world.coordinator, BACKEND)
        address = address_of(world, name)
        form = Forms(client.get(address_of(world, name, shown=True)).content.decode()).with_field(field_of(world, name))
        return address, form

    def send(address, form, field, words):
        return client.post(address, form | {field: [words]})

    return opened, send


def words_of(world, row, column):
    held = getattr(world, row)
    held.refresh_from_db()
    return column(held) if callable(column) else str(getattr(held, column))


def written_by_both(world, name):
    """What the other one writes, and what I write."""
    return CHOSEN[name](world) if name in CHOSEN else (THEIRS, MINE)


@pytest.mark.parametrize("name", PAGES)
def test_who_saves_second_sees_the_difference_and_covers_nothing_unseen(world, edit, name):
    opened, send = edit
    field, (*_, row, column) = field_of(world, name), PAGES[name]
    theirs, mine = written_by_both(world, name)
    address, my_form = opened(name)
    _, their_form = opened(name)
    assert send(address, their_form, field, theirs).status_code == 302
    assert words_of(world, row, column) == theirs
    refused = send(address, my_form, field, mine)
    told = refused.content.decode()
    assert refused.status_code in (200, 422)
    assert words_of(world, row, column) == theirs
    assert "pendant que vous écriviez" in told
    assert "<del>" in told
    assert "<ins>" in told
    kept = Forms(told).with_field(field)
    assert kept[field] == [mine]
    assert send(address, kept, field, mine).status_code == 302
    assert words_of(world, row, column) == mine


@pytest.mark.parametrize("name", PAGES)
def test_saving_again_what_nobody_changed_is_never_refused(world, edit, name):
    opened, send = edit
    field = field_of(world, name)
    address, form = opened(name)
    answer = send(address, form, field, form[field][0] or written_by_both(world, name)[0])
    assert answer.status_code == 302, answer.context["form"].errors


@pytest.mark.parametrize("name", PAGES)
def test_the_row_is_held_before_what_was_read_is_compared(world, edit, monkeypatch, name):
    opened, send = edit
    field = field_of(world, name)
    address, form = opened(name)
    done = []
    for owner, act in ((QuerySet, "select_for_update"), (SharedForm, "full_clean"), (SharedRows, "clean")):
        noted(monkeypatch, owner, act, done)
    assert send(address, form, field, written_by_both(world, name)[1]).status_code == 302
    assert done[0][0] == "select_for_update" and {act for act, _ in done} > {"select_for_update"}
    assert name not in FORMS or FORMS[name] in {called(kind) for act, kind in done if act == "full_clean"}


def called(form):
    """A form by its room and its name."""
    return f"{form.__module__.split('.')[1]}.{form.__name__}"


def test_every_form_that_guards_stored_words_is_tried_by_two_people():
    shared = {called(form) for form in forms_of_ours().values() if issubclass(form, SharedForm)}
    assert shared == {*FORMS.values(), *TRIED_ELSEWHERE}


def noted(monkeypatch, owner, act, done):
    """Note in `done` that something is done, and by what, and do it."""
    real = getattr(owner, act)

    def doing(self, *args, **kwargs):
        done.append((act, type(self)))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(owner, act, doing)


def test_the_first_words_of_two_people_never_cover_one_another(world, edit):
    """Nothing was stored when both opened the page: the second one is told all the same."""
    opened, send = edit
    for name, row in (("project_circuit", world.nature), ("act_file", world.filing)):
        field, (theirs, mine) = field_of(world, name), written_by_both(world, name)
        row.delete()
        address, form = opened(name)
        blank = {"matter": ["1.1"]} if name == "act_file" else {}
        assert send(address, form | blank, field, theirs).status_code == 302
        refused = send(address, form | blank, field, mine)
        assert "pendant que vous écriviez" in refused.content.decode()
        stored = type(row).objects.get()
        assert getattr(stored, field) == theirs


def test_the_same_words_typed_twice_are_no_quarrel(world, edit):
    opened, send = edit
    address, mine = opened("meeting_edit")
    assert send(address, mine, "label", THEIRS).status_code == 302
    assert send(address, mine, "label", THEIRS).status_code == 302
    assert world.meeting.history.count() >= 1


def test_the_grid_of_actors_covers_no_figure_unseen(world, client):
    """Its two figures are typed on the map of actors, for each of them; what was typed comes back there."""
    client.force_login(world.coordinator, BACKEND)
    page = reverse("projects:actor_map", args=[world.project.pk])
    address = reverse("projects:actor_weigh", args=[world.project.pk, world.actor.pk])
    mine = Forms(client.get(page).content.decode()).with_field("influence")
    assert client.post(address, mine | {"influence": ["4"], "concern": ["1"]}).status_code == 302
    refused = client.post(address, mine | {"influence": ["2"], "concern": ["2"]})
    assert refused.status_code == 422 and "pendant que vous écriviez" in refused.content.decode()
    world.actor.refresh_from_db()
    assert (world.actor.influence, world.actor.concern) == (4, 1)
    kept = Forms(refused.content.decode()).with_field("influence")
    assert kept["influence"] == ["2"]
    assert client.post(address, kept).status_code == 302
    world.actor.refresh_from_db()
    assert (world.actor.influence, world.actor.concern) == (2, 2)
    assert client.post(address, {"influence": "7"}).status_code == 422
