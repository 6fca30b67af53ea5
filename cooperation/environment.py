"""What the environment says, read once and checked: one clear line per fault, and no start with a fault."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import dj_database_url
import structlog

from cooperation import faults

SQLITE_OPTIONS = {
    # Measured: the default (deferred) mode answers "database is locked" under load, and NORMAL may lose a decision.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # What is read is mapped, up to 1 GiB, and not copied page by page: a quarter of the time of a search is spared.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=1073741824;",
}
# After five seconds without a server an attempt is given up, and the next request makes a new one: attempts that were
# left to themselves would come further and further apart, and pages stay down for minutes after the server is back.
POOL = {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 5}


@dataclass
class Environment:
    """The settings of an installation, from environment variables alone; `faults` says what is wrong with them."""

    variables: Mapping[str, str]
    var_dir: Path
    faults: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, var_dir: Path, variables: Mapping[str, str] | None = None) -> Environment:
        """Read and check; a fault stops the start with one line each and no traceback."""
        environment = cls(os.environ if variables is None else variables, var_dir)
        environment.check()
        if environment.faults:
            for fault in environment.faults:
                print(f"Réglage à corriger — {fault}", file=sys.stderr)
            raise SystemExit(1)
        return environment

    def get(self, name: str, default: str = "") -> str:
        return self.variables.get(name, default).strip()

    def check(self) -> None:
        """Gather every fault at once, so that an installation is mended in one go."""
        if not self.debug:
            self.faults += faults.of_the_site(self.get, self.allowed_hosts, self.site_url)
        self.faults += faults.of_the_database(self.database_url)
        self.faults += faults.of_the_mail(self.get)
        self.faults += faults.of_the_rest(self.get, self.time_zone)
        self.faults += faults.of_groups(self.get)

    @property
    def proconnect(self) -> dict[str, str]:
        """How to reach ProConnect; empty where the installation does without it."""
        if not self.get("PROCONNECT_SERVER"):
            return {}
        server, client_id, secret = (self.get(name) for name in faults.PROCONNECT)
        return {"server": server.rstrip("/"), "client_id": client_id, "secret": secret}

    @property
    def debug(self) -> bool:
        return self.get("DEBUG").lower() in faults.YES

    @property
    def secret_key(self) -> str:
        return self.get("SECRET_KEY") or "development-only-" + "x" * faults.LEAST_KEY

    @property
    def seal_key(self) -> str:
        """What signs the heads of the seal handed out; kept apart from the database, and from the site if possible."""
        return self.get("SEAL_KEY")

    @property
    def allowed_hosts(self) -> list[str]:
        names = [host.strip() for host in self.get("ALLOWED_HOSTS").split(",") if host.strip()]
        return names or (["localhost", "127.0.0.1", "[::1]"] if self.debug else [])

    @property
    def trusted_origins(self) -> list[str]:
        return [self.site_url] if self.site_url.startswith("https://") else []

    @property
    def site_url(self) -> str:
        return self.get("SITE_URL", "http://127.0.0.1:8000" if self.debug else "").rstrip("/")

    @property
    def time_zone(self) -> str:
        return self.get("TIME_ZONE") or "Europe/Paris"

    @property
    def mail_from(self) -> str:
        return self.get("MAIL_FROM") or "Commun’accord <ne-pas-repondre@localhost>"

    @property
    def contact_email(self) -> str:
        """The address people write to; without it, the bare address of the sender; empty where nobody said either."""
        return self.get("CONTACT_EMAIL") or parseaddr(self.get("MAIL_FROM"))[1]

    @property
    def ssl_redirect(self) -> bool:
        """Off only behind a server that already redirects (`SSL_REDIRECT=0`)."""
        return (self.get("SSL_REDIRECT") or "1").lower() in faults.YES

    @property
    def shared_data(self) -> Path | None:
        """The folder of real public data, for tests and trials; None where there is none."""
        folder = Path(self.get("SHARED_DATA") or self.var_dir.parent.parent / "shared" / "data")
        return folder if folder.is_dir() else None

    @property
    def database_url(self) -> str:
        return self.get("DATABASE_URL") or f"sqlite:///{self.var_dir / 'db.sqlite3'}"

    @property
    def database(self) -> dict[str, Any]:
        config: dict[str, Any] = dict(dj_database_url.parse(self.database_url))
        options = dict(config.get("OPTIONS", {}))
        if config["ENGINE"].endswith("sqlite3"):
            options |= SQLITE_OPTIONS
        elif config["ENGINE"].endswith("postgresql"):
            options["pool"] = POOL
            config["CONN_HEALTH_CHECKS"] = True  # or a request is given a connection that died with the server
        config["OPTIONS"] = options
        return config

    def storages(self, media_root: Path) -> dict[str, Any]:
        """Files on the disk, or in S3 when a bucket is named; hashed and compressed static files in production."""
        files: dict[str, Any] = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": media_root},
        }
        if bucket := self.get("S3_BUCKET"):
            options = {
                "bucket_name": bucket,
                "endpoint_url": self.get("S3_ENDPOINT"),
                "region_name": self.get("S3_REGION") or None,
                "access_key": self.get("S3_ACCESS_KEY"),
                "secret_key": self.get("S3_SECRET_KEY"),
                "default_acl": "private",
                "querystring_auth": True,
            }
            files = {"BACKEND": "cooperation.s3.DistantFiles", "OPTIONS": options}
        static = "django.contrib.staticfiles.storage.StaticFilesStorage"
        if not self.debug:
            static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
        return {"default": files, "staticfiles": {"BACKEND": static}}

    def mail(self) -> dict[str, Any]:
        """Mail through SMTP when `EMAIL_URL` says so; otherwise written into files under `var/mail`."""
        url = urlparse(self.get("EMAIL_URL"))
        if not url.hostname:
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": self.var_dir / "mail"}
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": url.hostname,
            "EMAIL_PORT": url.port or 587,
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_TLS": url.scheme == "smtp+tls",
            "EMAIL_USE_SSL": url.scheme == "smtps",
            "EMAIL_TIMEOUT": 20,
        }

    def logging(self) -> dict[str, Any]:
        """JSON lines on standard output in production, plain lines in development; no personal data in either."""
        # Plain: a traceback that shows the variables would show the people they hold.
        console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        renderer = console if self.debug else structlog.processors.JSONRenderer(ensure_ascii=False)
        shared: list[Any] = [
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso"),
            *([] if self.debug else [structlog.processors.format_exc_info]),
            without_personal_data,
        ]
        structlog.configure(
            processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
            logger_factory=structlog.stdlib.LoggerFactory(),
            cache_logger_on_first_use=True,
        )
        formatter = {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            "foreign_pre_chain": shared,
        }
        return {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": formatter},
            "handlers": {"out": {"class": "logging.StreamHandler", "stream": sys.stdout, "formatter": "lines"}},
            "root": {"handlers": ["out"], "level": "WARNING" if self.debug else "INFO"},
            "loggers": {name: {"level": "ERROR"} for name in TALKATIVE},
        }


TALKATIVE = ("weasyprint", "fontTools", "pikepdf", "gunicorn.http.wsgi")  # whose advice is of no use to who watches
PERSONAL = ("ip", "user_agent", "email", "username", "password", "user_id")
# Addresses that open something to whoever holds them: a diary, an invitation, a forgotten password.
SECRET_ADDRESS = re.compile(r"(/calendrier/agenda/|/invitation/|/compte/password/reset/key/)[^\s/?\"']+")

MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")  # as an error of the database may repeat it


def without_personal_data(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drop who it was, and what an address lets in: a request is followed by its id, not by a person."""
    for name in PERSONAL:
        event.pop(name, None)
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = MAIL_ADDRESS.sub("…@…", SECRET_ADDRESS.sub(r"\1…", value))
    return event
