"""`make proof`: 200 real clients proclaim and vote at once, 50 rounds, on both databases, against a real gunicorn.

The server is the one of `deploy/`: its processes and their threads, with the settings of production, on the loopback.
The database is made for the occasion. Then a few rounds are played again by a server without its locks
(`tests.unlocked`), which must be seen to fail. Everything is bounded in number and in time, and stops by itself.
"""

from __future__ import annotations

import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.run import a_database, a_postgresql

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60
LONGEST = 3600  # seconds, for one database: whatever happens, the play ends


def serve(application: str, environment: dict[str, str]) -> tuple[subprocess.Popen, str]:
    """gunicorn as in production, on a free port of the loopback, in a group of processes of its own; its address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--config", "deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "gunicorn", application, *options]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    wait_for(port, process)
    return process, f"http://127.0.0.1:{port}"


@contextmanager
def a_server(application: str, environment: dict[str, str]) -> Iterator[str]:
    """The same, stopped at the end."""
    process, address = serve(application, environment)
    try:
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(port: int, process: subprocess.Popen) -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("Le serveur n’a pas démarré.")


def environments(database: str) -> tuple[dict[str, str], dict[str, str]]:
    """What the server is told (production), and what the one who prepares the rounds is told (the demo is loaded)."""
    told = os.environ | {"DATABASE_URL": database, "SECRET_KEY": secrets.token_hex(40), "SSL_REDIRECT": "0"}
    production = told | {"ALLOWED_HOSTS": "127.0.0.1", "SITE_URL": "https://127.0.0.1", "DEBUG": "0"}
    return production, told | {"DEBUG": "1"}


def prepare(production: dict[str, str], preparing: dict[str, str]) -> None:
    for environment, command in (
        (preparing, ["migrate", "--verbosity", "0"]),
        (preparing, ["load_demo", "--verbosity", "0"]),
        (preparing, ["build_fonts", "--verbosity", "0"]),
        (production, ["collectstatic", "--no-input", "--verbosity", "0"]),
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)


def played(name: str, address: str, rounds: int, clients: int, *, locked: bool) -> bool:
    """Play the rounds, print each and what all of them say; true when the promise held."""
    from tests.live_play import play

    results, start = [], time.monotonic()
    for result in play(address, rounds, clients):
        results.append(result)
        print(f"{name}, tour {len(results)} : {result}", flush=True)
        if time.monotonic() - start > LONGEST:
            print(f"{name} : temps épuisé après {len(results)} tours sur {rounds}")
            break
    sound = sum(result.is_sound for result in results)
    waits = statistics.quantiles([one for result in results for one in result.seconds], n=20)
    print(
        f"=== {name}, {'avec' if locked else 'SANS'} ses verrous : {sound} tours justes sur {len(results)}, de "
        f"{clients} clients ; {sum(result.decisions for result in results)} décisions, "
        f"{sum(result.positions for result in results)} votes, "
        f"{sum(result.answers['came second'] + result.answers['422'] for result in results)} refus motivés, "
        f"{sum(result.errors for result in results)} erreurs de serveur ; attente médiane {waits[9]:.2f} s, "
        f"95e centile {waits[18]:.2f} s ; {time.monotonic() - start:.0f} s en tout",
        flush=True,
    )
    return sound == rounds if locked else sound < len(results)


def one_database(name: str, database: str, rounds: int, clients: int) -> int:
    """In a process of its own, for Django reads its settings once: the full play, then the control."""
    production, preparing = environments(database)
    prepare(production, preparing)
    os.environ.update(preparing, DJANGO_SETTINGS_MODULE="cooperation.settings")
    import django

    django.setup()
    with a_server("cooperation.wsgi", production) as address:
        held = played(name, address, rounds, clients, locked=True)
    with a_server("tests.unlocked", production) as address:
        failed = played(name, address, min(rounds, 3), clients, locked=False)
    print(f"{name} : {'la promesse tient' if held else 'LA PROMESSE NE TIENT PAS'}, et le témoin sans verrou "
          f"{'échoue, comme il le doit' if failed else 'N’ÉCHOUE PAS'}.", flush=True)  # fmt: skip
    return 0 if held and failed else 1


def on_each_database(play: str, arguments: list[str], *, only: str | None) -> int:
    """Run a play of this folder on a base of its own of each database, in a process of its own; 0 when all held."""
    code = 0
    with tempfile.TemporaryDirectory(prefix=f"{play}-") as folder:

        def run(name: str, url: str) -> int:
            command = [sys.executable, "-m", f"tests.{play}", *arguments, f"--only={name}", f"--database={url}"]
            return subprocess.run(command, cwd=ROOT, check=False).returncode

        if only != "PostgreSQL":
            code |= run("SQLite", f"sqlite:///{folder}/play.sqlite3")
        if only != "SQLite":
            with a_postgresql(Path(folder) / "postgresql") as server, a_database(server, play) as url:
                code |= run("PostgreSQL", url)
    return code


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--database", help="la base d’un seul des deux jeux (interne)")
    options = parser.parse_args()
    if options.database:
        return one_database(options.only, options.database, options.rounds, options.clients)
    return on_each_database(
        "live_load", [f"--rounds={options.rounds}", f"--clients={options.clients}"], only=options.only
    )


if __name__ == "__main__":
    sys.exit(main())
