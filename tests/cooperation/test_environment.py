"""An installation is described by its environment alone, and every fault is told in one line, all together."""

import pytest

from cooperation.environment import Environment, without_personal_data

PRODUCTION = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "projets.mon-epci.fr",
    "SITE_URL": "https://projets.mon-epci.fr",
    "DATABASE_URL": "postgresql://nom:secret@localhost/projets",
}
PROCONNECT = {
    "PROCONNECT_SERVER": "https://auth.agentconnect.gouv.fr/api/v2/",
    "PROCONNECT_CLIENT_ID": "nous",
    "PROCONNECT_CLIENT_SECRET": "un-secret",
}


def read(tmp_path, **changes):
    return Environment.read(tmp_path, {**PRODUCTION, **changes})


def test_a_sound_environment_starts(tmp_path):
    environment = read(tmp_path)
    assert not environment.debug
    assert environment.allowed_hosts == ["projets.mon-epci.fr"]
    assert environment.database["OPTIONS"]["pool"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "trop-courte"),
        ("ALLOWED_HOSTS", ""),
        ("SITE_URL", "http://sans-chiffrement.fr"),
        ("DATABASE_URL", "n’importe quoi"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("EMAIL_URL", "ftp://serveur"),
        ("S3_BUCKET", "documents"),
        ("PROCONNECT_SERVER", "http://sans-chiffrement.fr"),
        ("PROCONNECT_CLIENT_SECRET", ""),
    ],
)
def test_a_fault_stops_the_start_with_one_line_that_names_it(tmp_path, capsys, name, value):
    proconnect = PROCONNECT if name in PROCONNECT else {}
    with pytest.raises(SystemExit) as stopped:
        read(tmp_path, **proconnect | {name: value})
    assert stopped.value.code == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert name.split("_")[0] in lines[0]


def test_proconnect_is_described_whole_or_not_at_all(tmp_path):
    assert read(tmp_path).proconnect == {}
    assert read(tmp_path, **PROCONNECT).proconnect == {
        "server": "https://auth.agentconnect.gouv.fr/api/v2",
        "client_id": "nous",
        "secret": "un-secret",
    }


def test_all_faults_are_told_together(tmp_path, capsys):
    with pytest.raises(SystemExit):
        Environment.read(tmp_path, {})
    assert len(capsys.readouterr().err.strip().splitlines()) == 3


def test_a_fault_never_repeats_a_secret(tmp_path, capsys):
    with pytest.raises(SystemExit):
        read(tmp_path, SECRET_KEY="petit-secret")
    assert "petit-secret" not in capsys.readouterr().err


def test_development_needs_nothing(tmp_path):
    environment = Environment.read(tmp_path, {"DEBUG": "1"})
    assert environment.database["ENGINE"].endswith("sqlite3")
    assert environment.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_mail_goes_to_the_server_that_is_named(tmp_path):
    mail = read(tmp_path, EMAIL_URL="smtp+tls://nom:mot%20de%20passe@mail.mon-epci.fr:2525").mail()
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == ("mail.mon-epci.fr", 2525, True)
    assert mail["EMAIL_HOST_PASSWORD"] == "mot de passe"


def test_logs_say_nothing_of_the_person():
    event = {"event": "request_finished", "request_id": "a", "ip": "192.0.2.1", "user_id": 3, "email": "x@y.example"}
    assert without_personal_data(None, "info", event) == {"event": "request_finished", "request_id": "a"}


@pytest.mark.parametrize(
    "address", ["/calendrier/agenda/s3cret.ics", "/invitation/s3cret/", "/compte/password/reset/key/1-s3cret/"]
)
def test_an_address_that_opens_something_is_cut_short_in_the_logs(address):
    event = without_personal_data(None, "info", {"request": f"GET {address}", "event": f"Not Found: {address}"})
    assert "s3cret" not in str(event)
    assert address.split("s3cret")[0].rstrip("1-") in event["request"]
