"""An installation is described by its environment alone, and every fault is told in one line, all together."""

import pytest
from django.urls import reverse

from cooperation.environment import Environment, without_personal_data

PRODUCTION = {
    "SECRET_KEY": "une clé tirée au hasard " * 3,
    "ALLOWED_HOSTS": "projets.mon-epci.fr",
    "SITE_URL": "https://projets.mon-epci.fr",
    "DATABASE_URL": "postgresql://nom:secret@localhost/projets",
}
PROCONNECT = {
    "PROCONNECT_SERVER": "https://auth.agentconnect.gouv.fr/api/v2/",
    "PROCONNECT_CLIENT_ID": "nous",
    "PROCONNECT_CLIENT_SECRET": "un-secret",
}
S3 = {
    "S3_BUCKET": "documents",
    "S3_ENDPOINT": "https://s3.mon-hebergeur.fr",
    "S3_ACCESS_KEY": "nous",
    "S3_SECRET_KEY": "un-secret",
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
        ("SECRET_KEY", "k" * 60),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "https://projets.mon-epci.fr"),
        ("ALLOWED_HOSTS", "projets.mon-epci.fr autre.fr"),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", "http://projets.mon-epci.fr"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "https://projets.mon-epci.fr/dossier"),
        ("SITE_URL", "https://un-autre-nom.fr"),
        ("DATABASE_URL", "n’importe quoi"),
        ("DATABASE_URL", "postgresql://nom:secret@localhost"),
        ("DATABASE_URL", "postgresql://nom:secret@localhost:port/projets"),
        ("DATABASE_URL", "mysql://nom:secret@localhost/projets"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:////nulle/part/base.sqlite3"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("EMAIL_URL", "ftp://serveur"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp://serveur:vingt-cinq"),
        ("EMAIL_URL", "smtp://serveur:99999"),
        ("MAIL_FROM", "les projets"),
        ("MAIL_FROM", "a@mon-epci.fr, b@mon-epci.fr"),
        ("CONTACT_EMAIL", "accueil"),
        ("SEAL_KEY", "trop-courte"),
        ("DEBUG", "peut-être"),
        ("SSL_REDIRECT", "peut-être"),
        ("S3_ENDPOINT", "http://sans-chiffrement.fr"),
        ("S3_ENDPOINT", "https://"),
        ("S3_BUCKET", ""),
        ("S3_ENDPOINT", ""),
        ("S3_ACCESS_KEY", ""),
        ("S3_SECRET_KEY", ""),
        ("PROCONNECT_SERVER", "http://sans-chiffrement.fr"),
        ("PROCONNECT_SERVER", ""),
        ("PROCONNECT_CLIENT_ID", ""),
        ("PROCONNECT_CLIENT_SECRET", ""),
    ],
)
def test_a_fault_stops_the_start_with_one_line_that_names_it(tmp_path, capsys, name, value):
    read(tmp_path, **PROCONNECT, **S3)
    with pytest.raises(SystemExit) as stopped:
        read(tmp_path, **PROCONNECT | S3 | {name: value})
    assert stopped.value.code == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"Réglage à corriger — {name} : ")


@pytest.mark.parametrize(
    "sound",
    [
        {"MAIL_FROM": "Projets <projets@mon-epci.fr>", "CONTACT_EMAIL": "accueil@mon-epci.fr"},
        {"ALLOWED_HOSTS": ".mon-epci.fr, 192.0.2.1"},
        {"DATABASE_URL": "postgresql://nom:p%23ss@/projets?host=/run/postgresql"},
        {"DATABASE_URL": "", "SSL_REDIRECT": "non", "DEBUG": "0"},
    ],
)
def test_what_an_installation_may_say_is_accepted(tmp_path, sound):
    read(tmp_path, **sound)


def test_nothing_said_of_the_redirection_means_that_it_is_done(tmp_path):
    assert read(tmp_path, SSL_REDIRECT="").ssl_redirect
    assert not read(tmp_path, SSL_REDIRECT="0").ssl_redirect


def test_a_connection_that_died_with_the_server_is_given_to_nobody(tmp_path):
    database = read(tmp_path).database
    assert database["CONN_HEALTH_CHECKS"]
    assert database["OPTIONS"]["pool"]["reconnect_timeout"] <= 10


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


def test_an_address_that_an_error_repeats_is_hidden():
    event = without_personal_data(None, "error", {"exception": "Key (email)=(une.personne@mairie.example) exists"})
    assert event == {"exception": "Key (email)=(…@…) exists"}


@pytest.mark.parametrize(
    "address", ["/calendrier/agenda/s3cret.ics", "/invitation/s3cret/", "/compte/password/reset/key/1-s3cret/"]
)
def test_an_address_that_opens_something_is_cut_short_in_the_logs(address):
    event = without_personal_data(None, "info", {"request": f"GET {address}", "event": f"Not Found: {address}"})
    assert "s3cret" not in str(event)
    assert address.split("s3cret")[0].rstrip("1-") in event["request"]


def test_an_address_that_nobody_gave_is_not_told_to_people(tmp_path):
    """The demo has none: « ne-pas-repondre » is no address to write to."""
    assert Environment({"DEBUG": "1"}, tmp_path).contact_email == ""
    assert Environment({"MAIL_FROM": "Projets <projets@mon-epci.fr>"}, tmp_path).contact_email == "projets@mon-epci.fr"


@pytest.mark.parametrize("page", ["privacy", "accessibility"])
def test_without_an_address_people_are_sent_to_who_administers_the_platform(client, settings, page, db):
    settings.CONTACT_EMAIL = ""
    said = client.get(reverse(page)).content.decode()
    assert "la personne qui administre la plateforme" in said and "mailto:" not in said
    settings.CONTACT_EMAIL = "accueil@mon-epci.fr"
    assert "mailto:accueil@mon-epci.fr" in client.get(reverse(page)).content.decode()
