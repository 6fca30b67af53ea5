"""A project follows its circuit: whose turn it is, who decides, what may be passed over, where it is sent."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cooperation.access import ALLOWED, Verdict
from cooperation.french import NBSP, raise_ordinals
from partners.governance.circuit_rules import Facts, Step
from partners.models import Body, Circuit, CircuitStep, Delegation, ElectedMember, Role, Seat
from partners.people.access import scope_of
from projects.circuit import reads, services
from projects.circuit.preview import preview_of
from projects.circuit.rules import Mark, Said, communes_pay, places_of, referral_of, turn_of
from projects.deliberation import services as sessions
from projects.deliberation.access import sessions_read_by
from projects.deliberation.acts import Publication
from projects.deliberation.sealing import facts_of
from projects.models import (
    AgendaItem,
    Departure,
    FundingLine,
    FundingPlan,
    Move,
    Notice,
    OperatingLine,
    Project,
    Referral,
    Session,
    Status,
)
from projects.notices.listening import still_holds
from projects.proposals.services import move
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_project,
)

TODAY = date(2026, 11, 15)
NOW = timezone.make_aware(datetime(2026, 11, 15, 12))
COMMITTEE, BUREAU, MAYORS, COUNCIL = 1, 2, 3, 4
STEPS = [
    Step(10, "Commission", False, frozenset({COMMITTEE})),
    Step(20, "Bureau", True, frozenset({BUREAU})),
    Step(30, "Maires", False, frozenset({MAYORS}), only_if_communes_pay=True),
    Step(40, "Conseil", True, frozenset({COUNCIL})),
]
PAID = Facts(communes_pay=True)
NOT_DELEGATED = {20: Verdict("Pas délégué."), 40: ALLOWED}
DELEGATED = {20: ALLOWED, 40: ALLOWED}


def marks(said=(), departed=(), facts=PAID, may_decide=NOT_DELEGATED):
    places = places_of(STEPS, facts, said=said, departed=dict.fromkeys(departed, "Motif"), may_decide=may_decide)
    return [place.mark for place in places]


def test_a_project_passes_each_step_in_order_and_the_conseil_decides_what_is_not_delegated():
    assert marks() == [Mark.NEXT, Mark.TO_COME, Mark.TO_COME, Mark.TO_COME]
    spoken = [Said(COMMITTEE, True, "Avis favorable")]
    assert marks(spoken) == [Mark.DONE, Mark.NEXT, Mark.TO_COME, Mark.TO_COME]
    assert marks(spoken, facts=Facts()) == [Mark.DONE, Mark.NEXT, Mark.UNCONCERNED, Mark.TO_COME]
    assert marks(spoken, departed=[20]) == [Mark.DONE, Mark.PASSED_OVER, Mark.NEXT, Mark.TO_COME]


def test_a_bureau_with_the_delegation_decides_and_the_path_ends_there():
    assert marks(may_decide=DELEGATED) == [Mark.NEXT, Mark.TO_COME, Mark.UNCONCERNED, Mark.UNCONCERNED]


def test_once_the_decision_is_taken_nothing_is_awaited_any_more():
    decided = [Said(COUNCIL, True, "Adopté")]
    assert marks(decided) == [Mark.LEFT_OUT, Mark.LEFT_OUT, Mark.LEFT_OUT, Mark.DONE]
    assert marks(decided, departed=[10], facts=Facts()) == [
        Mark.PASSED_OVER, Mark.LEFT_OUT, Mark.UNCONCERNED, Mark.DONE,
    ]  # fmt: skip
    assert marks([Said(COUNCIL, False, "Ajourné")])[0] == Mark.NEXT  # put off is not decided


def test_what_is_put_off_stays_to_be_done_and_a_referral_comes_first_until_it_is_answered():
    put_off = [Said(COMMITTEE, False, "Ajourné")]
    assert marks(put_off)[0] == Mark.NEXT
    sent = [Said(COMMITTEE, False, "Renvoyé", referred_to=MAYORS)]
    assert referral_of(sent) == MAYORS and Mark.NEXT not in marks(sent)
    answered = [*sent, Said(MAYORS, True, "Avis favorable")]
    assert referral_of(answered) is None and marks(answered)[0] == Mark.NEXT


def turn(body, said=(), departed=(), may_decide=NOT_DELEGATED):
    places = places_of(
        STEPS, Facts(communes_pay=True), said=said, departed=dict.fromkeys(departed, "Motif"), may_decide=may_decide
    )
    decides = body in {BUREAU, COUNCIL, 9}
    return turn_of(places, body, "Instance", decides=decides, referred=referral_of(said), to="Maires")


def test_a_body_that_decides_waits_for_what_precedes_it_and_an_opinion_waits_for_nobody():
    assert turn(MAYORS) and turn(COMMITTEE)
    assert "Il reste : Commission, Bureau, Maires" in str(turn(COUNCIL))
    spoken = [Said(COMMITTEE, True, ""), Said(BUREAU, True, "")]
    assert "Il reste : Maires." in str(turn(COUNCIL, spoken))
    assert turn(COUNCIL, spoken, departed=[30])
    assert "ne passe pas par" in str(turn(9))
    assert "La décision revient à l’étape « Bureau »" in str(turn(COUNCIL, may_decide=DELEGATED))
    assert "renvoyé" in str(turn(COUNCIL, [Said(BUREAU, False, "", referred_to=MAYORS)]))
    assert turn_of([], 9, "Instance", decides=True, referred=None, to="")  # no circuit: nothing is asked


@pytest.mark.parametrize(
    ("own", "lines", "actors", "pay"),
    [
        (True, [], [], True),
        (False, [False, True], [], True),
        (False, [False], [False, True], True),
        (False, [], [True], True),
        (False, [False], [False], False),
        (False, [], [], None),
        (False, [], [False], None),  # another pays: nothing says that it pays alone
    ],
)
def test_communes_pay_when_one_owns_the_project_brings_a_resource_or_is_said_to_pay(own, lines, actors, pay):
    assert communes_pay(own=own, lines=lines, actors=actors) is pay


def test_a_step_kept_for_want_of_a_funding_says_so():
    places = places_of(STEPS, Facts(communes_pay=None), said=[], departed={}, may_decide=NOT_DELEGATED)
    assert [place.mark for place in places][2] == Mark.TO_COME
    assert [bool(place.why) for place in places] == [False, True, True, False]
    assert places[2].why.startswith("Le financement du projet n’est pas encore écrit")


@pytest.fixture
def epci(db):
    return make_epci()


@pytest.fixture
def clerk(epci):
    return make_coordinator(epci)


@pytest.fixture
def bodies(epci):
    def body(kind, power):
        return Body.objects.create(intercommunality=epci, kind=kind, name=kind.capitalize(), power=power, legal_seats=3)

    return {
        "committee": body("committee", "advisory"),
        "bureau": body("bureau", "deciding"),
        "council": body("council", "deciding"),
    }


@pytest.fixture
def circuit(epci, bodies):
    made = Circuit.objects.create(intercommunality=epci, number=1, reason="Le premier", starts_on=date(2024, 1, 1))
    for rank, (kind, body) in enumerate(bodies.items(), 1):
        step = CircuitStep.objects.create(circuit=made, label=kind, position=rank, is_deciding=kind != "committee")
        step.bodies.add(body)
    return made


@pytest.fixture
def project(epci):
    return make_project(epci, status=Status.UNDER_REVIEW, oriented=True)


def placed(project, body, clerk):
    session = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on=TODAY)
    return sessions.add_item(session=session, project=project, by=clerk)


def proclaimed(project, body, clerk, outcome, text="Dit en séance.", **more):
    item = placed(project, body, clerk)
    sessions.open_session(session=item.session, in_office=3, present=3, powers=0, by=clerk, on=TODAY)
    votes = {"votes_for": 3, "votes_against": 0, "abstentions": 0} if outcome == "adopted" else {}
    values = dict.fromkeys(("votes_for", "votes_against", "abstentions", "chair_votes_for")) | votes
    values |= {"ballot": "ordinary", "in_office": 3, "present": 3, "powers": 0, "not_taking_part": 0, "blank_votes": 0}
    values |= {"not_taking_part_reason": "", "outcome": outcome, "text": text} | more
    decision = sessions.proclaim(item=item, values=values, by=clerk, at=NOW)
    project.refresh_from_db()
    return decision


def step_of(circuit, label):
    return circuit.steps.get(label=label)


def passed_over(project, circuit, label, clerk, reason="La commission ne se réunit pas avant l’échéance."):
    told = {"reason": reason, "now": NOW, "today": TODAY}
    return services.depart(project=project, step=step_of(circuit, label), by=clerk, **told)


def test_the_conseil_is_reached_step_by_step_and_refuses_before(circuit, project, bodies, clerk):
    with pytest.raises(ValidationError, match="Il reste : committee, bureau"):
        placed(project, bodies["council"], clerk)
    project.refresh_from_db()
    assert project.status == Status.UNDER_REVIEW  # nothing moved
    proclaimed(project, bodies["committee"], clerk, "favourable")
    proclaimed(project, bodies["bureau"], clerk, "favourable")
    assert reads.standing_of(project, TODAY).next.step.label == "council"
    proclaimed(project, bodies["council"], clerk, "adopted")
    assert project.status == Status.ADOPTED
    assert [place.mark for place in reads.standing_of(project, TODAY).places] == [Mark.DONE] * 3


def test_a_bureau_decides_only_what_is_delegated_to_it(circuit, project, bodies, clerk, epci):
    proclaimed(project, bodies["committee"], clerk, "favourable")
    with pytest.raises(ValidationError, match="nature de la décision n’est pas dite"):
        proclaimed(project, bodies["bureau"], clerk, "adopted")
    services.state_nature(project=project, matter="agreements", by=clerk)
    Delegation.objects.create(
        intercommunality=epci, holder="bureau", matter="agreements", ceiling=Decimal(1000),
        decision_reference="1", starts_on=date(2026, 4, 23),
    )  # fmt: skip
    item = project.agenda_items.last()
    ask = {"on": TODAY, "referred_to": None}
    refused = services.fault_of_outcome(project, bodies["bureau"], "adopted", **ask)
    assert "indiquez d’abord le montant" in refused["outcome"]
    FundingPlan.objects.create(intercommunality=epci, project=project, cost_excl_tax=Decimal(1000))
    assert services.fault_of_outcome(item.project, bodies["bureau"], "adopted", **ask) == {}
    assert reads.standing_of(project, TODAY).decider.step.label == "bureau"


def test_an_advisory_step_is_passed_over_with_a_reason_that_stays_and_a_decision_never_is(
    circuit, project, bodies, clerk
):
    with pytest.raises(ValidationError, match="elle ne se passe pas"):
        passed_over(project, circuit, "council", clerk)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        passed_over(project, circuit, "committee", clerk, reason=" ")
    for label in ("committee", "bureau"):
        passed_over(project, circuit, label, clerk)
    with pytest.raises(ValidationError, match="n’est pas attendue"):
        passed_over(project, circuit, "committee", clerk)
    assert placed(project, bodies["council"], clerk)
    departure = Departure.objects.first()
    with pytest.raises(ValidationError, match="ne se modifie pas"):
        departure.save()
    with pytest.raises(ValidationError, match="ne se modifie pas"):
        Departure.objects.update(reason="")


def test_a_referral_names_the_body_which_comes_next_and_is_sealed_with_the_decision(
    circuit, project, bodies, clerk, epci
):
    refused = {"outcome": "referred", "text": "À revoir."}
    with pytest.raises(ValidationError, match="à quelle instance"):
        proclaimed(project, bodies["committee"], clerk, **refused)
    item = project.agenda_items.get()
    ask = {"on": TODAY}
    assert services.fault_of_outcome(project, bodies["committee"], "favourable", referred_to=bodies["bureau"], **ask)
    assert services.fault_of_outcome(project, bodies["committee"], "referred", referred_to=bodies["committee"], **ask)
    values = dict.fromkeys(("votes_for", "votes_against", "abstentions", "chair_votes_for")) | {
        "ballot": "ordinary", "in_office": 3, "present": 3, "powers": 0, "not_taking_part": 0, "blank_votes": 0,
        "not_taking_part_reason": "", "referred_to": bodies["bureau"], **refused,
    }  # fmt: skip
    decision = sessions.proclaim(item=item, values=values, by=clerk, at=NOW)
    assert Referral.objects.get().decision == decision
    standing = reads.standing_of(project, TODAY)
    assert standing.referred == bodies["bureau"]
    project.refresh_from_db()
    with pytest.raises(ValidationError, match="renvoyé à une autre instance"):
        placed(project, bodies["council"], clerk)
    assert placed(project, bodies["bureau"], clerk)
    assert facts_of(decision)["referred_to"] == bodies["bureau"].pk


def test_before_its_publication_a_decision_tells_others_neither_what_it_says_nor_where_it_sends_the_project(
    circuit, project, bodies, clerk, epci
):
    chair, reader = make_member(epci, Role.ELECTED, "Hélène"), make_member(epci, Role.ELECTED, "Luc")
    member = ElectedMember.objects.create(
        intercommunality=epci, commune=make_commune(epci), full_name="Hélène", user=chair
    )
    Seat.objects.create(body=bodies["committee"], member=member, is_chair=True)
    decision = proclaimed(project, bodies["committee"], clerk, "referred", referred_to=bodies["council"])

    def told_to(user):
        summary = reads.summary_of(project, user, TODAY)
        return summary["next"], " ".join(place["why"] for place in summary["path"])

    sent = "Renvoyé à une autre instance : Council se prononce."
    assert [told_to(user)[0] == sent for user in (clerk, chair, reader)] == [True, True, False]
    assert "Council" not in " ".join(told_to(reader)) and told_to(reader)[0].startswith("committee")
    Publication.objects.create(
        intercommunality=epci, session=decision.item.session, published_at=NOW, published_by_name="Hélène"
    )
    assert told_to(reader)[0] == sent


def test_who_reads_decisions_before_their_publication_is_asked_once_for_all_sessions(
    circuit, project, bodies, clerk, epci, django_assert_num_queries
):
    chair = make_member(epci, Role.ELECTED, "Hélène")
    member = ElectedMember.objects.create(
        intercommunality=epci, commune=make_commune(epci), full_name="Hélène", user=chair
    )
    Seat.objects.create(body=bodies["committee"], member=member, is_chair=True, ends_on=TODAY)
    for kind in ("committee", "bureau"):
        for day in (TODAY, date(2026, 12, 15)):
            Session.objects.create(intercommunality=epci, body=bodies[kind], held_on=day)
    held = list(Session.objects.select_related("publication").order_by("pk"))
    assert scope_of(chair).may("view_sessions", epci.pk)
    with django_assert_num_queries(1):
        assert sessions_read_by(chair, held) == {held[0].pk}
    assert sessions_read_by(clerk, held) == {one.pk for one in held}


def test_a_project_keeps_the_circuit_of_its_first_submission(circuit, project, epci, clerk):
    project.submitted_at = NOW
    project.save()
    later = Circuit.objects.create(intercommunality=epci, number=2, reason="Le second", starts_on=TODAY)
    assert reads.circuit_of(project) == later
    Move.objects.create(
        intercommunality=epci, project=project, transition="submit", label="Déposer", source="draft",
        target="submitted", moved_by_name="Maud Jallet",
    )  # fmt: skip
    Move.objects.update(moved_at=timezone.make_aware(datetime(2026, 3, 1)))
    assert reads.circuit_of(project) == circuit  # submitted again since: the first day counts


@pytest.fixture
def mayors(circuit, epci):
    """The step of the mayors, between the bureau and the conseil."""
    body = Body.objects.create(intercommunality=epci, kind="mayors", name="Maires", power="advisory", legal_seats=3)
    circuit.steps.filter(label="council").update(position=4)
    step = CircuitStep.objects.create(circuit=circuit, label="mayors", position=3, only_if_communes_pay=True)
    step.bodies.add(body)
    return step


def place_of_mayors(project):
    found = Project.objects.get(pk=project.pk)
    return next(place for place in reads.standing_of(found, TODAY).places if place.step.label == "mayors")


def test_mayors_are_heard_when_communes_pay_by_any_door_and_passed_by_when_they_do_not(mayors, project, epci):
    assert "n’est pas encore écrit" in place_of_mayors(project).why and place_of_mayors(project).waits
    actor = make_actor(project, "Bréauval", commune=make_commune(epci))
    Project.objects.filter(pk=project.pk).update(owner_kind=Project.OwnerKind.COMMUNE)
    assert place_of_mayors(project).waits and not place_of_mayors(project).why
    Project.objects.filter(pk=project.pk).update(owner_kind=Project.OwnerKind.EPCI)
    plan = FundingPlan.objects.create(intercommunality=epci, project=project, cost_excl_tax=Decimal(0))
    told = {"intercommunality": epci, "plan": plan, "amount": Decimal(9000)}
    OperatingLine.objects.create(label="Usagers", **told)
    assert place_of_mayors(project).why.endswith("les communes ne participent pas à son financement.")
    OperatingLine.objects.create(label="Commune de Bréauval", side="cost", **told)  # it is paid, and does not pay
    assert place_of_mayors(project).mark == Mark.UNCONCERNED
    for written in (
        lambda: OperatingLine.objects.create(label="Communes", **told),
        lambda: FundingLine.objects.create(funder="Mairie de Bréauval", nature="public", **told),
        lambda: FundingLine.objects.create(funder="Fonds", nature="contribution", **told),
    ):
        line = written()
        assert place_of_mayors(project).waits and not place_of_mayors(project).why
        line.delete()
        assert place_of_mayors(project).mark == Mark.UNCONCERNED
    actor.pays = True
    actor.save()
    assert place_of_mayors(project).waits


def test_what_a_circuit_would_change_is_read_in_as_many_queries_for_one_project_or_many(
    circuit, mayors, epci, clerk, django_assert_num_queries
):
    def add_one():
        made = make_project(epci, status=Status.UNDER_REVIEW, oriented=True)
        plan = FundingPlan.objects.create(intercommunality=epci, project=made, cost_excl_tax=Decimal(1000))
        told = {"intercommunality": epci, "plan": plan, "amount": Decimal(1000)}
        FundingLine.objects.create(funder="CAF", nature="private", **told)
        OperatingLine.objects.create(label="Communes", **told)

    def read():
        return preview_of(Circuit.objects.get(pk=circuit.pk), clerk, TODAY)

    add_one()
    read()
    with CaptureQueriesContext(connection) as few:
        assert dict(read().by_step)["mayors"] == 1
    add_one()
    add_one()
    with django_assert_num_queries(len(few)):
        assert dict(read().by_step)["mayors"] == 3


def test_the_mayors_of_the_demo_are_heard_on_what_communes_pay(demo_territory):
    """The projects whose money the communes bring in the specification: fonds de concours, running, owner."""
    names = reads.names_of_communes(demo_territory.pk)
    known = {one.reference: reads.facts_of(one, names).communes_pay for one in demo_territory.projects.all()}
    assert sorted(reference for reference, pay in known.items() if pay) == [
        "P02", "P03", "P04", "P06", "P10", "P13", "P14", "P17", "P19", "P26", "P29", "P30",
    ]  # fmt: skip
    assert None not in known.values()


def test_nobody_writes_the_path_of_their_own_proposal(circuit, project, clerk):
    project.author = clerk
    project.save()
    with pytest.raises(PermissionDenied, match="Vous avez proposé"):
        services.state_nature(project=project, matter="agreements", by=clerk)
    with pytest.raises(PermissionDenied, match="Vous avez proposé"):
        passed_over(project, circuit, "committee", clerk)


def test_the_administration_writes_no_path_and_reads_numbers_alone(client, circuit, project, epci, clerk):
    client.force_login(make_member(epci, Role.ADMINISTRATOR))
    step = step_of(circuit, "committee")
    assert client.post(reverse("projects:circuit_depart", args=[project.pk, step.pk])).status_code == 404
    assert client.post(reverse("projects:project_circuit", args=[project.pk])).status_code == 404
    preview = client.get(reverse("projects:circuit_preview", args=[circuit.pk])).text
    assert project.title not in preview and "1 projet en cours" in preview
    client.force_login(clerk)
    assert project.title in client.get(reverse("projects:circuit_preview", args=[circuit.pk])).text


def test_the_page_of_a_project_shows_its_place_and_the_next_step(client, circuit, project, bodies, clerk):
    client.force_login(clerk)
    text = client.get(reverse("projects:detail", args=[project.pk])).text
    assert "Prochaine étape" in text and "committee" in text
    page = reverse("projects:project_circuit", args=[project.pk])
    assert "La nature de la décision est dite" in client.post(page, {"matter": "agreements"}, follow=True).text
    depart = reverse("projects:circuit_depart", args=[project.pk, step_of(circuit, "committee").pk])
    assert client.post(depart, {"reason": ""}).status_code == 422
    client.post(depart, {"reason": "Elle ne se réunit pas avant l’échéance."})
    assert "avant l’échéance" in client.get(reverse("projects:detail", args=[project.pk])).text


def test_the_page_of_a_circuit_sends_nobody_to_itself_and_names_its_bodies_once(
    client, circuit, project, bodies, clerk, epci
):
    for name in ("Commission des mobilités", "Commission de la jeunesse"):
        made = Body.objects.create(intercommunality=epci, kind="committee", name=name, power="advisory", legal_seats=3)
        step_of(circuit, "committee").bodies.add(made)
    client.force_login(clerk)
    own = client.get(reverse("projects:project_circuit", args=[project.pk])).text
    assert "La coordination la dit plus bas sur cette page." in own and "sur la page «" not in own
    assert "le circuit du jour de son dépôt" in own
    on_project = client.get(reverse("projects:detail", args=[project.pk])).text
    assert "sur la page «" in on_project
    for page in (own, on_project):
        assert page.count("Commission de la jeunesse") == 1
        assert "l’une des 3 instances nommées plus bas" in page


def test_what_a_circuit_asks_is_a_supposition_only_as_long_as_it_is_not_in_force(client, circuit, project, epci, clerk):
    client.force_login(clerk)
    draft = Circuit.objects.create(intercommunality=epci, number=2, reason="Le suivant")
    in_force, supposed = (
        client.get(reverse("projects:circuit_preview", args=[one.pk])).text for one in (circuit, draft)
    )
    assert "Les projets que ce circuit concerne" in in_force and "aurait" not in in_force
    assert "Les projets que ce circuit aurait concernés" in supposed and "la version 2 aurait demandé" in supposed


def test_what_a_body_decided_is_told_in_the_path_once_it_is_published(client, circuit, project, bodies, clerk, epci):
    session = proclaimed(project, bodies["committee"], clerk, "unfavourable").item.session
    pages = [reverse(f"projects:{name}", args=[project.pk]) for name in ("project_circuit", "detail")]

    def read_by(user):
        client.force_login(user)
        return ["Avis défavorable, Committee" in client.get(page).text for page in pages]

    elected = make_member(epci, Role.ELECTED)
    assert read_by(clerk) == [True, True] and read_by(elected) == [False, False]
    unread = "la décision est proclamée, son texte et ses voix ne sont pas encore publiés"  # the state shows the rest
    assert all(unread in client.get(page).text for page in pages)
    Publication.objects.create(intercommunality=epci, session=session, published_at=NOW, published_by_name="La clerc")
    assert read_by(elected) == [True, True]


def steps_told(person):
    return [one.detail for one in Notice.objects.filter(person=person, kind="next_step").order_by("pk")]


@pytest.fixture
def concerned(epci, bodies, project):
    """Who waits for the next step: the author, another coordinator, who chairs the bureau."""
    author, other, chair = make_agent(epci), make_coordinator(epci, "Une autre"), make_member(epci, Role.ELECTED, "Luc")
    member = ElectedMember.objects.create(
        intercommunality=epci, commune=make_commune(epci), full_name="Luc", user=chair
    )
    Seat.objects.create(body=bodies["bureau"], member=member, is_chair=True)
    project.author = author
    project.save()
    return author, other, chair


def test_the_next_step_is_told_once_to_whom_it_concerns_and_after_the_publication_to_the_others(
    circuit, project, bodies, clerk, concerned
):
    author, other, chair = concerned
    decision = proclaimed(project, bodies["committee"], clerk, "favourable")
    with pytest.raises(ValidationError, match="déjà été proclamée"):  # a second press tells nothing more
        sessions.proclaim(item=decision.item, values={"outcome": "favourable", "text": ""}, by=clerk, at=NOW)
    assert steps_told(other) == ["bureau — Bureau"]
    assert steps_told(author) == steps_told(chair) == steps_told(clerk) == []  # not published; the clerk did it
    Publication.objects.create(
        intercommunality=project.intercommunality, session=decision.item.session, published_at=NOW,
        published_by_name="Hélène",
    )  # fmt: skip
    assert [steps_told(one) for one in (other, author, chair)] == [["bureau — Bureau"]] * 3
    assert Notice.objects.get(person=author, kind="next_step").address.endswith("/circuit/")


def test_a_next_step_that_was_undone_before_it_left_is_dropped(circuit, project, bodies, clerk, concerned):
    author, other, _ = concerned
    passed_over(project, circuit, "committee", clerk)
    assert steps_told(author) == steps_told(other) == ["bureau — Bureau"]
    notice = Notice.objects.get(person=author, kind="next_step")
    assert still_holds(notice, NOW)
    passed_over(project, circuit, "bureau", clerk)  # the conseil is next: the former news no longer holds
    assert not still_holds(notice, NOW)
    latest = Notice.objects.filter(person=author, kind="next_step").latest("pk")
    assert latest.detail == "council — Council" and still_holds(latest, NOW)
    move(project=project, name="return", by=clerk, reason="À compléter.")
    assert not still_holds(latest, NOW)


def test_a_project_on_an_agenda_before_its_turn_says_so_to_whoever_prepares_the_session(
    client, circuit, project, bodies, clerk, epci
):
    """Placed there before the circuit was its own, or by a file: nothing stops it until the vote, so it is told."""
    Project.objects.filter(pk=project.pk).update(status=Status.ON_AGENDA)
    session = Session.objects.create(intercommunality=epci, body=bodies["council"], held_on=timezone.localdate())
    item = AgendaItem.objects.create(intercommunality=epci, session=session, project=project)
    pages = [reverse(f"projects:{name}", args=[project.pk]) for name in ("project_circuit", "detail")]
    pages.append(reverse("projects:item_file", args=[item.pk]))
    words = raise_ordinals(f"Inscrit avant son tour{NBSP}: {session}.")
    client.force_login(clerk)
    assert [client.get(page).text.count(words) for page in pages] == [1, 1, 1]
    client.force_login(make_member(epci, Role.ELECTED))
    assert [client.get(page).text.count(words) for page in pages] == [0, 0, 0]
    Session.objects.filter(pk=session.pk).update(body=bodies["committee"])  # its turn is now
    client.force_login(clerk)
    assert [client.get(page).text.count("avant son tour") for page in pages] == [0, 0, 0]


def test_the_page_of_a_departure_says_that_the_step_is_done_without(client, circuit, project):
    clerk = make_coordinator(project.intercommunality)
    client.force_login(clerk, "allauth.account.auth_backends.AuthenticationBackend")
    step = step_of(circuit, "committee")
    address = reverse("projects:circuit_depart", args=[project.pk, step.pk])
    page = client.get(address).text
    assert f"Se passer de l’étape «{NBSP}committee{NBSP}»" in page and "Passer l’étape" not in page
    client.post(address, {"reason": "La commission ne se réunit pas avant l’échéance."})
    path = client.get(reverse("projects:project_circuit", args=[project.pk])).text
    assert "on s’en est passé, avec un motif" in path and "On s’en est passé le" in path
