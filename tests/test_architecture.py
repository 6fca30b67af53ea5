"""The arrows between houses and rooms go one way only."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_imports_go_one_way_only():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_says_in_one_sentence_what_it_is_for():
    silent = [
        str(path.relative_to(settings.BASE_DIR))
        for house in ("cooperation", "territories", "partners", "projects", "tests")
        for path in (settings.BASE_DIR / house).rglob("*.py")
        if "migrations" not in path.parts
        and path.read_text().strip()
        and not path.read_text().lstrip().startswith(('"""', "# ruff"))
    ]
    assert silent == []
