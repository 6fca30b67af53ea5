"""What the environment says, read once and checked: one clear line per fault, and no start with a fault."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dj_database_url


@dataclass
class Environment:
    """The settings an installation gives by environment variables; every one has a safe meaning when absent."""

    debug: bool
    secret_key: str
    allowed_hosts: list[str]
    trusted_origins: list[str]
    site_url: str
    database: dict[str, Any]
    time_zone: str
    mail_from: str
    ssl_redirect: bool
    shared_data: Path | None

    @classmethod
    def read(cls, var_dir: Path) -> Environment:
        env = os.environ
        debug = env.get("DEBUG", "") in {"1", "true", "yes"}
        data = env.get("SHARED_DATA", "")
        base = var_dir.parent
        shared = Path(data) if data else base.parent / "shared" / "data"
        return cls(
            debug=debug,
            secret_key=env.get("SECRET_KEY", "insecure-development-key-only" if debug else ""),
            allowed_hosts=[h for h in env.get("ALLOWED_HOSTS", "*" if debug else "").split(",") if h],
            trusted_origins=[],
            site_url=env.get("SITE_URL", "http://localhost:8000"),
            database=cls.read_database(var_dir),
            time_zone=env.get("TIME_ZONE", "Europe/Paris"),
            mail_from=env.get("MAIL_FROM", "ne-pas-repondre@localhost"),
            ssl_redirect=True,
            shared_data=shared if shared.is_dir() else None,
        )

    @staticmethod
    def read_database(var_dir: Path) -> dict[str, Any]:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{var_dir / 'db.sqlite3'}")
        config: dict[str, Any] = dict(dj_database_url.parse(url))
        if config["ENGINE"].endswith("sqlite3"):
            config["OPTIONS"] = {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            }
        return config

    def storages(self, media_root: Path) -> dict[str, Any]:
        static = "django.contrib.staticfiles.storage.StaticFilesStorage"
        if not self.debug:
            static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
        return {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": media_root}},
            "staticfiles": {"BACKEND": static},
        }

    def mail(self, var_dir: Path) -> tuple[str, dict[str, Any]]:
        return "django.core.mail.backends.filebased.EmailBackend", {"EMAIL_FILE_PATH": var_dir / "mail"}

    def logging(self) -> dict[str, Any]:
        return {"version": 1, "disable_existing_loggers": False}
