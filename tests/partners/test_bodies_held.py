"""The administrator holds the bodies: rules from a day on, seats given and left, members, delegations."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.governance import services
from partners.models import Body, BodyRule, Delegation, ElectedMember, Role, Seat
from projects.ballots.access import seats_of
from projects.models import Session
from tests.factories import make_commune, make_coordinator, make_epci, make_member, make_population

TODAY, SINCE = date(2026, 11, 15), date(2026, 4, 9)
MET = date(2026, 10, 12)
RULES = {"quorum": "none", "majority": "simple", "tie": "rejected", "representation": "nobody", "source": "Règlement"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def epci(db):
    return make_epci()


@pytest.fixture
def admin(epci):
    return make_member(epci, Role.ADMINISTRATOR, "Nathalie Coste")


@pytest.fixture
def bureau(epci):
    return Body.objects.create(intercommunality=epci, kind="bureau", name="Bureau", power="deciding", legal_seats=13)


@pytest.fixture
def office(client, admin, in_november):
    client.force_login(admin)
    return client


@pytest.fixture
def in_november():
    with time_machine.travel("2026-11-15 12:00", tick=False):
        yield


def elect(epci, name, **fields):
    commune = epci.communes.first() or make_commune(epci)
    return ElectedMember.objects.create(intercommunality=epci, commune=commune, full_name=name, **fields)


def seated(body, name, admin, **fields):
    return services.add_seat(body=body, member=elect(body.intercommunality, name), starts_on=SINCE, by=admin, **fields)


def met(body, on=MET):
    return Session.objects.create(intercommunality=body.intercommunality, body=body, held_on=on, state="closed")


def test_a_body_is_created_then_written_again_and_its_history_stays(office, epci, admin):
    told = {"name": "Commission Eau", "kind": "committee", "power": "advisory", "rank": 3}
    office.post(reverse("partners:body_add"), told)
    body = Body.objects.get(name="Commission Eau")
    office.post(reverse("partners:body_edit", args=[body.pk]), told | {"rhythm": "mensuel"})
    body.refresh_from_db()
    assert (body.rhythm, body.history.count()) == ("mensuel", 2)
    assert body.history.first().history_user == admin


@pytest.mark.parametrize(
    ("kind", "power", "sentence"),
    [("mayors", "deciding", "cette instance donne un avis"), ("council", "advisory", "choisissez «\xa0décide\xa0»")],
)
def test_what_a_body_may_do_follows_from_what_it_is(office, kind, power, sentence):
    told = {"name": "Instance", "kind": kind, "power": power, "rank": 3}
    answer = office.post(reverse("partners:body_add"), told)
    assert answer.status_code == 422 and sentence in answer.text
    assert not Body.objects.exists()


def test_a_body_that_has_met_keeps_its_nature(bureau, admin):
    met(bureau)
    bureau.kind, bureau.power = "committee", "advisory"
    stored = Body.objects.get(pk=bureau.pk)
    assert "ne changent plus" in services.fault_of_change(stored, bureau)


def test_rules_begin_on_a_day_and_the_sessions_held_before_keep_theirs(bureau, admin):
    services.write_rules(body=bureau, starts_on=SINCE, by=admin, today=TODAY, **RULES)
    met(bureau)
    with pytest.raises(ValidationError, match="garde ses membres et ses règles"):
        services.write_rules(body=bureau, starts_on=MET, by=admin, today=TODAY, **RULES)
    services.write_rules(
        body=bureau, starts_on=MET + timedelta(days=1), by=admin, today=TODAY,
        **RULES | {"quorum": "number", "quorum_number": 7},
    )  # fmt: skip
    assert bureau.conduct_on(MET).quorum == "none"
    assert bureau.conduct_on(TODAY).quorum_number == 7
    assert bureau.conduct_on(SINCE - timedelta(days=1)).quorum == "half"  # the law, before anything was written


def test_the_conseil_follows_the_law_and_the_page_says_so(office, epci):
    council = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    answer = office.post(reverse("partners:body_rules", args=[council.pk]), RULES | {"starts_on": "2026-12-01"})
    assert answer.status_code == 422 and "la loi fixe le quorum" in answer.text
    assert not BodyRule.objects.exists()
    assert "L.\xa02121-17" in office.get(reverse("partners:body", args=[council.pk])).text


def test_a_successor_takes_the_seat_and_past_sessions_keep_their_member(bureau, admin):
    seat = seated(bureau, "Nadia Ferrouk", admin, function="2e vice-présidente")
    session = met(bureau)
    heir = elect(bureau.intercommunality, "Lucie Hamelin")
    with pytest.raises(ValidationError, match="garde ses membres"):
        services.succeed(seat=seat, member=heir, starts_on=MET, by=admin, today=TODAY)
    new = services.succeed(seat=seat, member=heir, starts_on=date(2026, 11, 1), by=admin, today=TODAY)
    seat.refresh_from_db()
    assert (seat.ends_on, new.starts_on) == (date(2026, 10, 31), date(2026, 11, 1))
    assert (new.function, new.rank) == (seat.function, seat.rank)
    assert [str(one.member) for one in seats_of(session)] == ["Nadia Ferrouk"]
    with pytest.raises(ValidationError, match="déjà été quitté"):
        services.succeed(seat=seat, member=heir, starts_on=TODAY, by=admin, today=TODAY)


def test_a_seat_to_be_filled_takes_its_first_holder_in_the_same_row_or_from_a_later_day(bureau, admin):
    empty = Seat.objects.create(body=bureau, function="membre", starts_on=SINCE)
    first = elect(bureau.intercommunality, "Michel Abeille")
    same = services.succeed(seat=empty, member=first, starts_on=SINCE, by=admin, today=TODAY)
    assert same.pk == empty.pk and same.member == first
    with pytest.raises(ValidationError, match="est tenu par Michel Abeille"):
        other = elect(bureau.intercommunality, "Yvon Trémeur")
        services.succeed(seat=same, member=other, starts_on=SINCE, by=admin, today=TODAY)


def test_the_chair_passes_on_a_day_and_what_was_chaired_before_stays_chaired(bureau, admin):
    first, second = (seated(bureau, name, admin) for name in ("Hélène Marchadier", "Étienne Vauquelin"))
    services.change_chair(seat=first, by=admin)
    met(bureau)
    services.change_chair(seat=second, on=date(2026, 11, 2), by=admin, today=TODAY)
    chairs = [
        (str(seat.member), seat.starts_on, seat.ends_on) for seat in bureau.seats.filter(is_chair=True).order_by("pk")
    ]
    assert chairs == [
        ("Hélène Marchadier", SINCE, date(2026, 11, 1)),
        ("Étienne Vauquelin", date(2026, 11, 2), None),
    ]
    assert bureau.seats.filter(ends_on__isnull=True).count() == 2
    with pytest.raises(ValidationError, match="garde ses membres"):
        services.change_chair(seat=bureau.seats.get(ends_on=None, is_chair=False), on=MET, by=admin, today=TODAY)


def test_a_successor_keeps_the_function_of_the_seat_and_its_vice_chair(bureau, admin):
    seat = seated(bureau, "Hélène Marchadier", admin, is_vice_chair=True)
    other = elect(bureau.intercommunality, "Yvon Trémeur")
    made = services.succeed(seat=seat, member=other, starts_on=date(2026, 11, 2), by=admin, today=TODAY)
    assert made.is_vice_chair and made.function == seat.function


def test_a_day_that_is_refused_is_told_on_the_field_of_the_day(office, bureau, admin):
    seat = seated(bureau, "Hélène Marchadier", admin)
    met(bureau)
    for name, field in (("seat_close", "ends_on"), ("seat_chair", "on")):
        answer = office.post(reverse(f"partners:{name}", args=[seat.pk]), {field: "2026-05-01"})
        assert answer.status_code == 422
        assert "garde ses membres" in answer.context["form"].errors[field][0]


def test_the_page_of_an_act_says_what_it_changes(office, bureau, admin):
    chair, other = (seated(bureau, name, admin) for name in ("Hélène Marchadier", "Étienne Vauquelin"))
    page = lambda name, key: office.get(reverse(f"partners:{name}", args=[key])).text  # noqa: E731
    assert "préside. Cette personne garde son siège" not in page("seat_chair", other.pk)
    services.change_chair(seat=chair, on=date(2026, 11, 1), by=admin, today=TODAY)
    assert "Aujourd’hui, Hélène Marchadier préside. Cette personne garde son siège." in page("seat_chair", other.pk)
    closed = page("seat_close", Seat.objects.get(is_chair=True, ends_on=None).pk)
    assert "plus personne ne la présidera" in closed and "Nommer un successeur à Hélène Marchadier</a>" in closed
    assert "plus personne ne la présidera" not in page("seat_close", other.pk)
    matter = {
        "holder": "bureau",
        "matter": "agreements",
        "decision_reference": "2026-12",
        "starts_on": SINCE,
        "ceiling": None,
    }
    held = services.delegate(epci=bureau.intercommunality, by=admin, **matter)
    assert "Ce qui a été décidé avant reste valable." in page("delegation_end", held.pk)


def test_whoever_chairs_is_not_offered_to_vice_chair_and_the_other_acts_come_after_the_form(office, bureau, admin):
    chair, other = (seated(bureau, name, admin) for name in ("Hélène Marchadier", "Étienne Vauquelin"))
    services.change_chair(seat=chair, on=SINCE, by=admin, today=TODAY)
    pages = [office.get(reverse("partners:seat_edit", args=[seat.pk])).text for seat in (chair, other)]
    assert ["is_vice_chair" in page for page in pages] == [False, True]
    for page in pages:
        assert page.index("</form>", page.index('name="function"')) < page.index("Autres actes sur ce siège")


def test_seats_are_put_in_order_and_an_order_made_on_a_former_list_is_refused(office, bureau, admin):
    one, two = (seated(bureau, name, admin) for name in ("Hélène Marchadier", "Étienne Vauquelin"))
    address = reverse("partners:seats_order", args=[bureau.pk])
    assert office.post(address, {"move_id": two.pk, "direction": "up"}).status_code == 302
    assert list(bureau.seats.order_by("rank").values_list("pk", flat=True)) == [two.pk, one.pk]
    assert office.post(address, {"order": [one.pk]}).status_code == 400


def test_an_account_is_linked_by_another_person_than_its_owner(admin, epci):
    member = elect(epci, "Nathalie Coste")
    member.user = admin
    with pytest.raises(ValidationError, match="Une autre personne de l’administration"):
        services.keep(row=member, by=admin)


def test_the_account_of_another_territory_is_not_offered_to_a_member(office, epci, admin):
    stranger = make_coordinator(make_epci(1))
    told = {"full_name": "Lucie Hamelin", "commune": make_commune(epci).pk, "user": stranger.pk}
    assert office.post(reverse("partners:member_add"), told).status_code == 422
    assert not ElectedMember.objects.exists()


def test_what_the_conseil_keeps_is_offered_in_the_form_and_refused_with_the_article(office, bureau):
    told = {"holder": "bureau", "decision_reference": "2026-12", "starts_on": "2026-04-23"}
    address = reverse("partners:delegation_add")
    refused = office.post(address, told | {"matter": "accounts"})
    assert refused.status_code == 422 and "ne peut pas déléguer" in refused.text
    office.post(address, told | {"matter": "agreements"})
    held = Delegation.objects.get()
    end = reverse("partners:delegation_end", args=[held.pk])
    assert office.post(end, {"ends_on": "2026-12-31"}).status_code == 302
    assert "a déjà une fin" in office.post(end, {"ends_on": "2027-12-31"}).text


def test_the_page_of_a_body_warns_of_what_surprises_and_its_queries_do_not_grow(office, epci, bureau, admin):
    council = Body.objects.create(
        intercommunality=epci, kind="council", name="Conseil", power="deciding", legal_seats=30
    )
    make_population(make_commune(epci), 900)
    seated(council, "Une élue", admin, is_vice_chair=True)
    address = reverse("partners:body", args=[council.pk])
    with CaptureQueriesContext(connection) as few:
        text = office.get(address).text
    assert "Vérifiez l’arrêté du préfet" in text and "Personne ne préside" in text
    for number in range(6):
        seated(council, f"Élu {number}", admin, is_vice_chair=True)
    with CaptureQueriesContext(connection) as more:
        text = office.get(address).text
    assert "vice-présidences" in text and "7 sièges sur 30 prévus" in text
    assert len(more) == len(few)


def test_only_the_administration_sees_the_acts_and_the_warnings(client, epci, bureau, in_november):
    client.force_login(make_coordinator(epci))
    text = client.get(reverse("partners:body", args=[bureau.pk])).text
    assert "Modifier l’instance" not in text and "Ajouter un siège" not in text
    assert client.post(reverse("partners:body_edit", args=[bureau.pk]), {}).status_code == 403


def test_a_session_that_was_called_off_keeps_no_day(bureau, admin):
    session = met(bureau)
    session.state, session.cancelled_because = Session.State.CANCELLED, "Verglas"
    session.save()
    assert services.fault_of_day(bureau, MET, today=TODAY) == ""
