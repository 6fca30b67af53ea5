"""The desk, the screen and the tablets over HTTP: what each shows, what is acknowledged, what never leaks."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.ballots import services
from projects.ballots.models import BallotPosition, BallotVoter
from projects.ballots.room import name_of, of_seat
from projects.ballots.rules import Totals
from projects.minutes.content import gather
from projects.models import Decision, Session
from tests.factories import make_commune
from tests.projects.test_deliberation_sessions import ready, signed_in
from tests.projects.test_live_session import (  # noqa: F401
    NOW,
    clerk,
    council,
    opened,
    opened_ballot,
    user,
    with_accounts,
)

pytestmark = pytest.mark.django_db


def at_the_desk(session):
    return signed_in(clerk()), f"/seances/{session.pk}/tenir/"


def test_a_whole_item_is_held_from_the_desk(council):  # noqa: F811
    body = council
    held = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on="2032-03-01")
    services.sessions.add_item(session=held, project=ready(body)[0], by=clerk())
    client, address = at_the_desk(held)
    assert "Faire l’appel" in client.get(address).text
    seats = list(body.seats.all())
    client.post(f"/seances/{held.pk}/appel/", {"present": [seat.pk for seat in seats[:30]], "ahead": "on"})
    item = held.items.get()
    client.post(f"/seances/{held.pk}/pouvoir/", {"pouvoir-giver": seats[40].pk, "pouvoir-holder": seats[0].pk})
    client.post(f"/seances/{held.pk}/mouvement/", {"seat": seats[5].pk, "way": "out"})
    client.post(f"/seances/points/{item.pk}/deport/", {"deport-seat": seats[6].pk, "deport-reason": "Bailleur."})
    client.post(f"/seances/points/{item.pk}/scrutin/", {"scrutin-kind": "ordinary", "scrutin-majority": "simple"})
    page = client.get(address).text
    assert "sur 29" in page and "Bailleur." in page  # 30 − 1 gone − 1 aside + 1 power
    ballot = item.ballots.get()
    refused = client.post(f"/seances/scrutins/{ballot.pk}/clore/", {"totaux-votes_for": 30})
    assert refused.status_code == 422 and "pour 29 votants" in refused.text
    client.post(f"/seances/scrutins/{ballot.pk}/clore/", {"totaux-votes_for": 20, "totaux-votes_against": 9})
    assert client.get(address).context["proclamation_form"].initial == {"outcome": "adopted"}
    client.post(f"/seances/points/{item.pk}/proclamer/", {"decision-outcome": "adopted"})
    decision = Decision.objects.get(item=item)
    assert (decision.present, decision.powers, decision.not_taking_part, decision.votes_for) == (29, 1, 1, 20)
    again = client.post(f"/seances/points/{item.pk}/proclamer/", {"decision-outcome": "rejected"}, follow=True)
    assert "elle ne change plus" in again.text
    assert Decision.objects.get(item=item).outcome == "adopted"


def test_the_roll_call_opens_a_session_ahead_of_its_day_only_when_it_is_meant(council):  # noqa: F811
    body = council
    held = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on="2032-03-01")
    client, address = at_the_desk(held)
    assert "je l’ouvre avant son jour" in client.get(address).text
    ticked = {"present": [seat.pk for seat in body.seats.all()[:30]]}
    refused = client.post(f"/seances/{held.pk}/appel/", ticked)
    assert refused.status_code == 422 and refused.text.count(" checked") == 30  # nothing ticked is lost
    held.refresh_from_db()
    assert held.state == Session.State.PLANNED
    client.post(f"/seances/{held.pk}/appel/", ticked | {"ahead": "on"})
    held.refresh_from_db()
    assert held.state == Session.State.OPEN


def test_presence_is_told_of_the_opening_and_of_each_item_decided(council):  # noqa: F811
    session, item = opened(council, present=5, items=1)
    client, page = signed_in(clerk()), f"/seances/{session.pk}/"
    opening = client.get(page).text
    assert "5 présents sur 48 membres en exercice" in opening
    assert "non atteint" in opening and "il est vérifié de nouveau à chaque point" in opening
    for seat in council.seats.all()[5:25]:
        services.record_arrival(session=session, seat=seat, by=clerk(), at=timezone.now())
    ballot = services.open_ballot(item=item, kind="ordinary", majority="simple", by=clerk(), at=timezone.now())
    typed = Totals(25, 0, 0, 0)
    services.close_ballot(ballot=ballot, typed=typed, chair_votes_for=None, by=clerk(), at=timezone.now())
    told = {"outcome": "adopted", "text": "Adopté.", "referred_to": None}
    services.proclaim(item=item, **told, by=clerk(), at=timezone.now())
    session = services.sessions.close_session(session=session, by=clerk())
    closed, decided = client.get(page).text, "25 présents sur 48 membres en exercice, quorum atteint"
    assert decided in closed and "<dd>5 présents sur 48 membres" in closed
    assert "vérifié de nouveau" not in closed and "ne peuvent pas être décidés" not in closed
    paper = gather(session, today=session.held_on)
    assert ("Présents à l’ouverture", "5") in paper.facts and ("Quorum à l’ouverture", "non atteint") in paper.facts
    assert paper.items[0].presence == decided


DRAFT = "Vu le code général des collectivités territoriales ;\n\nArticle 1 : Le projet est approuvé.\n" + "Visa. " * 400


def test_the_text_submitted_is_the_text_of_what_is_adopted_and_of_nothing_else(council):  # noqa: F811
    """It is longer than what the course of a project keeps of a motive."""
    session, adopted = opened(council, items=2)
    rejected = session.items.last()
    session.items.update(draft=DRAFT)
    client, address = at_the_desk(session)
    for item, totals in ((adopted, (30, 0)), (rejected, (0, 30))):
        services.call_item(item=item, by=clerk())
        assert client.get(address).context["proclamation_form"]["text"].value() == DRAFT
        ballot = services.open_ballot(item=item, kind="ordinary", majority="simple", by=clerk(), at=NOW)
        services.close_ballot(ballot=ballot, typed=services.rules.Totals(*totals), by=clerk(), at=NOW)
        form = client.get(address).context["proclamation_form"]
        assert form["text"].value() == (DRAFT if item == adopted else None)
        outcome = form["outcome"].value()
        told = {"decision-outcome": outcome, "decision-text": DRAFT.replace("\n", "\r\n")}
        assert client.post(f"/seances/points/{item.pk}/proclamer/", told).status_code == 302
    assert "Article 1 : Le projet est approuvé." in Decision.objects.get(item=adopted).text
    assert Decision.objects.get(item=rejected).text == ""
    page = client.get(f"/seances/points/{adopted.pk}/decision/").text
    assert "Le projet est approuvé" in page and "Aucun texte n’a été écrit" not in page


def test_an_adjournment_says_why_in_the_place_of_the_text_submitted(council):  # noqa: F811
    session, item = opened(council)
    session.items.update(draft=DRAFT)
    client, address = at_the_desk(session)
    assert "remplacez-le" in client.get(address).text
    told = {"decision-outcome": "deferred", "decision-text": DRAFT}
    refused = client.post(f"/seances/points/{item.pk}/proclamer/", told)
    assert refused.status_code == 422 and "dites pourquoi" in refused.text
    form = client.get(f"/seances/points/{item.pk}/decider/").context["form"]
    assert form["text"].value() == DRAFT and "remplacez-le" in form["text"].help_text
    checked = client.post(
        f"/seances/points/{item.pk}/decider/",
        {"ballot": "ordinary", "in_office": 48, "present": 30, "powers": 0, "outcome": "deferred", "text": DRAFT}
        | {"check": "1"},
    )
    assert set(checked.context["form"].errors) == {"text"}


def test_totals_are_written_from_who_is_there_for_the_item(council):  # noqa: F811
    session, item = opened(council)
    client, _ = at_the_desk(session)
    seats = list(council.seats.all())
    for seat in seats[5:9]:
        client.post(f"/seances/{session.pk}/mouvement/", {"seat": seat.pk, "way": "out"})
    client.post(f"/seances/{session.pk}/pouvoir/", {"pouvoir-giver": seats[40].pk, "pouvoir-holder": seats[0].pk})
    client.post(f"/seances/points/{item.pk}/deport/", {"deport-seat": seats[10].pk, "deport-reason": "Bailleur."})
    page = client.get(f"/seances/points/{item.pk}/decider/")
    names = ("in_office", "present", "powers", "not_taking_part")
    assert [page.context["form"][name].value() for name in names] == [48, 26, 1, 1]
    assert "Bailleur." in page.context["form"]["not_taking_part_reason"].value()
    assert "Le quorum est atteint pour ce point" in page.text
    client.post(f"/seances/{session.pk}/mouvement/", {"seat": seats[11].pk, "way": "out"})
    assert "Le quorum n’est pas atteint pour ce point" in client.get(f"/seances/points/{item.pk}/decider/").text
    # Another item has its own: who stood aside for the first is there for it.
    other = session.items.last()
    assert client.get(f"/seances/points/{other.pk}/decider/").context["form"]["not_taking_part"].value() == 0


def test_the_agenda_of_the_desk_tells_where_the_item_examined_stands(council):  # noqa: F811
    ballot = opened_ballot(council)
    session = ballot.item.session

    def told():
        client, address = at_the_desk(session)
        return {row["state"] for row in client.get(address).context["items"] if row["is_current"]}

    assert told() == {"vote ouvert"}
    services.close_ballot(ballot=ballot, typed=Totals(30), by=clerk(), at=NOW)
    assert told() == {"vote clos, à proclamer"}


def test_a_vote_is_acknowledged_again_when_it_is_sent_again(council):  # noqa: F811
    seat = with_accounts(council, 1)[0]
    ballot = opened_ballot(council, kind="public")
    client = signed_in(seat.member.user)
    vote = {"seat": seat.pk, "position": "against", "key": str(uuid4()), "confirmed": 1}
    for _ in range(3):
        assert client.post(f"/seances/scrutins/{ballot.pk}/voix/", vote).status_code == 302
    tablet = client.get(f"/seances/{ballot.item.session_id}/voter/").text
    assert "Le vote est reçu" in tablet and "Contre" in tablet
    other = client.post(f"/seances/scrutins/{ballot.pk}/voix/", vote | {"key": str(uuid4()), "position": "for"})
    assert other.status_code == 422 and "ne change plus" in other.text
    assert BallotPosition.objects.get(ballot=ballot).position == "against"


def test_a_vote_is_read_again_before_it_is_given(council):  # noqa: F811
    """One tap records nothing: who was mistaken comes back, who confirms votes, even when it is sent twice."""
    seat = with_accounts(council, 1)[0]
    ballot = opened_ballot(council, kind="public")
    giver = council.seats.last()
    services.give_proxy(session=ballot.item.session, giver=giver, holder=seat, by=clerk(), at=NOW)
    client, address = signed_in(seat.member.user), f"/seances/scrutins/{ballot.pk}/voix/"
    vote = {"seat": seat.pk, "position": "against", "key": str(uuid4())}
    asked = client.post(address, vote)
    shown = asked.text[asked.text.index('id="tablette"') :]
    assert asked.status_code == 200 and "no-store" in asked.headers["Cache-Control"]
    assert "<strong>Contre</strong>" in shown and "Confirmer" in shown and "Revenir" in shown
    assert vote["key"] in shown and 'value="against"' in shown
    assert "Par pouvoir" not in shown and 'name="position" value="for"' not in shown  # one question at a time
    assert not BallotPosition.objects.exists() and not BallotVoter.objects.filter(has_voted=True).exists()
    tablet = client.get(f"/seances/{ballot.item.session_id}/voter/")
    assert asked.context["mark"] == tablet.context["mark"]  # the question stays until the room changes
    assert client.post(address, vote | {"confirmed": "1"}).status_code == 302
    assert BallotPosition.objects.get(ballot=ballot).position == "against"
    late = client.post(address, vote | {"key": str(uuid4()), "position": "for"})
    assert late.status_code == 302 and late.url.endswith("/voter/")
    assert BallotPosition.objects.get(ballot=ballot).position == "against"


def test_nothing_is_asked_of_whoever_has_no_vote_in_a_ballot(council):  # noqa: F811
    first, second = with_accounts(council, 2)
    ballot = opened_ballot(council, kind="secret")
    client = signed_in(first.member.user)
    vote = {"seat": second.pk, "position": "for", "key": str(uuid4())}
    assert client.post(f"/seances/scrutins/{ballot.pk}/voix/", vote).status_code == 302
    assert client.post(f"/seances/scrutins/{ballot.pk}/voix/", vote | {"confirmed": "1"}).status_code == 403
    assert not BallotVoter.objects.filter(has_voted=True).exists()


def test_the_name_of_a_seat_follows_de_as_french_wants_it(council):  # noqa: F811
    named, waiting = council.seats.first(), council.seats.last()
    named.member.full_name = "Étienne Vauquelin"
    assert of_seat(named) == "d’Étienne Vauquelin"
    waiting.member, waiting.commune = None, make_commune(council.intercommunality, name="Les Aubrettes", tncc="4")
    assert of_seat(waiting) == f"des Aubrettes, siège n° {waiting.pk}"
    assert of_seat(waiting, named.member) == f"d’Étienne Vauquelin, suppléant·e de {name_of(waiting)}"


def test_a_holder_votes_for_themselves_and_for_the_power_they_carry(council):  # noqa: F811
    seat = with_accounts(council, 1)[0]
    ballot = opened_ballot(council)
    giver = council.seats.last()
    services.give_proxy(session=ballot.item.session, giver=giver, holder=seat, by=clerk(), at=NOW)
    client = signed_in(seat.member.user)
    page = client.get(f"/seances/{ballot.item.session_id}/voter/").text
    assert f"Par pouvoir {of_seat(giver)}" in page and page.count("On vous demandera de confirmer") == 1
    for one, position in ((seat, "for"), (giver, "against")):
        client.post(
            f"/seances/scrutins/{ballot.pk}/voix/",
            {"seat": one.pk, "position": position, "key": uuid4(), "confirmed": 1},
        )
    assert set(BallotPosition.objects.values_list("seat", "position")) == {(seat.pk, "for"), (giver.pk, "against")}


def test_a_secret_vote_is_acknowledged_without_its_position_and_the_desk_shows_none(council):  # noqa: F811
    seat = with_accounts(council, 1)[0]
    ballot = opened_ballot(council, kind="secret")
    client = signed_in(seat.member.user)
    client.post(
        f"/seances/scrutins/{ballot.pk}/voix/", {"seat": seat.pk, "position": "against", "key": uuid4(), "confirmed": 1}
    )
    tablet = client.get(f"/seances/{ballot.item.session_id}/voter/").text
    assert "dans l’urne" in tablet and "Contre" not in tablet
    desk = signed_in(clerk()).get(f"/seances/{ballot.item.session_id}/tenir/")
    assert desk.context["voters"] == [] and desk.context["count"] == {"voted": 1, "voters": 30}


def test_a_secret_ballot_with_one_vote_is_closed_knowingly_only(council):  # noqa: F811
    seats = with_accounts(council, 3)
    ballot = opened_ballot(council, kind="secret")
    client, address = at_the_desk(ballot.item.session)
    close = f"/seances/scrutins/{ballot.pk}/clore/"
    page = client.get(address).text
    assert "écrivez les totaux" in page and "totaux-votes_for" in page and "Clore quand même" not in page
    services.vote(ballot=ballot, seat=seats[0], position="for", key=uuid4(), by=seats[0].member.user, at=NOW)
    page = client.get(address).text
    assert "Un seul vote est dans l’urne" in page and "Clore quand même" in page
    assert "écrivez les totaux" not in page and "totaux-votes_for" not in page
    refused = client.post(close)
    assert refused.status_code == 422 and "clore maintenant révélerait ce vote" in refused.text
    ballot.refresh_from_db()
    assert ballot.is_open
    services.vote(ballot=ballot, seat=seats[1], position="against", key=uuid4(), by=seats[1].member.user, at=NOW)
    assert "2 votes seulement" in client.get(address).text.replace("\u00a0", " ")
    services.vote(ballot=ballot, seat=seats[2], position="for", key=uuid4(), by=seats[2].member.user, at=NOW)
    assert "Clore quand même" not in client.get(address).text
    assert client.post(close).status_code == 302


def test_one_secret_vote_is_closed_when_the_clerk_says_so(council):  # noqa: F811
    seat = with_accounts(council, 1)[0]
    ballot = opened_ballot(council, kind="secret")
    services.vote(ballot=ballot, seat=seat, position="for", key=uuid4(), by=seat.member.user, at=NOW)
    client, _ = at_the_desk(ballot.item.session)
    assert client.post(f"/seances/scrutins/{ballot.pk}/clore/", {"totaux-knowingly": "on"}).status_code == 302
    ballot.refresh_from_db()
    assert (ballot.votes_for, ballot.abstentions) == (1, 29)


def test_without_quorum_the_desk_offers_only_what_is_accepted_and_says_what_to_do(council):  # noqa: F811
    session, item = opened(council, present=20)
    client, address = at_the_desk(session)
    page = client.get(address)
    assert "Une seconde convocation" in page.text and "Ouvrir le scrutin" not in page.text
    offered = [value for value, _ in page.context["proclamation_form"].fields["outcome"].choices]
    assert offered == ["", "withdrawn"]
    told = {"decision-outcome": "withdrawn", "decision-text": "Faute de quorum."}
    assert client.post(f"/seances/points/{item.pk}/proclamer/", told).status_code == 302
    assert "Une seconde convocation" not in client.get(address).text


def test_without_a_vote_nothing_that_is_voted_is_offered(council):  # noqa: F811
    session, _ = opened(council)
    client, address = at_the_desk(session)
    page = client.get(address)
    offered = {value for value, _ in page.context["proclamation_form"].fields["outcome"].choices}
    assert "Ouvrir le scrutin" in page.text
    assert offered.isdisjoint({"adopted", "adopted_modified", "rejected"}) and {"deferred", "taken_note"} <= offered


def test_who_comes_and_goes_is_written_in_a_list_that_stays_open(council):  # noqa: F811
    session, _ = opened(council)
    client, address = at_the_desk(session)
    seats = list(council.seats.all())
    moved = '<details class="desk__more" id="mouvements" open>'
    given = '<details class="desk__more" id="pouvoirs" open>'
    assert moved not in client.get(address).text
    form = {"seat": seats[5].pk, "way": "out"}
    page = client.post(f"/seances/{session.pk}/mouvement/", form, follow=True)
    assert page.redirect_chain[0][0].endswith("?ouvert=mouvements#mouvements")
    assert moved in page.text and given not in page.text
    refused = client.post(f"/seances/{session.pk}/mouvement/", form)
    assert refused.status_code == 422 and moved in refused.text
    form = {"pouvoir-giver": seats[40].pk, "pouvoir-holder": seats[0].pk}
    page = client.post(f"/seances/{session.pk}/pouvoir/", form, follow=True).text
    assert given in page and moved not in page


def test_the_tablet_leads_to_the_text_that_is_voted_when_there_is_one(council):  # noqa: F811
    seat = with_accounts(council, 1)[0]
    session, item = opened(council)
    client, address = signed_in(seat.member.user), f"/seances/{session.pk}/voter/"
    assert "Lire le texte soumis au vote" not in client.get(address).text
    session.items.update(draft=DRAFT)
    assert f'<a href="/seances/points/{item.pk}/">Lire le texte soumis au vote</a>' in client.get(address).text
    assert "Le projet est approuvé" in client.get(f"/seances/points/{item.pk}/").text


def test_the_screen_of_the_room_names_no_member_and_no_position(council):  # noqa: F811
    seat = with_accounts(council, 1)[0]
    ballot = opened_ballot(council, kind="public")
    services.vote(ballot=ballot, seat=seat, position="for", key=uuid4(), by=seat.member.user, at=NOW)
    screen = signed_in(user("conseillere@champ-rosay.example")).get(f"/seances/{ballot.item.session_id}/ecran/").text
    shown = screen[screen.index('<main id="contenu"') : screen.index("</main>")]
    assert "vote reçu sur 30" in " ".join(shown.split()).replace("</strong>", "")
    assert not [one for one in council.seats.filter(member__isnull=False) if str(one.member) in shown]


def test_a_screen_is_sent_again_only_when_something_changed(council):  # noqa: F811
    session, item = opened(council)
    client = signed_in(clerk())
    address = f"/seances/{session.pk}/ecran/"
    mark = client.get(address).context["mark"]
    ask = {"headers": {"HX-Request": "true"}}
    assert client.get(f"{address}?mark={mark}", **ask).status_code == 204
    services.open_ballot(item=item, kind="ordinary", majority="simple", by=clerk(), at=NOW)
    changed = client.get(f"{address}?mark={mark}", **ask)
    assert changed.status_code == 200 and "<html" not in changed.text


def test_the_chair_proclaims_from_the_desk_and_changes_nothing_else(council):  # noqa: F811
    ballot = opened_ballot(council)
    services.close_ballot(ballot=ballot, typed=services.rules.Totals(30), by=clerk(), at=NOW)
    chair = signed_in(user("presidente@ccvo.example"))
    page = chair.get(f"/seances/{ballot.item.session_id}/tenir/").text
    assert "Proclamer" in page and "Arrivées et départs" not in page
    assert chair.post(f"/seances/scrutins/{ballot.pk}/annuler/", {"annulation-reason": "…"}).status_code == 403
    assert (
        chair.post(f"/seances/points/{ballot.item_id}/proclamer/", {"decision-outcome": "adopted"}).status_code == 302
    )


def test_desk_screen_and_tablet_take_the_same_number_of_queries_however_long_the_list(council):  # noqa: F811
    seat = with_accounts(council, 1)[0]
    ballot = opened_ballot(council, kind="public", present=27, items=3)
    session = ballot.item.session
    clients = {"tenir": signed_in(clerk()), "ecran": signed_in(clerk()), "voter": signed_in(seat.member.user)}

    def counts():
        found = {}
        for name, client in clients.items():
            client.get(f"/seances/{session.pk}/{name}/")
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/seances/{session.pk}/{name}/")
            found[name] = len(asked)
        return found

    few = counts()
    seats = list(council.seats.all())
    for one in seats[30:35]:
        services.record_arrival(session=session, seat=one, by=clerk(), at=NOW)
    for giver, holder in zip(seats[40:45], seats[:5], strict=True):
        services.give_proxy(session=session, giver=giver, holder=holder, by=clerk(), at=NOW)
    positions = {voter.seat_id: "for" for voter in BallotVoter.objects.filter(ballot=ballot)[:20]}
    services.record_positions(ballot=ballot, positions=positions, by=clerk(), at=NOW)
    assert counts() == few
