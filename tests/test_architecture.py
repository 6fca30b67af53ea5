"""The arrows between houses and rooms go one way only."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
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


def test_the_modules_that_print_follow_each_other_even_for_their_types():
    """What is imported only to be checked counts too: a circle of types is a circle."""
    room = settings.BASE_DIR / "projects" / "report"
    names = {path.stem for path in room.glob("*.py")}
    known = {name: imports_of(room / f"{name}.py", "projects.report") & names for name in names}
    assert known["services"] >= {"choices", "content"}
    TopologicalSorter(known).prepare()  # raises CycleError


def imports_of(path, room):
    """The modules of a room that a file imports, at its top or anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == room:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{room}."):
            found.add(node.module.removeprefix(f"{room}."))
    return found


def test_what_is_heavy_is_loaded_by_those_who_need_it_only():
    """A page is served without the libraries that print, fold, or write workbooks and texts."""
    code = "import sys, django; django.setup(); import cooperation.urls; print([m for m in {!r} if m in sys.modules])"
    heavy = ("weasyprint", "pikepdf", "openpyxl", "odfdo")
    done = subprocess.run(
        [sys.executable, "-c", code.format(heavy)], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_day_of_a_moment_is_the_one_of_the_people_here():
    """A moment is kept in UTC, where it is still yesterday when it strikes half past midnight in France."""
    of_london = re.compile(r"\b(?:\w+_at|now|moment|since)(?:\.date\(\)|\.strftime\(|:%)")
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {line.strip()}"
        for house in ("cooperation", "territories", "partners", "projects")
        for path in (settings.BASE_DIR / house).rglob("*.py")
        if "migrations" not in path.parts
        for line in path.read_text().splitlines()
        if of_london.search(line)
    ]
    assert found == [], "Take the day with timezone.localdate(), or timezone.localtime() before writing it."
