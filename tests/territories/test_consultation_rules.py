"""The majorities by which communes decide: the cases of the demo, their limits, and a second way of counting."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.demo.files import FOLDER
from territories.consultations.council import Standing, judge_council
from territories.consultations.deadlines import months_after
from territories.consultations.majorities import BLOCKING_MINORITY, CREATION, FIRST_PARAGRAPH, Electorate
from territories.consultations.outcome import Voice, follow, judge
from territories.consultations.procedures import BY_CODE, PROCEDURES, Position, Silence
from territories.consultations.simulation import simulate
from tests.territories import naive

F, D, S = Position.FAVOURABLE, Position.UNFAVOURABLE, Position.SILENT
PROCEDURE_OF = {"water": "transfer", "schools": "a-la-carte", "pound": "restitution"}


@cache
def told():
    return yaml.safe_load((Path(FOLDER) / "consultations.yaml").read_text())


def demo_voices(column):
    said = {"favourable": F, "unfavourable": D, "silence": S}
    return [Voice(row["insee"], row["name"], row["ptot"], said[row[column]]) for row in told()["positions"]]


def demo_electorate(majority=CREATION):
    return Electorate({voice.code: voice.inhabitants for voice in demo_voices("water")}, majority)


def voices_of(populations, letters):
    said = {"F": F, "D": D, "S": S, "P": Position.PENDING, "R": Position.RESERVED, "N": Position.NO_POSITION}
    return [
        Voice(str(index), f"Commune {index}", number, said[letter])
        for index, (number, letter) in enumerate(zip(populations, letters, strict=True))
    ]


@pytest.mark.parametrize("ref", ["9.1", "9.2", "9.3"])
def test_the_three_consultations_of_the_demo_come_out_to_the_vote(ref):
    case = next(procedure for procedure in told()["procedures"] if procedure["ref"] == ref)
    outcome = judge(BY_CODE[PROCEDURE_OF[case["code"]]], demo_voices(case["code"]))
    expected = case["expected"]
    assert outcome.counted.communes == expected["counted_favourable"]
    assert outcome.counted.inhabitants == expected["population"]
    assert [test.holds for test in outcome.tests] == [expected["branch_a"], expected["branch_b"]]
    assert outcome.is_vetoed is expected["veto"]
    assert outcome.accepted is (expected["outcome"] == "accepted")
    assert outcome.total.communes == 22
    assert outcome.total.inhabitants == told()["total_population"] == 45_790


def test_a_restitution_judged_as_a_transfer_would_be_accepted_by_mistake():
    assert judge(BY_CODE["transfer"], demo_voices("pound")).accepted
    assert not judge(BY_CODE["restitution"], demo_voices("pound")).accepted


def test_the_thresholds_of_the_demo_are_those_of_the_law():
    electorate = demo_electorate()
    assert electorate.thresholds == ((15, 22_896), (11, 30_527))
    assert electorate.veto_holders == {"96001"}
    order = electorate.by_size(electorate.inhabitants)
    assert electorate.weight(order[:11]) == 39_784
    assert electorate.accepts(order[:11])
    assert not electorate.accepts(order[:10])
    assert electorate.weight(order[-15:]) == 12_000
    assert not electorate.accepts(order[-15:])
    assert electorate.weight([order[0], *order[-14:]]) == 24_399
    assert electorate.accepts([order[0], *order[-14:]])


@pytest.mark.parametrize(
    ("opponents", "people", "blocked"), [(6, 9_159, True), (6, 9_158, True), (6, 9_157, False), (5, 12_000, False)]
)
def test_the_blocking_minority_is_a_quarter_of_communes_and_a_fifth_of_people(opponents, people, blocked):
    others = 22 - opponents
    rest = 45_790 - people
    populations = {f"o{i}": people // opponents for i in range(opponents)}
    populations["o0"] += people - sum(populations.values())
    populations |= {f"c{i}": rest // others for i in range(others)}
    populations["c0"] += 45_790 - sum(populations.values())
    electorate = Electorate(populations, BLOCKING_MINORITY)
    assert electorate.total == 45_790
    assert electorate.accepts([code for code in populations if code.startswith("o")]) is blocked


def test_the_clect_report_knows_no_veto_and_no_tacit_agreement():
    voices = list(demo_voices("water"))
    assert Electorate({v.code: v.inhabitants for v in voices}, FIRST_PARAGRAPH).veto_holders == frozenset()
    procedure = BY_CODE["clect-report"]
    assert procedure.silence is Silence.UNFAVOURABLE
    outcome = judge(procedure, voices)
    assert outcome.counted.communes == 14
    assert not outcome.is_vetoed
    assert not outcome.accepted


def test_two_equal_largest_communes_must_both_agree_and_the_doubt_is_said():
    voices = voices_of([400, 400, 100, 100, 100], "FDFFF")
    outcome = judge(BY_CODE["transfer"], voices)
    assert outcome.is_vetoed
    assert not outcome.accepted
    assert "égalité" in outcome.warnings[-1]


def test_exactly_a_quarter_gives_no_veto():
    assert not Electorate({"a": 25, "b": 25, "c": 25, "d": 25}, CREATION).veto_holders
    assert Electorate({"a": 26, "b": 25, "c": 25, "d": 25}, CREATION).veto_holders == {"a"}


def test_communes_without_inhabitants_count_as_councils():
    voices = voices_of([0, 0, 0], "FFD")
    assert not judge(BY_CODE["transfer"], [*voices_of([0, 0, 0], "DDF")]).accepted
    assert judge(BY_CODE["transfer"], voices).accepted  # two thirds of nobody is reached by nobody


def test_a_reserve_or_no_position_is_not_an_agreement_and_what_it_would_change_is_said():
    voices = voices_of([100, 90, 80], "FRN")
    outcome = judge(BY_CODE["transfer"], voices)
    assert not outcome.accepted
    assert "changerait le résultat" in outcome.warnings[0]
    assert "ne changerait rien" in judge(BY_CODE["transfer"], voices_of([100, 90, 5], "FFR")).warnings[0]


def test_opinions_never_decide():
    outcome = judge(BY_CODE["governance-pact"], voices_of([10, 10, 10], "DDD"))
    assert outcome.accepted
    assert "ne lient pas" in outcome.reasons[-1]
    assert "le silence vaut avis favorable" in judge(BY_CODE["pooling-scheme"], voices_of([10], "F")).reasons[0]
    assert BY_CODE["transfer"].silence_told == "le silence vaut accord"  # it counts among those who agree


def test_each_way_to_a_majority_is_named_with_what_it_has_and_what_it_needs():
    said = [
        reason.replace("\xa0", " ") for reason in judge(BY_CODE["transfer"], voices_of([90, 100, 50], "FFD")).reasons
    ]
    assert [reason.split(" : ")[0] for reason in said if "il en faut" in reason] == [
        "Première majorité possible", "Seconde majorité possible",
    ]  # fmt: skip
    assert any("2 conseils, il en faut 2 ; 190 habitants, il en faut" in reason for reason in said)


def test_the_council_alone_defines_the_community_interest():
    with pytest.raises(ValueError, match="le conseil communautaire décide seul"):
        judge(BY_CODE["community-interest"], demo_voices("water"))
    standings = {
        votes: judge_council(
            BY_CODE["community-interest"], votes_for=votes[0], votes_against=votes[1], seats=48
        ).standing
        for votes in ((30, 9), (32, 9), (20, 19))
    }
    assert list(standings.values()) == [Standing.DISPUTED, Standing.CARRIED, Standing.LOST]


@pytest.mark.parametrize(
    ("votes_for", "votes_against", "standing"), [(31, 7, Standing.LOST), (34, 8, Standing.CARRIED)]
)
def test_a_refusal_of_the_commune_concerned_asks_two_thirds_of_the_members(votes_for, votes_against, standing):
    given = {"votes_for": votes_for, "votes_against": votes_against, "seats": 48}
    assert judge_council(BY_CODE["one-commune"], **given, is_opinion_unfavourable=True).standing is standing
    assert judge_council(BY_CODE["one-commune"], **given).standing is Standing.CARRIED


def test_a_free_sharing_needs_two_thirds_of_the_votes_cast():
    assert judge_council(BY_CODE["fpic"], votes_for=33, votes_against=11, seats=48).standing is Standing.CARRIED
    assert judge_council(BY_CODE["fpic"], votes_for=0, votes_against=0, seats=48).standing is Standing.LOST


def test_impossible_totals_of_the_council_are_refused():
    with pytest.raises(ValueError, match="48 sièges"):
        judge_council(BY_CODE["fpic"], votes_for=40, votes_against=11, seats=48)


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 1, 14), 3, date(2026, 4, 14)),
        (date(2025, 10, 6), 3, date(2026, 1, 6)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_a_delay_runs_from_date_to_date(day, months, due):
    assert months_after(day, months) == due


def test_the_table_of_procedures_is_complete():
    assert {procedure.code for procedure in PROCEDURES} >= {
        "transfer", "restitution", "a-la-carte", "community-interest", "clect-report", "one-commune", "plu-opposition",
        "governance-pact", "pooling-scheme",
    }  # fmt: skip
    assert all(procedure.article and procedure.effect for procedure in PROCEDURES)


populations = st.lists(st.integers(0, 60) | st.integers(0, 100_000), min_size=1, max_size=40)
small = st.lists(st.integers(0, 40) | st.integers(0, 2_000), min_size=1, max_size=7)


def lettered(sizes, letters="FDS"):
    return st.tuples(sizes, st.randoms(use_true_random=False)).map(
        lambda drawn: (drawn[0], "".join(drawn[1].choice(letters) for _ in drawn[0]))
    )


@given(
    lettered(populations), st.sampled_from(["transfer", "restitution", "clect-report", "a-la-carte", "plu-opposition"])
)
def test_random_intercommunalities_are_counted_as_the_naive_way_counts_them(drawn, code):
    numbers, letters = drawn
    procedure = BY_CODE[code]
    by_code = {str(index): number for index, number in enumerate(numbers)}
    silence = "F" if procedure.silence is Silence.FAVOURABLE else "D"
    agreeing = naive.counted(dict(zip(by_code, letters, strict=True)), silence)
    if code == "plu-opposition":
        expected = naive.blocked(by_code, agreeing)
    else:
        expected = naive.qualified(by_code, agreeing, veto=procedure.majority.veto)
    assert judge(procedure, voices_of(numbers, letters)).accepted is expected


@given(small)
def test_the_smallest_coalitions_are_those_found_by_trying_them_all(numbers):
    by_code = {str(index): number for index, number in enumerate(numbers)}
    electorate = Electorate(by_code, CREATION)

    def wins(chosen):
        return naive.qualified(by_code, chosen, veto=True)

    found = electorate.fewest_to_win((), by_code)
    assert found is not None
    assert len(found) == naive.fewest(by_code, wins)
    assert wins(set(found))
    blocking = electorate.fewest_to_block()
    assert len(blocking) == naive.fewest(by_code, lambda chosen: not wins(set(by_code) - chosen))
    assert not wins(set(by_code) - set(blocking))
    assert wins(set(electorate.smallest_to_win((), by_code)))


@settings(max_examples=300)
@given(lettered(small, "FDPP"))
def test_a_commune_may_change_the_outcome_exactly_when_some_choice_of_the_others_lets_it(drawn):
    numbers, letters = drawn
    by_code = {str(index): number for index, number in enumerate(numbers)}
    said = dict(zip(by_code, letters, strict=True))
    agreeing = {code for code, letter in said.items() if letter == "F"}
    pending = {code for code, letter in said.items() if letter == "P"}
    electorate = Electorate(by_code, CREATION)
    for code in pending:
        expected = any(
            naive.qualified(by_code, agreeing | others | {code}, veto=True)
            and not naive.qualified(by_code, agreeing | others, veto=True)
            for others in naive.every_subset(pending - {code})
        )
        assert electorate.is_pivotal(code, agreeing, pending) is expected


@given(lettered(small, "FDPP"))
def test_what_is_missing_is_the_least_that_settles_it(drawn):
    numbers, letters = drawn
    by_code = {str(index): number for index, number in enumerate(numbers)}
    voices = voices_of(numbers, letters)
    agreeing = {voice.code for voice in voices if voice.position == F}
    pending = {voice.code for voice in voices if voice.position == Position.PENDING}
    progress = follow(BY_CODE["transfer"], voices)
    sizes = [
        len(chosen) for chosen in naive.every_subset(pending) if naive.qualified(by_code, agreeing | chosen, veto=True)
    ]
    if not pending:
        assert progress.missing == ()
    elif not sizes:
        assert progress.missing is None
    else:
        assert len(progress.missing) == min(sizes)
    assert progress.is_certain is (progress.if_opposed.accepted == progress.if_favourable.accepted)


def test_a_consultation_under_way_says_what_is_certain_and_who_still_matters():
    voices = demo_voices("water")
    waiting = [v if v.code != "96001" else Voice(v.code, v.name, v.inhabitants, Position.PENDING) for v in voices]
    progress = follow(BY_CODE["transfer"], waiting)
    assert not progress.is_certain
    assert [voice.code for voice in progress.pivotal] == ["96001"]
    assert [voice.code for voice in progress.missing] == ["96001"]
    assert progress.if_silent.accepted
    assert not progress.if_opposed.accepted
    lost = follow(
        BY_CODE["transfer"], [v if v.code != "96022" else Voice(v.code, v.name, 144, Position.PENDING) for v in voices]
    )
    assert lost.is_certain
    assert "rejeté" in lost.sentence
    assert lost.missing is None


@pytest.mark.parametrize("code", ["transfer", "restitution", "clect-report", "plu-opposition"])
def test_all_real_intercommunalities_are_counted_as_the_naive_way_counts_them(shared_data, code):
    import csv
    import random

    members = {}
    with (shared_data / "referentiel" / "communes_epci_2025.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            if row["siren_epci"]:
                members.setdefault(row["siren_epci"], {})[row["code_insee"]] = int(row["population_totale"])
    assert len(members) == 1_255
    procedure = BY_CODE[code]
    silence = "F" if procedure.silence is Silence.FAVOURABLE else "D"
    draw = random.Random(2032)
    with_veto = 0
    for inhabitants in members.values():
        positions = {insee: draw.choice("FFDS") for insee in inhabitants}
        said = {"F": F, "D": D, "S": S}
        voices = [Voice(insee, insee, inhabitants[insee], said[letter]) for insee, letter in positions.items()]
        agreeing = naive.counted(positions, silence)
        outcome = judge(procedure, voices)
        if code == "plu-opposition":
            assert outcome.accepted is naive.blocked(inhabitants, agreeing)
            continue
        assert outcome.accepted is naive.qualified(inhabitants, agreeing, veto=procedure.majority.veto)
        with_veto += bool(outcome.veto_holders)
        simulated = simulate(procedure, voices)
        assert naive.qualified(inhabitants, {v.code for v in simulated.winning}, veto=procedure.majority.veto)
        blocking = set(inhabitants) - {v.code for v in simulated.blocking}
        assert not naive.qualified(inhabitants, blocking, veto=procedure.majority.veto)
    assert with_veto == (659 if procedure.code in {"transfer", "restitution"} else 0)
