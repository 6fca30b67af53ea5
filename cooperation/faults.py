"""What is wrong with the settings of an installation: one French sentence per fault, which never repeats a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email.utils import getaddresses
from pathlib import Path
from urllib.parse import ParseResult, urlparse
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url

Get = Callable[[str], str]  # a setting by its name, "" where it is absent

YES = {"1", "true", "yes", "on", "oui"}
NO = {"", "0", "false", "no", "off", "non"}
LEAST_KEY = 50
LEAST_DIFFERENT = 5  # as Django's own check: fifty times the same letter is no secret
LEAST_SEAL_KEY = 32
PROCONNECT = ("PROCONNECT_SERVER", "PROCONNECT_CLIENT_ID", "PROCONNECT_CLIENT_SECRET")
S3 = ("S3_BUCKET", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY")
MAIL_SCHEMES = {"smtp", "smtps", "smtp+tls"}
HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\]", re.IGNORECASE)


def of_the_site(get: Get, allowed_hosts: list[str], site_url: str) -> Iterator[str]:
    """What production cannot do without: a secret, the names it answers to, its address."""
    key = get("SECRET_KEY")
    if len(key) < LEAST_KEY or len(set(key)) < LEAST_DIFFERENT or key.startswith("django-insecure-"):
        yield f"SECRET_KEY : donnez une clé secrète d’au moins {LEAST_KEY} caractères tirés au hasard."
    names_hold = bool(allowed_hosts) and all(HOST.fullmatch(name) for name in allowed_hosts)
    if not names_hold:
        yield (
            "ALLOWED_HOSTS : donnez le nom du site sans https://, par exemple projets.mon-epci.fr ; "
            "s’il y en a plusieurs, une virgule entre deux."
        )
    site = parsed(site_url)
    if site is None or site.scheme != "https" or not site.hostname or site_url != f"https://{site.netloc}":
        yield "SITE_URL : donnez l’adresse du site, https:// et son nom seulement : https://projets.mon-epci.fr."
    elif names_hold and not any(answers(name, site.hostname) for name in allowed_hosts):
        yield "SITE_URL : ce nom de site n’est pas dans ALLOWED_HOSTS ; les liens des courriels seraient refusés."


def of_the_database(url: str) -> Iterator[str]:
    """PostgreSQL with the name of a database, or SQLite in a folder that exists."""
    try:
        scheme, name = urlparse(url).scheme, str(dj_database_url.parse(url)["NAME"] or "")
    except (ValueError, KeyError):
        scheme = name = ""
    if scheme not in {"postgresql", "postgres", "sqlite"} or not name:
        yield (
            "DATABASE_URL : écrivez postgresql://nom:motdepasse@machine/base ou sqlite:////dossier/base.sqlite3 ; "
            "dans le mot de passe, les signes : / # @ % ? se codent (# devient %23)."
        )
    elif scheme == "sqlite" and (name == ":memory:" or not Path(name).parent.is_dir()):
        yield "DATABASE_URL : donnez après sqlite:// le chemin d’un fichier, dans un dossier qui existe."


def of_the_mail(get: Get) -> Iterator[str]:
    """A server with a port that exists, and addresses that are addresses."""
    if mail := get("EMAIL_URL"):
        server = parsed(mail)
        if server is None or server.scheme not in MAIL_SCHEMES or not server.hostname:
            yield "EMAIL_URL : écrivez smtp+tls://nom:motdepasse@serveur:587 (ou smtp://, smtps://)."
    if (sender := get("MAIL_FROM")) and not is_one_address(sender):
        yield "MAIL_FROM : donnez un expéditeur, par exemple Projets <projets@mon-epci.fr>."
    if (contact := get("CONTACT_EMAIL")) and (not is_one_address(contact) or "<" in contact):
        yield "CONTACT_EMAIL : donnez une adresse seule, par exemple accueil@mon-epci.fr."


def of_the_rest(get: Get, time_zone: str) -> Iterator[str]:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"TIME_ZONE : « {time_zone} » n’est pas un fuseau horaire (Europe/Paris…)."
    if (key := get("SEAL_KEY")) and len(key) < LEAST_SEAL_KEY:
        yield f"SEAL_KEY : donnez une clé d’au moins {LEAST_SEAL_KEY} caractères."
    for name in ("DEBUG", "SSL_REDIRECT"):
        if get(name).lower() not in YES | NO:
            yield f"{name} : écrivez 1 pour oui, 0 pour non."


def of_groups(get: Get) -> Iterator[str]:
    """ProConnect, and files in S3: all of it is given, or nothing; and the address is one."""
    groups = (
        ("ProConnect", PROCONNECT, "PROCONNECT_SERVER", "https://auth.agentconnect.gouv.fr/api/v2"),
        ("S3", S3, "S3_ENDPOINT", "https://s3.fr-par.scw.cloud"),
    )
    for service, names, address, example in groups:
        given = [name for name in names if get(name)]
        for name in names if given else ():
            if name not in given:
                yield f"{name} : {service} demande aussi ce réglage, avec {given[0]}."
        server = parsed(get(address))
        if address in given and (server is None or server.scheme != "https" or not server.hostname):
            yield f"{address} : donnez l’adresse https:// du serveur, par exemple {example}."


def parsed(url: str) -> ParseResult | None:
    """The parts of an address; None where its port is no port."""
    try:
        parts = urlparse(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def answers(pattern: str, host: str) -> bool:
    """Whether a name of ALLOWED_HOSTS covers this one; « .mon-epci.fr » covers what comes before it."""
    pattern, host = pattern.lower(), host.lower()
    return pattern in (host, f"[{host}]") or (pattern.startswith(".") and f".{host}".endswith(pattern))


def is_one_address(text: str) -> bool:
    """Whether this names one mailbox, and no second one."""
    found = [address for _, address in getaddresses([text])]
    return len(found) == 1 and re.fullmatch(r"[^@\s]+@[^@\s]+", found[0]) is not None
