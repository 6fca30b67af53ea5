"""`manage.py demo`: make the demo ready, then run the web process and the worker together until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from projects.demo import accounts

HOST = "127.0.0.1"
WEB = ("gunicorn", "cooperation.wsgi", "--workers", "2", "--threads", "4", "--no-control-socket", "--log-level=warning")
SHOWN = ("--env", "DJANGO_SETTINGS_MODULE=projects.demo.settings")  # errors as an installation shows them
WORKER = ("manage.py", "db_worker", "--queue-name", "*", "--no-reload", "--no-startup-delay")

POST = ("manage.py", "send_notices", "--watch")
LAST_PORT = 65_535
PATIENCE = 20  # seconds given to a process to end
BEAT = 0.3  # seconds between two looks at the processes


class Command(BaseCommand):
    help = "Prépare la démonstration et lance la plateforme (page web et travaux de fond)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default="8000", help="le port de la page web (8000)")
        parser.add_argument("--prepare-only", action="store_true", help="prépare sans lancer")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "La démonstration ouvre des comptes au mot de passe public : elle est refusée si DEBUG est désactivé."
            )
        port = number_of(options["port"])
        if not options["prepare_only"]:
            refuse_a_busy_port(port)
        call_command("migrate", verbosity=0)
        call_command("build_fonts", verbosity=0)
        call_command("load_demo", verbosity=0)
        if not options["prepare_only"]:
            self.announce(port)
            run_together(port)

    def announce(self, port: int) -> None:
        """Print the address and one account per role."""
        self.stdout.write(self.style.SUCCESS(f"\nCommun’accord est prêt : http://{HOST}:{port}/"))
        self.stdout.write("Comptes de démonstration (Ctrl-C pour arrêter) :")
        for account in accounts():
            self.stdout.write(f"  {account.email:<34} {account.password:<22} {account.role} : {account.shows}")
        self.stdout.write("")
        self.stdout.flush()


def number_of(port: str | int) -> int:
    if not str(port).isascii() or not str(port).isdigit() or not 1 <= int(port) <= LAST_PORT:
        raise CommandError(f"Le port {port} n’existe pas. Choisissez-en un de 1 à {LAST_PORT} : PORT=8000 make demo.")
    return int(port)


def refuse_a_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise CommandError(f"Le port {port} est réservé au système : PORT=8000 make demo.") from error
        except OSError as error:
            other = f"choisissez-en un autre, PORT={port % LAST_PORT + 1} make demo."
            raise CommandError(f"Le port {port} est déjà pris : {other}") from error


def run_together(port: int) -> None:
    """Run the web server and the worker until Ctrl-C."""
    commands = {
        "Le serveur web": [sys.executable, "-m", *WEB, *SHOWN, "--bind", f"{HOST}:{port}"],
        "L’ouvrier des impressions": [sys.executable, *WORKER],
        "Le courrier": [sys.executable, *POST],
    }
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    told = {"SITE_URL": f"http://{HOST}:{port}"} | os.environ  # where the links of the mails and of the diaries lead
    watch({name: subprocess.Popen(command, cwd=settings.BASE_DIR, env=told) for name, command in commands.items()})


def stop(process: subprocess.Popen) -> None:
    """Wait for a process that was asked to end; one that does not hear is killed."""
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def watch(processes: dict[str, subprocess.Popen]) -> None:
    """Wait for Ctrl-C; when one ends by itself, end the others and say which, for nobody asked it to stop."""
    ended = None
    try:
        while ended is None:
            time.sleep(BEAT)
            ended = next((name for name, process in processes.items() if process.poll() is not None), None)
    except KeyboardInterrupt:
        pass
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            stop(process)
    if ended is not None:
        raise CommandError(
            f"{ended} s’est arrêté tout seul : la démonstration est arrêtée. Le motif est écrit ci-dessus."
        )
