"""The simulator on the command line: figures as JSON, or one sentence and exit 2."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.territories.test_consultation_rules import told

pytestmark = pytest.mark.django_db
SIREN = "249600016"


@pytest.fixture
def demo(demo_territory, db):
    return demo_territory


def named(column, position):
    return ",".join(row["insee"] for row in told()["positions"] if row[column] == position)


def answer(capsys, *arguments):
    call_command("simulate_consultation", "--epci", SIREN, "--json", *arguments)
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("column", "procedure", "accepted", "veto", "councils", "people"),
    [
        ("water", "transfer", False, True, 17, 26_423),
        ("schools", "a-la-carte", True, False, 16, 38_309),
        ("pound", "restitution", False, False, 12, 28_824),
        ("pound", "transfer", True, False, 17, 36_109),
    ],
)
def test_the_consultations_of_the_demo_are_answered(demo, capsys, column, procedure, accepted, veto, councils, people):
    found = answer(
        capsys,
        "--procedure", procedure,
        "--favourable", named(column, "favourable"),
        "--unfavourable", named(column, "unfavourable"),
    )  # fmt: skip
    assert found["accepted"] is accepted
    assert found["veto"] is veto
    assert found["counts"]["counted_favourable"] == councils
    assert found["populations"]["counted_favourable"] == people
    assert found["reasons"]


def test_the_opponents_to_the_local_plan_are_those_who_are_favourable_to_the_opposition(demo, capsys):
    smallest = ",".join(f"960{number:02d}" for number in range(17, 23))
    largest = ",".join(f"960{number:02d}" for number in range(1, 7))
    assert not answer(capsys, "--procedure", "plu-opposition", "--favourable", smallest)["accepted"]
    assert answer(capsys, "--procedure", "plu-opposition", "--favourable", largest)["accepted"]


def test_the_council_alone_is_asked_for_its_votes(demo, capsys):
    found = answer(capsys, "--procedure", "community-interest", "--votes-for", "30", "--votes-against", "9")
    assert found["accepted"] is False
    assert found["standing"] == "à trancher"


def test_one_commune_is_asked_alone(demo, capsys):
    refused = answer(capsys, "--procedure", "one-commune", "--unfavourable", "96009")
    assert refused["accepted"] is False
    assert refused["counts"]["communes"] == 1
    assert answer(capsys, "--procedure", "one-commune", "--concerned", "96009")["accepted"] is True


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--procedure", "transfer", "--favourable", "35001"], "Commune inconnue dans cette consultation : 35001."),
        (["--procedure", "transfer", "--favourable", "96001,96001"], "Commune nommée deux fois : 96001."),
        (["--procedure", "transfer", "--favourable", "96001", "--unfavourable", "96001"], "nommée deux fois : 96001."),
        (["--procedure", "transfert"], "La procédure « transfert » n’existe pas."),
        (["--procedure", "one-commune"], "Dites quelle commune est concernée"),
        (["--procedure", "community-interest", "--favourable", "96001"], "ne nommez aucune commune"),
    ],
)
def test_what_cannot_be_answered_says_why_and_exits_with_two(demo, arguments, sentence):
    with pytest.raises(CommandError, match=sentence) as refusal:
        call_command("simulate_consultation", "--epci", SIREN, *arguments)
    assert refusal.value.returncode == 2


def test_an_unknown_intercommunality_is_refused(db):
    with pytest.raises(CommandError, match="Aucune intercommunalité") as refusal:
        call_command("simulate_consultation", "--epci", "200000172", "--procedure", "transfer")
    assert refusal.value.returncode == 2
