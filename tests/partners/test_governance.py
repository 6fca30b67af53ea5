"""Who sits, who chairs, and what the conseil may entrust to others (CGCT, art. L. 5211-10)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.governance import circuit_services, rules, services
from partners.governance.rules import Granted, Holder, may_decide
from partners.models import Body, Delegation, ElectedMember, Role, Seat
from tests.factories import make_commune, make_coordinator, make_epci, make_member

START, END = date(2026, 4, 23), date(2026, 12, 31)
CONTRACTS = Granted("contracts", Decimal(90_000), START, END)


def decide(holder=Holder.BUREAU, matter="contracts", amount=Decimal(1000), on=START, granted=(CONTRACTS,)):
    return may_decide(holder, matter=matter, amount=amount, on=on, granted=granted)


@pytest.mark.parametrize("matter", rules.NEVER_DELEGATED)
def test_what_the_article_keeps_is_refused_to_all_but_the_conseil(matter):
    even_if_written = [Granted(matter, None, START)]
    for holder in (Holder.BUREAU, Holder.PRESIDENT):
        assert "L. 5211-10" in str(decide(holder, matter, granted=even_if_written))
    assert decide(Holder.COUNCIL, matter, granted=())


@pytest.mark.parametrize(
    ("amount", "allowed"),
    [(Decimal("89999.99"), True), (Decimal(90_000), True), (Decimal("90000.01"), False), (None, False)],
)
def test_the_ceiling_is_included_and_an_unknown_amount_never_passes_under_it(amount, allowed):
    assert bool(decide(amount=amount)) is allowed


@pytest.mark.parametrize(
    ("on", "allowed"),
    [(date(2026, 4, 22), False), (START, True), (END, True), (date(2027, 1, 1), False)],
)
def test_the_first_and_last_days_of_a_delegation_are_included(on, allowed):
    assert bool(decide(on=on)) is allowed


def test_without_ceiling_any_amount_passes_and_the_highest_of_two_ceilings_holds():
    assert decide(amount=None, granted=[Granted("contracts", None, START)])
    assert decide(amount=Decimal(95_000), granted=[CONTRACTS, Granted("contracts", Decimal(100_000), START)])


def test_another_matter_is_not_delegated_and_an_advisory_body_decides_nothing():
    assert "marchés publics" in str(decide(granted=[Granted("grants", None, START)]))
    assert "donne un avis" in str(decide(Holder.ADVISORY))
    with pytest.raises(ValueError, match="Unknown matter"):
        decide(matter="unknown")


@pytest.fixture
def bureau(db):
    return Body.objects.create(intercommunality=make_epci(), kind="bureau", name="Bureau", power="deciding")


@pytest.fixture
def admin(bureau):
    return make_member(bureau.intercommunality, Role.ADMINISTRATOR)


def elect(epci, name):
    commune = epci.communes.first() or make_commune(epci)
    return ElectedMember.objects.create(intercommunality=epci, commune=commune, full_name=name)


def test_a_seat_is_dated_never_deleted_and_held_once_at_a_time(bureau, admin):
    member = elect(bureau.intercommunality, "Nadia Ferrouk")
    seat = services.add_seat(body=bureau, member=member, starts_on=START, by=admin)
    with pytest.raises(ValidationError, match="siège déjà"):
        services.add_seat(body=bureau, member=member, starts_on=END, by=admin)
    with pytest.raises(ValidationError, match="avant d’avoir été occupé"):
        services.close_seat(seat=seat, ends_on=date(2026, 4, 22), by=admin)
    closed = services.close_seat(seat=seat, ends_on=END, by=admin)
    assert closed.history.latest().history_user == admin
    with pytest.raises(ValidationError, match="déjà été quitté"):
        services.close_seat(seat=seat, ends_on=END, by=admin)
    services.add_seat(body=bureau, member=member, starts_on=date(2027, 1, 1), by=admin)
    assert Seat.objects.filter(body=bureau, member=member).count() == 2


def test_nobody_is_their_own_substitute_nor_sits_for_another_territory(bureau, admin):
    member = elect(bureau.intercommunality, "Nadia Ferrouk")
    with pytest.raises(ValidationError, match="une autre personne"):
        services.add_seat(body=bureau, member=member, substitute=member, starts_on=START, by=admin)
    stranger = elect(make_epci(1), "Jean Ailleurs")
    with pytest.raises(ValidationError, match="cette intercommunalité"):
        services.add_seat(body=bureau, member=stranger, starts_on=START, by=admin)


def test_the_chair_passes_from_one_seat_to_another_and_both_seats_stay(bureau, admin):
    first, second = (
        services.add_seat(
            body=bureau,
            member=elect(bureau.intercommunality, name),
            starts_on=START,
            is_vice_chair=True,
            by=admin,
        )
        for name in ("Hélène Marchadier", "Étienne Vauquelin")
    )
    services.change_chair(seat=first, by=admin)
    services.change_chair(seat=second, by=admin)
    assert list(bureau.seats.filter(is_chair=True)) == [second]
    assert bureau.seats.filter(ends_on__isnull=True).count() == 2
    services.close_seat(seat=first, ends_on=END, by=admin)
    with pytest.raises(ValidationError, match="siège aujourd’hui"):
        services.change_chair(seat=first, by=admin)


def test_the_bureau_decides_what_is_recorded_as_delegated_to_it_and_not_to_the_president(bureau, admin):
    def grant(holder, matter="contracts"):
        return services.delegate(
            epci=bureau.intercommunality,
            holder=holder,
            matter=matter,
            ceiling=Decimal(90_000),
            decision_reference="2026-12 du 23 avril 2026",
            starts_on=START,
            by=admin,
        )

    def answer(on=START):
        return services.body_may_decide(bureau, matter="contracts", amount=Decimal(90_000), on=on)

    grant("president")
    assert not answer()
    held = grant("bureau")
    assert answer() and answer(date(2027, 1, 1))
    services.end_delegation(delegation=held, ends_on=END, by=admin)
    assert answer() and not answer(date(2027, 1, 1))
    with pytest.raises(ValidationError, match="ne peut pas déléguer"):
        grant("bureau", "accounts")
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=held.pk).update(matter="accounts")


def test_the_deliberation_that_delegates_is_named_once_whether_its_word_was_typed_or_not():
    said = [Delegation(decision_reference=one).deliberation for one in ("délibération du 23/04/2026", "n° 2026-12")]
    assert said == ["délibération du 23/04/2026", "délibération n° 2026-12"]


def test_the_page_of_bodies_shows_who_sits_today_and_the_delegations_in_force(bureau, admin, client):
    epci = bureau.intercommunality

    def seat_and_delegate(name, starts_on, ends_on=None):
        seat = services.add_seat(
            body=bureau,
            member=elect(epci, name),
            substitute=elect(epci, f"Relève de {name}"),
            starts_on=START,
            by=admin,
        )
        if ends_on:
            services.close_seat(seat=seat, ends_on=ends_on, by=admin)
        services.delegate(
            epci=epci,
            holder="bureau",
            matter="contracts",
            ceiling=Decimal(90_000),
            decision_reference=f"pour {name}",
            starts_on=starts_on,
            ends_on=ends_on,
            by=admin,
        )

    seat_and_delegate("Nadia", START)
    seat_and_delegate("Thierry", START, date(2026, 4, 24))
    client.force_login(admin)
    with time_machine.travel("2026-05-04 12:00", tick=False):
        with CaptureQueriesContext(connection) as few:
            page = client.get(reverse("partners:bodies")).content.decode()
        assert "Relève de Nadia" in page and "pour Nadia" in page
        assert "Thierry" not in page
        for index in range(5):
            seat_and_delegate(f"Autre {index}", START)
        with CaptureQueriesContext(connection) as more:
            client.get(reverse("partners:bodies"))
    assert len(more) == len(few)


def test_the_seats_in_force_are_those_of_the_day_whatever_came_since(db):
    body = Body.objects.create(intercommunality=make_epci(), kind="committee", name="Commission", power="advisory")
    spans = {"always": (None, None), "left": (None, date(2026, 5, 4)), "came": (date(2026, 5, 5), None)}
    for function, (starts_on, ends_on) in spans.items():
        Seat.objects.create(body=body, function=function, starts_on=starts_on, ends_on=ends_on)

    def on(day):
        return set(body.seats.in_force(day).values_list("function", flat=True))

    assert on(date(2026, 5, 4)) == {"always", "left"} and on(date(2026, 5, 5)) == {"always", "came"}


def test_only_the_administration_writes_the_bodies_whatever_the_door(bureau, admin):
    member = ElectedMember.objects.create(
        intercommunality=bureau.intercommunality, commune=make_commune(bureau.intercommunality), full_name="Nadia"
    )
    seat = services.add_seat(body=bureau, member=member, starts_on=START, by=admin)
    clerk = make_coordinator(bureau.intercommunality)
    rules_told = {"quorum": "none", "majority": "simple", "tie": "chair", "representation": "nobody"}
    power = {"holder": "bureau", "matter": "contracts", "ceiling": None, "decision_reference": "12", "starts_on": START}
    power["epci"] = bureau.intercommunality
    verbs = [
        lambda by: services.keep(row=bureau, by=by),
        lambda by: services.write_rules(body=bureau, starts_on=END, source="R", today=END, by=by, **rules_told),
        lambda by: services.order_seats(body=bureau, ids=[seat.pk], by=by),
        lambda by: services.add_seat(body=bureau, member=member, starts_on=START, by=by),
        lambda by: services.succeed(seat=seat, member=member, starts_on=END, today=END, by=by),
        lambda by: services.close_seat(seat=seat, ends_on=END, by=by),
        lambda by: services.change_chair(seat=seat, by=by),
        lambda by: services.end_delegation(delegation=services.delegate(by=admin, **power), ends_on=END, by=by),
        lambda by: services.delegate(by=by, **power),
        lambda by: circuit_services.open_draft(epci=bureau.intercommunality, reason="Un autre", by=by),
    ]
    for verb in verbs:
        with pytest.raises(PermissionDenied, match="Seule l’administration"):
            verb(clerk)
