"""`make proof`: twenty people read while three print what exhausts a print, and the worker prints everything.

The promise of a shared machine: whoever prints keeps nobody else waiting. The server and the worker are those of
`deploy/`, on the demo territory and on the loopback. The same people read first while nobody prints, so that one
figure stands beside the other. Everything is bounded in time, and stops by itself.
"""

from __future__ import annotations

import http.client
import os
import signal
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event
from urllib.parse import urlsplit

from tests.live_load import ROOT, a_server, environments, on_each_database, prepare

READERS = 20
PAUSE = 3.0  # seconds between two pages of one reader, on average
PEOPLE = ("agent", "dgs", "presidente", "vp")
PAGES = ("/", "/projets/", "/projet-de-territoire/", "/calendrier/", "/seances/", "/territoire/", "/projets/?q=velo")
SLOWEST = 0.5  # seconds: what nineteen pages in twenty keep under
LONGEST_PRINT = 20  # seconds of a sheet, once it has its table
LARGEST = 1024  # MiB of a process that prints
AT_ONCE = 32  # what a letter or a digit becomes in a text that has no place to break


@dataclass
class Heard:
    """What one person was answered: the status of each answer, how long each took, and where prints led."""

    seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Heard) -> Heard:
        return Heard(self.seconds + other.seconds, self.answers + other.answers)


@dataclass(frozen=True)
class Person:
    """One client with its cookie, who asks for one page after another until told to stop."""

    address: str
    headers: dict[str, str]
    pages: tuple[str, ...]
    pause: float
    chance: Random

    def act(self, over: Event) -> Heard:
        heard = Heard()
        while not over.wait(self.pause * self.chance.uniform(0.5, 1.5)):
            self.read(self.chance.choice(self.pages), heard)
        return heard

    def read(self, page: str, heard: Heard) -> None:
        self.ask("GET", page, heard)

    def ask(self, method: str, page: str, heard: Heard) -> str:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=120)
        sent = time.perf_counter()
        try:
            connection.request(method, page, headers=self.headers)
            answer = connection.getresponse()
            answer.read()
            heard.seconds.append(time.perf_counter() - sent)
            kind = answer.getheader("Content-Type", "").partition(";")[0]
            heard.answers[f"{answer.status} {kind}"] += 1
            return kind
        finally:
            connection.close()


class Printer(Person):
    """One who asks for a paper, and has the worker prepare it where it is said to be long."""

    def read(self, page: str, heard: Heard) -> None:
        if self.ask("GET", page, heard) != "application/pdf":
            self.ask("POST", page, heard)


def signed_in(email: str) -> dict[str, str]:
    """What a browser sends for somebody who has signed in."""
    from tests.live_play import Post, cookie_of

    return Post("", cookie_of(email), "", {}).headers


def exhausting_projects() -> list[int]:
    """Projects whose texts are what the real forms let through at worst: endless, without a place to break, many."""
    from projects.models import Project

    endless = "Le texte sans fin d’un projet que personne ne relira. " * 40_000
    unbroken = ("W" * AT_ONCE + "\u2060") * 20_000
    bracketed = "« " * 20_000 + "(" * 20_000
    chosen = list(Project.objects.order_by("pk")[:3])
    for project, text in zip(chosen, (endless, unbroken, bracketed), strict=True):
        project.need = project.resources = text
        project.save()
    return [project.pk for project in chosen]


def act_together(people: list[Person], seconds: float) -> list[Heard]:
    over = Event()
    with ThreadPoolExecutor(len(people)) as pool:
        acting = [pool.submit(person.act, over) for person in people]
        time.sleep(seconds)
        over.set()
        return [one.result() for one in acting]


