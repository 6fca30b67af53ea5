"""What `deploy/` says to whoever installs: every setting is on the page, and the files there start something."""

import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from cooperation.printing import workshop
from projects.management.commands.demo import WEB

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
