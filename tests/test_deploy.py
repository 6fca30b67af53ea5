"""What `deploy/` says to whoever installs: every setting is on the page, and the files there start something."""

import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from cooperation.printing import workshop
from projects.management.commands.demo import WEB
from tests.crowd import courtesy_of_the_worker

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
READ = re.compile(r'(?:get\(|^\s*\(?|, )"([A-Z0-9]+_[A-Z_0-9]+|DEBUG)"', re.MULTILINE)
FOR_TRIALS = {"SHARED_DATA"}  # real public data, which no installation needs
PRODUCTION = {
    "SECRET_KEY": "une clé tirée au hasard " * 3,
    "ALLOWED_HOSTS": "projets.mon-epci.fr",
    "SITE_URL": "https://projets.mon-epci.fr",
}


def test_every_setting_that_is_read_is_told_on_the_page():
    code = (ROOT / "cooperation" / "environment.py").read_text() + (ROOT / "cooperation" / "faults.py").read_text()
    read = {name for name in READ.findall(code) if not name.startswith("EMAIL_") or name == "EMAIL_URL"} - FOR_TRIALS
    page = (DEPLOY / "README.md").read_text()
    assert {"SECRET_KEY", "S3_ENDPOINT", "SEAL_KEY", "PROCONNECT_SERVER", "SSL_REDIRECT"} <= read
    assert [name for name in sorted(read) if f"`{name}`" not in page] == []


def test_every_service_that_stays_up_starts_again_and_is_on_the_page():
    page = (DEPLOY / "README.md").read_text()
    for unit in DEPLOY.glob("*.service"):
        assert unit.stem in page or f"{unit.stem}.timer" in page
        assert "Type=oneshot" in unit.read_text() or "Restart=always\nRestartSec=" in unit.read_text()
        assert unit.name.startswith("communaccord-")  # what the sandbox is given to


def test_the_worker_gives_way_to_the_pages_for_processor_and_disk():
    """Between services systemd reads weights, and a weight alone leaves the others theirs: 100."""
    worker = (DEPLOY / "communaccord-worker.service").read_text()
    assert re.search(r"^Nice=10$", worker, re.MULTILINE)
    weights = [int(weight) for weight in re.findall(r"^(?:CPU|IO)Weight=(\d+)$", worker, re.MULTILINE)]
    assert len(weights) == 2 and max(weights) <= 20
    assert "Weight=" not in (DEPLOY / "communaccord-web.service").read_text()
    assert courtesy_of_the_worker() == 10  # what the proof plays


def test_the_lines_of_gunicorn_are_those_of_the_platform():
    code = "import runpy; print(runpy.run_path('deploy/gunicorn.py')['logconfig_dict']['loggers']['gunicorn.error'])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=PRODUCTION | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str({"level": "INFO", "handlers": ["out"], "propagate": False})


def test_a_page_is_served_while_others_wait_for_a_print():
    """Each process has more threads than prints it makes at once: none is wholly taken by those who wait."""
    code = "import runpy; told = runpy.run_path('deploy/gunicorn.py'); print(told['worker_class'], told['threads'])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=PRODUCTION | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    kind, threads = done.stdout.split()
    assert kind == "gthread" and int(threads) > workshop.TABLES._initial_value
    assert int(WEB[WEB.index("--threads") + 1]) > workshop.TABLES._initial_value


def blocks_of(page):
    return re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_each_command_of_the_page_finds_its_place_its_settings_and_the_command_it_names():
    """A block that is followed alone, on another day or another machine, says where it works and with which base."""
    page = (DEPLOY / "README.md").read_text()
    for block in blocks_of(page):
        if "$DATABASE_URL" in block:
            assert block.startswith("cd /srv/communaccord && . /etc/communaccord.env")
        if "pg_dump" in block:  # what is kept of people is read by root alone
            kept = re.findall(r"/var/backups/\S*", block)
            assert "install -d -m 700 /var/backups/communaccord" in block
            assert all(path.startswith("/var/backups/communaccord") for path in kept)
    [settings_told] = [block for block in blocks_of(page) if block.startswith("SECRET_KEY=")]
    assert "SEAL_KEY=" in settings_told  # without it, the commands of the chapter on the seal refuse
    known = get_commands()
    named = set(re.findall(r"manage\.sh ([a-z_]+)", page))
    assert {"migrate", "create_administrator", "check_seal"} <= named
    assert named - set(known) == set()
    for unit in DEPLOY.glob("*.service"):
        assert set(re.findall(r"manage\.py ([a-z_]+)", unit.read_text())) - set(known) == set()
