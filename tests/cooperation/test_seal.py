"""Plain facts have one writing, and a chain tells the first record that was touched."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from cooperation import seal

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SIREN = "249600016"


def chain(length=5):
    links, head = [], seal.anchor(SIREN)
    for rank in range(1, length + 1):
        link = seal.Link(rank, "decision", f"decision:{rank}", seal.canonical({"text": "é"}), head, "", NOON, "Maud")
        link = replace(link, digest=link.expected)
        links.append(link)
        head = link.digest
    return links


def test_facts_have_one_writing_whatever_the_order_of_their_names():
    assert seal.canonical({"b": 1, "a": "é"}) == seal.canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'


def test_values_of_two_types_are_never_written_alike():
    values = ["1", 1, True, Decimal("1"), Decimal("1.0"), None, "", date(2026, 1, 1), "2026-01-01", NOON, [], {}]
    assert len({seal.canonical({"fact": value}) for value in values}) == len(values)


def test_an_instant_is_the_same_in_every_time_zone():
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    assert seal.canonical({"at": NOON}) == seal.canonical({"at": paris})


@pytest.mark.parametrize("fact", [1.5, float("nan"), datetime(2026, 1, 1), {1: "a"}, {"$day": "2026-01-01"}, object()])
def test_what_has_no_single_writing_is_refused(fact):
    with pytest.raises(TypeError):
        seal.canonical({"fact": fact})


def test_a_chain_that_nobody_touched_holds():
    assert seal.first_break(SIREN, chain()) is None


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "minutes"}, {"subject": "decision:9"}, {"facts": '{"text":"e"}'}, {"facts": '{"text": "é"}'},
        {"previous": "0" * 64}, {"digest": "0" * 64}, {"sealed_at": NOON + timedelta(microseconds=1)},
        {"by_name": ""}, {"sequence": 7},
    ],
)  # fmt: skip
def test_the_first_record_touched_is_named(change):
    links = chain()
    links[2] = replace(links[2], **change)
    assert seal.first_break(SIREN, links).sequence == 3


def test_a_record_digested_again_is_betrayed_by_the_next():
    links = chain()
    forged = replace(links[2], facts=seal.canonical({"text": "autre"}))
    links[2] = replace(forged, digest=forged.expected)
    assert seal.first_break(SIREN, links).sequence == 4


def test_records_put_in_another_order_or_taken_to_another_epci_do_not_hold():
    one, two, *rest = chain()
    swapped = [replace(two, sequence=1), replace(one, sequence=2), *rest]
    assert seal.first_break(SIREN, swapped).sequence == 1
    assert seal.first_break(SIREN, [one, *rest]).sequence == 2
    assert seal.first_break("200000172", [one]).sequence == 1


def test_a_signature_holds_for_these_words_and_this_key_alone():
    told = {"heads": [{"siren": SIREN, "sequence": 5, "head": "a"}]}
    signature = seal.signature_of(told, "clé")
    assert seal.is_signed(told, "clé", signature)
    assert not seal.is_signed(told, "autre", signature)
    assert not seal.is_signed(told | {"heads": []}, "clé", signature)
