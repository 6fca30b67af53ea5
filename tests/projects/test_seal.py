"""What was proclaimed cannot change unseen: a thousand alterations of the stored rows, and each one is told.

Where the suite runs on both databases, each plays half of the thousand, and not the same half.
"""

from __future__ import annotations

import json
import os
import random
from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from structlog.testing import capture_logs

from cooperation import seal as rules
from partners.models import Body, User
from projects.ballots import services as live
from projects.ballots.rules import Totals
from projects.deliberation import sealing
from projects.deliberation.models import Decision
from projects.minutes.sealing import KINDS
from projects.models import (
    AgendaItem,
    Ballot,
    BallotPosition,
    Correction,
    ItemMinutes,
    Minutes,
    Publication,
    SealChain,
    SealedRecord,
    Session,
)
from projects.seal import guards, services
from projects.seal.checking import check, faults_of
from tests.factories import make_user
from tests.projects.test_live_session import opened

pytestmark = pytest.mark.django_db
ALTERATIONS = 500 if "SUITE_SUMMARY" in os.environ else 1000
NOW = timezone.now()
KEY = "une clé gardée ailleurs, en trente-deux signes"


def faults(epci, heads=()):
    return check(epci, kinds=KINDS, heads=heads)


def raw(statement, values=()):
    """What somebody who owns the database does, once the triggers are out of the way."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def undone():
    """Everything done in the block is undone at the end of it."""

    class Undone:
        def __enter__(self):
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def __exit__(self, *args):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    return Undone()


def test_the_demo_is_sealed_from_end_to_end(demo_territory, capsys):
    assert faults(demo_territory) == []
    records = demo_territory.sealed_records
    assert records.filter(kind="decision").count() == demo_territory.decisions.count() > 0
    assert list(records.values_list("sequence", flat=True)) == list(range(1, records.count() + 1))
    call_command("check_seal")
    assert "Le sceau tient." in capsys.readouterr().out


def test_a_chain_is_read_again_in_as_many_queries_whatever_was_decided(demo_territory):
    public = demo_territory.decisions.filter(ballot="public").count()
    with CaptureQueriesContext(connection) as asked:
        assert faults(demo_territory) == []
    assert len(asked) - public <= 15  # the positions of each
    assert demo_territory.decisions.count() > 40


def test_a_named_ballot_is_read_again_in_as_many_queries_whoever_voted(demo_territory, undone):
    with undone:
        seal_every_kind(demo_territory)
        assert BallotPosition.objects.count() == 30
        with CaptureQueriesContext(connection) as asked:
            assert faults(demo_territory) == []
        assert len(asked) <= 25


def some_value(field, value, dice):
    """Another value that the column could hold."""
    if isinstance(value, bool) or field.get_internal_type() == "BooleanField":
        return dice.choice([one for one in (True, False, None) if one is not value])
    if isinstance(value, datetime):
        return value + dice.choice([-1, 1]) * timedelta(microseconds=dice.choice([1, 60_000_000, 10**11]))
    if isinstance(value, date):
        return value + timedelta(days=dice.choice([-365, -1, 1, 30]))
    if isinstance(value, time):
        return value.replace(minute=(value.minute + dice.choice([1, 7, 30])) % 60)
    if isinstance(value, int):
        return value + dice.choice([1, 2, 7, 100])
    if value is None:
        return 3 if "Integer" in field.get_internal_type() else None
    if not value:
        return "x"
    at = dice.randrange(len(value))
    other = "a" if value[at] != "a" else "b"
    return dice.choice([value[:at] + other + value[at + 1 :], value[:at] + value[at + 1 :]])


TARGETS = (
    (SealedRecord, ("digest", "sequence", "kind", "subject", "facts", "previous", "sealed_at", "by_name")),
    (Decision, (
        "ballot", "in_office", "present", "powers", "not_taking_part", "not_taking_part_reason", "votes_for",
        "votes_against", "abstentions", "blank_votes", "chair_votes_for", "majority", "outcome", "text",
        "proclaimed_at", "proclaimed_by_name", "id",
    )),
    (BallotPosition, ("position", "seat", "given_at", "ballot")),
    (Ballot, ("kind", "opened_at", "closed_at", "in_office")),  # its totals: test_seal_of_a_live_session.py
    (Correction, (
        "number", "reason", "text", "in_office", "present", "powers", "not_taking_part", "votes_for", "votes_against",
        "abstentions", "blank_votes", "corrected_at", "corrected_by_name", "id",
    )),
    (Publication, ("published_at", "published_by_name", "id")),
    (SealChain, ("length", "head")),
    (Minutes, (
        "chair", "secretary", "attending", "represented", "absent", "remarks", "ended_at", "settled_on",
        "settled_by_name",
    )),
    (ItemMinutes, ("discussion", "ballot_request")),
    (AgendaItem, ("project_version",)),
    (Session, ("held_on",)),
)  # fmt: skip
COLUMNS = [(model, name) for model, names in TARGETS for name in names]
REMOVED = (SealedRecord, Decision, Publication, BallotPosition, Correction, ItemMinutes)


def alter(dice, pks, touched):
    """One random alteration, by raw SQL: a column of a row, a row removed, two rows exchanged, the end cut off."""
    act = dice.choice(["column"] * 8 + ["removal"] * 2 + ["exchange", "truncation", "thorough"])
    if act == "column":
        return change_a_column(dice, pks, *some_column(dice, touched))
    if act == "removal":
        model = dice.choice(REMOVED)
        pk = dice.choice(pks[model])
        raw(f"DELETE FROM {model._meta.db_table} WHERE {model._meta.pk.column} = %s", [pk])
        return model, "removal", pk
    if act == "exchange":
        one, two = dice.sample(pks[SealedRecord], 2)
        ranks = dict(SealedRecord.objects.filter(pk__in=[one, two]).values_list("pk", "sequence"))
        set_to(SealedRecord, "sequence", 900_000, one)
        set_to(SealedRecord, "sequence", ranks[one], two)
        set_to(SealedRecord, "sequence", ranks[two], one)
        return SealedRecord, "exchange", min((one, two), key=ranks.get)
    kept = dice.randrange(len(pks[SealedRecord]))
    raw("DELETE FROM projects_sealedrecord WHERE sequence > %s", [kept])
    if act == "thorough":  # the row of the chain is put in accordance too
        last = SealedRecord.objects.filter(sequence=kept).first()
        head = last.digest if last else rules.anchor("249600016")
        raw(f"UPDATE {SealChain._meta.db_table} SET length = %s, head = %s", [kept, head])
    return SealedRecord, act, kept


def some_column(dice, touched):
    """Any column that may be altered; every other time one that had no turn yet, or chance would leave some out."""
    waiting = [column for column in COLUMNS if column not in touched]
    return dice.choice(waiting if waiting and dice.random() < 0.5 else COLUMNS)


def change_a_column(dice, pks, model, name):
    pk = dice.choice(pks[model])
    field = model._meta.get_field(name)
    value = getattr(model._base_manager.get(pk=pk), field.attname)
    new = some_value(field, value, dice)
    if new is None and value is None:
        return None
    set_to(model, field.column, field.get_db_prep_value(new, connection), pk)
    return model, name, pk


def set_to(model, column, value, pk):
    raw(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE {model._meta.pk.column} = %s", [value, pk])


def seal_every_kind(epci):
    """Beside what the demo holds: a public ballot, a secret one, and a correction."""
    council, by = Body.objects.get(kind=Body.Kind.COUNCIL), User.objects.get(email="assemblees@ccvo.example")
    session, _ = opened(council, present=30, items=2)
    for item, kind in zip(session.items.all(), ("public", "secret"), strict=True):
        live.call_item(item=item, by=by)
        ballot = live.open_ballot(item=item, kind=kind, majority="simple", by=by, at=NOW)
        if kind == "public":
            seats = ballot.voters.values_list("seat_id", flat=True)
            positions = dict(zip(seats, ["for"] * 17 + ["against"] * 10 + ["abstain"] * 3, strict=True))
            live.record_positions(ballot=ballot, positions=positions, by=by, at=NOW)
        typed = Totals(16, 9, 3, 2) if kind == "secret" else None
        live.close_ballot(ballot=ballot, typed=typed, by=by, at=NOW)
        live.proclaim(item=item, outcome="adopted", text="Le conseil adopte.", by=by, at=NOW)
    decision = epci.decisions.first()
    correction = Correction(
        intercommunality=epci, decision=decision, number=1, reason="Coquille", text="Le bon texte",
        corrected_at=NOW, corrected_by_name="Claire Desrosiers", **sealing.totals_of(decision),
    )  # fmt: skip
    correction.save()
    sealing.seal_correction(correction, by=None, now=NOW)


def rows_to_alter(epci):
    items = AgendaItem.objects.filter(decision__intercommunality=epci)
    rows = {
        SealedRecord: epci.sealed_records.all(),
        Decision: epci.decisions.all(),
        BallotPosition: BallotPosition.objects.filter(ballot__item__in=items),
        Ballot: Ballot.objects.filter(item__in=items),
        Correction: Correction.objects.all(),
        Publication: Publication.objects.all(),
        SealChain: SealChain.objects.filter(intercommunality=epci),
        Minutes: Minutes.objects.all(),
        ItemMinutes: ItemMinutes.objects.all(),
        AgendaItem: items,
        Session: Session.objects.filter(items__in=items).distinct(),
    }
    return {model: list(found.values_list("pk", flat=True)) for model, found in rows.items()}


def decisions_of(session):
    return [f"decision:{pk}" for pk in Decision.objects.filter(item__session=session).values_list("pk", flat=True)]


# From a row to the facts in which it is sealed.
SEALED_IN = {
    Decision: lambda pk: [f"decision:{pk}"],
    Correction: lambda pk: [f"correction:{pk}"],
    Publication: lambda pk: [f"publication:{pk}"],
    Minutes: lambda pk: [f"minutes:{pk}"],
    ItemMinutes: lambda pk: [f"minutes:{ItemMinutes.objects.get(pk=pk).minutes_id}"],
    AgendaItem: lambda pk: [f"decision:{Decision.objects.get(item=pk).pk}"],
    BallotPosition: lambda pk: [f"ballot:{BallotPosition.objects.get(pk=pk).ballot_id}"],
    Ballot: lambda pk: [f"ballot:{pk}"],
    Session: decisions_of,
}


def ranks_of(pks):
    """For each row that may be altered, the number of the first record that should be named."""
    records = list(SealedRecord.objects.values_list("pk", "subject", "sequence"))
    of_subject = {subject: sequence for _, subject, sequence in records}
    ranks = {(SealedRecord, pk): sequence for pk, _, sequence in records}
    ranks |= {(SealChain, pk): len(records) for pk in pks[SealChain]}
    for model, subjects in SEALED_IN.items():
        ranks |= {(model, pk): min(of_subject[one] for one in subjects(pk)) for pk in pks[model]}
    return ranks


def ranks_named(what, ranks, length):
    """Which record may be named first: that of the row, or the end of the chain when its own row was changed."""
    model, act, pk = what
    if act in {"truncation", "thorough"}:
        return {length if act == "thorough" else pk + 1}
    return {length, length + 1} if model is SealChain else {ranks[model, pk]}


def test_a_thousand_random_alterations_are_all_found_and_the_altered_row_is_named(demo_territory, undone):
    dice = random.Random(f"20261126 {connection.vendor}")
    missed, misnamed, done, touched, refused = [], [], 0, set(), 0
    with undone:
        seal_every_kind(demo_territory)
        assert faults(demo_territory) == []
        heads, pks = services.heads(demo_territory), rows_to_alter(demo_territory)
        ranks, length = ranks_of(pks), len(pks[SealedRecord])
        guards.remove(connection)
        while done < ALTERATIONS or (done < 3000 and not touched.issuperset(COLUMNS)):
            with undone:
                try:
                    with transaction.atomic():
                        what = alter(dice, pks, touched)
                except DatabaseError:  # a constraint, or a foreign key checked at once, refuses it
                    refused += 1
                    continue
                if what is None:
                    continue
                done += 1
                touched.add((what[0], what[1]))
                fault = next(faults_of(demo_territory, KINDS, heads), None)
                if fault is None:
                    missed.append(what)
                elif fault.sequence not in ranks_named(what, ranks, length):
                    misnamed.append((what, str(fault)))
    assert missed == []
    assert misnamed == []
    assert touched.issuperset(COLUMNS)
    assert {(SealedRecord, act) for act in ("removal", "exchange", "truncation", "thorough")} <= touched
    assert {model for model, act in touched if act == "removal"} == set(REMOVED)
    assert refused < done / 2


def test_the_alterations_would_be_missed_by_a_check_that_no_longer_compares(demo_territory, undone, monkeypatch):
    """The control: without the comparison with the rows, a decision changes in silence."""
    with undone:
        guards.remove(connection)
        set_to(Decision, "votes_for", 47, demo_territory.decisions.filter(present=None).first().pk)
        assert "votes_for" in str(faults(demo_territory)[0])
        monkeypatch.setattr("projects.seal.checking.difference", lambda record, facts: "")
        assert faults(demo_territory) == []


def test_the_command_names_the_first_broken_row_and_ends_in_error(demo_territory, undone):
    with undone:
        guards.remove(connection)
        pk = demo_territory.decisions.first().pk
        set_to(Decision, "text", "Autre texte", pk)
        record = SealedRecord.objects.get(subject=f"decision:{pk}")
        with pytest.raises(CommandError, match=rf"scellé sous le n° {record.sequence}, a été modifié depuis \(text\)"):
            call_command("check_seal", epci="249600016")
    with pytest.raises(CommandError, match="Aucune intercommunalité"):
        call_command("check_seal", epci="123456789")


def test_guards_that_were_taken_away_are_told(demo_territory, undone):
    with undone:
        guards.remove(connection)
        with pytest.raises(CommandError, match="ne protège plus la table projects_sealedrecord"):
            call_command("check_seal")


def test_a_tail_cut_off_with_its_own_traces_is_told_by_the_heads_kept_elsewhere(
    demo_territory, undone, tmp_path, settings
):
    settings.SEAL_KEY = KEY
    path = tmp_path / "empreintes.json"
    call_command("export_heads", output=path)
    call_command("check_seal", heads=path)
    with undone:
        guards.remove(connection)
        last = demo_territory.sealed_records.last()
        assert last.kind == "minutes"
        raw("DELETE FROM projects_sealedrecord WHERE sequence = %s", [last.sequence])
        raw("UPDATE projects_minutes SET settled_on = NULL")
        raw("UPDATE projects_sealchain SET length = %s, head = %s", [last.sequence - 1, last.previous])
        guards.install(connection)
        call_command("check_seal")  # by itself the database tells nothing
        with pytest.raises(CommandError, match=f"n° {last.sequence}, gardé ailleurs, manque"):
            call_command("check_seal", heads=path)


def test_every_head_is_logged_and_nobody_is_named(demo_territory, undone, django_capture_on_commit_callbacks):
    with undone, capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
        by, now = make_user("Maud Jallet"), timezone.now()
        record = services.seal(intercommunality=demo_territory, kind="x", subject="x:1", facts={}, by=by, now=now)
    assert [line["head"] for line in lines if line["event"] == "sealed"] == [record.digest]
    assert "Maud" not in str(lines)


def test_a_file_of_heads_that_was_changed_is_refused(demo_territory, tmp_path, settings):
    path = tmp_path / "empreintes.json"
    with pytest.raises(CommandError, match="SEAL_KEY"):
        call_command("export_heads", output=path)
    settings.SEAL_KEY = KEY
    call_command("export_heads", output=path)
    told = json.loads(path.read_text())
    told["heads"][0]["sequence"] -= 1
    path.write_text(json.dumps(told))
    with pytest.raises(CommandError, match="signature"):
        call_command("check_seal", heads=path)
    path.write_text("[]")
    with pytest.raises(CommandError, match="pas un fichier d’empreintes"):
        call_command("check_seal", heads=path)


@pytest.mark.parametrize("table", ["projects_sealedrecord", "projects_decision", "projects_publication"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = NULL", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_is_sealed(demo_territory, table, statement):
    column = {"projects_sealedrecord": "facts", "projects_decision": "text"}.get(table, "published_at")
    statements = [statement.format(table, column)]
    if connection.vendor == "postgresql":  # SQLite has no other way to empty a table than to delete its rows
        statements.append(f"TRUNCATE {table} CASCADE")
    for one in statements:
        with pytest.raises(DatabaseError, match="Une ligne scellée ne se modifie pas"), transaction.atomic():
            raw(one)


def test_without_its_triggers_the_database_lets_everything_go(demo_territory, undone):
    """The control of the test above."""
    with undone:
        guards.remove(connection)
        raw("UPDATE projects_decision SET text = 'Autre'")
        assert Decision.objects.filter(text="Autre").exists()


def test_rows_written_once_refuse_the_ways_of_django_too(demo_territory):
    for model in (SealedRecord, Publication):
        with pytest.raises(ValidationError):
            model.objects.first().save()
        with pytest.raises(ValidationError):
            model.objects.first().delete()
        with pytest.raises(ValidationError):
            model.objects.all().delete()
        with pytest.raises(ValidationError):
            model.objects.update(intercommunality=None)


def test_an_account_can_be_erased_and_the_act_stays(demo_territory, undone):
    with undone:
        user, other = make_user(), make_user()
        guards.remove(connection)
        decision = demo_territory.decisions.first()
        set_to(Decision, "proclaimed_by_id", user.pk, decision.pk)
        guards.install(connection)
        with pytest.raises(DatabaseError), transaction.atomic():
            set_to(Decision, "proclaimed_by_id", other.pk, decision.pk)
        user.delete()
        decision.refresh_from_db()
        assert decision.proclaimed_by is None
        assert faults(demo_territory) == []


def named_positions(decision):
    return {"positions": [[12, "Pour"]], "told": {"names": {"12": "Maud Jallet"}}}


def test_a_secret_ballot_is_sealed_by_its_totals_alone(demo_territory, monkeypatch):
    monkeypatch.setattr(sealing, "NAMED", [f"{__name__}.named_positions"])
    decision = demo_territory.decisions.select_related("item__session", "item__project").first()
    decision.ballot = Decision.Ballot.PUBLIC
    assert "positions" in sealing.facts_of(decision)
    decision.ballot = Decision.Ballot.SECRET
    assert "positions" not in sealing.facts_of(decision)


def test_a_decision_written_past_the_verb_is_told(demo_territory, undone):
    with undone:
        item = AgendaItem.objects.filter(decision__isnull=False).first()
        project = demo_territory.projects.exclude(agenda_items__session=item.session).first()
        new = AgendaItem.objects.create(intercommunality=demo_territory, session=item.session, project=project)
        Decision.objects.create(
            intercommunality=demo_territory, item=new, outcome="adopted", proclaimed_at=timezone.now()
        )
        assert any("n’est scellé nulle part" in str(fault) for fault in faults(demo_territory))


def test_a_row_of_a_kind_that_was_never_sealed_is_told_too(demo_territory, undone):
    with undone:
        assert not demo_territory.sealed_records.filter(kind="correction").exists()
        decision = demo_territory.decisions.first()
        Correction(
            intercommunality=demo_territory, decision=decision, number=1, reason="Coquille", text="Le bon texte",
            corrected_at=timezone.now(), **sealing.totals_of(decision),
        ).save()  # fmt: skip
        [fault] = faults(demo_territory)
        assert "Rectification n° 1" in str(fault) and "n’est scellé nulle part" in str(fault)


def test_a_correction_changed_afterwards_is_told(demo_territory, undone):
    with undone:
        decision = demo_territory.decisions.first()
        correction = Correction(
            intercommunality=demo_territory, decision=decision, number=1, reason="Coquille", text="Le bon texte",
            corrected_at=timezone.now(), **sealing.totals_of(decision),
        )  # fmt: skip
        correction.save()
        sealing.seal_correction(correction, by=None, now=timezone.now())
        assert faults(demo_territory) == []
        guards.remove(connection)
        set_to(Correction, "reason", "Autre motif", correction.pk)
        assert "reason" in str(faults(demo_territory)[0])