def largest_print(over: Event) -> int:
    """The most memory that a process that prints held, in MiB."""
    most = 0
    while not over.wait(0.5):
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if b"cooperation.printing.child" not in (process / "cmdline").read_bytes():
                    continue
                status = (process / "status").read_text()
            except OSError:  # it ended meanwhile
                continue
            most = max(most, *(int(line.split()[1]) // 1024 for line in status.splitlines() if "VmHWM" in line), 0)
    return most


def said(name: str, heard: Heard) -> float:
    """Say how long the answers took; returns the 95th percentile, in seconds."""
    waits = statistics.quantiles(heard.seconds, n=20)
    print(
        f"{name} : {len(heard.seconds)} réponses ({dict(heard.answers)}), médiane {1000 * waits[9]:.0f} ms, "
        f"95e centile {1000 * waits[18]:.0f} ms, au plus {max(heard.seconds):.1f} s",
        flush=True,
    )
    return waits[18]


def ask_for_the_whole() -> None:
    """Ask for the whole territory project, as a coordinator does; the worker prints it."""
    from partners.people.models import User
    from projects.prints.services import request_print
    from projects.report.papers import TerritoryReport
    from projects.report.services import remembered_choices
    from territories.models import Intercommunality

    epci = Intercommunality.objects.get()
    request_print(by=User.objects.get(email="dgs@ccvo.example"), paper=TerritoryReport(epci, remembered_choices(epci)))


def one_database(name: str, database: str, seconds: float) -> int:
    """In a process of its own, for Django reads its settings once."""
    production, preparing = environments(database)
    prepare(production, preparing)
    os.environ.update(preparing, DJANGO_SETTINGS_MODULE="cooperation.settings")
    import django

    django.setup()
    people = [signed_in(f"{person}@ccvo.example") for person in PEOPLE]
    chance = Random(20)
    with a_server("cooperation.wsgi", production) as address:
        readers = [
            Person(address, people[rank % len(people)], PAGES, PAUSE, Random(chance.random()))
            for rank in range(READERS)
        ]
        act_together(readers, PAUSE * 4)  # each process has opened what it opens once
        said(f"{name}, {READERS} lecteurs seuls", sum(act_together(readers, seconds), Heard()))
        sheets = tuple(f"/projets/{pk}/fichier/pdf/" for pk in exhausting_projects())
        printers = [Printer(address, people[1], (sheet,), 1.0, Random(chance.random())) for sheet in sheets]
        ask_for_the_whole()
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "db_worker", "--queue-name", "*", "--no-reload"],
            cwd=ROOT, env=production, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        over = Event()
        try:
            with ThreadPoolExecutor(1) as watching:
                memory = watching.submit(largest_print, over)
                heard = act_together(readers + printers, seconds)
                over.set()
        finally:
            over.set()
            os.killpg(worker.pid, signal.SIGKILL)  # asked nicely, it would end its print first
            worker.wait()
    slowest = said(f"{name}, les mêmes pendant les impressions", sum(heard[:READERS], Heard()))
    printed = sum(heard[READERS:], Heard())
    said(f"{name}, ceux qui impriment", printed)
    broken = sum(number for one in heard for answer, number in one.answers.items() if answer.startswith("5"))
    holds = slowest <= SLOWEST and max(printed.seconds) <= LONGEST_PRINT + 2 and memory.result() <= LARGEST
    print(
        f"{name} : mémoire d’une impression {memory.result()} Mio au plus, {broken} erreurs de serveur ; "
        f"{'la promesse tient' if holds and not broken else 'LA PROMESSE NE TIENT PAS'} "
        f"(95e centile {1000 * SLOWEST:.0f} ms, fiche {LONGEST_PRINT} s, {LARGEST} Mio)",
        flush=True,
    )
    return 0 if holds and not broken else 1


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--database", help="la base d’un seul des deux jeux (interne)")
    options = parser.parse_args()
    if options.database:
        return one_database(options.only, options.database, options.seconds)
    return on_each_database("crowd", [f"--seconds={options.seconds}"], only=options.only)


if __name__ == "__main__":
    sys.exit(main())
