"""The settings of the tests: those of the platform, in an environment that is given and not found."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.update(DEBUG="1", SECRET_KEY="test-only-" + "k" * 60, SITE_URL="http://testserver", ALLOWED_HOSTS="*")
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or "sqlite:///unused.sqlite3"

from cooperation.settings import *  # noqa: F403
from cooperation.settings import DATABASES, LOGGING, STORAGES, TEMPLATES
from tests.strict import Undefined

# One name for a run and for all its workers: two runs, even left to themselves, never share a database.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
# What a run writes goes with it: the first of its processes removes the folder that the others share; whoever writes
# makes it, for types are checked under these settings too, and write nothing.
if "SUITE_FOLDER" not in os.environ:
    os.environ["SUITE_FOLDER"] = str(Path(tempfile.gettempdir()) / f"communaccord-run-{RUN}")
    atexit.register(shutil.rmtree, os.environ["SUITE_FOLDER"], ignore_errors=True)
FOLDER = Path(os.environ["SUITE_FOLDER"])
IS_POSTGRESQL = DATABASES["default"]["ENGINE"].endswith("postgresql")
TEST_DATABASES = Path(tempfile.gettempdir()) / "communaccord-tests"
TEST_DATABASES.mkdir(exist_ok=True)
if IS_POSTGRESQL:
    DATABASES["default"]["OPTIONS"].pop("pool", None)  # it would keep the test database from being dropped
    DATABASES["default"]["NAME"] = os.environ.get("TEST_DATABASE_NAME") or DATABASES["default"]["NAME"]
else:
    # A file, not memory: the browser tests read it from several threads. Durability is not what they test.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DATABASES / f"test-{RUN}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")  # a name nobody gave stops the page
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast: strength is not what they test
# A refused page is told in a plain line: thousands are refused, and drawing each in colours takes longer than refusing.
LOGGING["formatters"]["lines"] = {"format": "%(levelname)s %(name)s %(message)s"}
# What a test counts is not another's; that processes share their counts has a test of its own.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PRINT_STORE = Path(os.environ.get("SUITE_PRINTS") or FOLDER / "prints")
PRINT_COURTESY = 0  # nobody browses: beside two suites, a print that gives way would wait until it is killed
MEDIA_ROOT = FOLDER / "media"
STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default", "printing"]}}
DEBUG = SHOW_COMPONENTS = False
SECURE_SSL_REDIRECT = False
