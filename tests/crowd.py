"""`make proof`: twenty people read while three write and print the worst that forms let through, and the worker prints.

The promise of a shared machine: whoever prints keeps nobody else waiting. The server and the worker are those of
`deploy/`, on the demo territory and on the loopback. The texts are the costliest to lay out that were found within the
bounds of `cooperation/texts.py`; they are sent to the form like any other, another one before each print, so that none
is taken from what is kept. With `--outsized` they are those of before the bounds, put in the database behind the forms.
The same people read first while nobody prints, so that one figure stands beside the other: alone, they wait for their
own pages, and nothing can make them wait less. Everything is bounded in time, and stops by itself.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from random import Random
from threading import Event
from urllib.parse import urlencode, urlsplit

from cooperation.texts import TEXT, most_lines
from tests.live_load import ROOT, a_server, environments, on_each_database, prepare

READERS = 20
PAUSE = 3.0  # seconds between two pages of one reader, on average
PEOPLE = ("agent", "dgs", "presidente", "vp")
PAGES = ("/", "/projets/", "/projet-de-territoire/", "/calendrier/", "/seances/", "/territoire/", "/projets/?q=velo")
SLOWEST = 0.5  # seconds: what nineteen pages in twenty keep under
LONGEST_PRINT = 20  # seconds of a sheet, once it has its table
LARGEST = 1024  # MiB of a process that prints
AT_ONCE = 32  # letters between two signs that forbid a break


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

    def ask(self, method: str, page: str, heard: Heard, body: str | None = None) -> tuple[str, bytes]:
        """Note how long an answer took; returns what kind it is, and what it says."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=120)
        sent = time.perf_counter()
        try:
            connection.request(method, page, body, self.headers)
            answer = connection.getresponse()
            content = answer.read()
            heard.seconds.append(time.perf_counter() - sent)
            kind = answer.getheader("Content-Type", "").partition(";")[0]
            heard.answers[f"{answer.status} {kind}"] += 1
            return kind, content
        finally:
            connection.close()


class Printer(Person):
    """One who asks for a paper, and has the worker prepare it where it is said to be long."""

    def read(self, page: str, heard: Heard) -> None:
        if self.ask("GET", page, heard)[0] != "application/pdf":
            self.ask("POST", page, heard)


@dataclass(frozen=True)
class Writer(Printer):
    """An author who saves the text of a draft before printing its sheet; no two saves say the same."""

    step: str  # the address of the form
    text: str
    versions: Iterator[int]  # what the form says it was written on, one more at each save

    def read(self, page: str, heard: Heard) -> None:
        version = next(self.versions)
        text = f"{version}{self.text}"[:TEXT]
        typed = {"version": version, "title": f"Brouillon {version}", "need": text, "shared_objective": text[::-1]}
        saving = replace(self, headers=self.headers | {"X-Autosave": "1"})
        said = json.loads(saving.ask("POST", self.step, heard, urlencode(typed))[1])
        assert not said["errors"], said["errors"]  # a text that the form refuses proves nothing
        super().read(page, heard)


def signed_in(email: str) -> dict[str, str]:
    """What a browser sends for somebody who has signed in."""
    from tests.live_play import Post, cookie_of

    return Post("", cookie_of(email), "", {}).headers


def worst_texts(signs: int, lines: int) -> tuple[str, ...]:
    """The costliest to lay out, of so many signs and lines: many lines, no place to break, each letter a new one."""
    short = "x" * (signs // lines - 1) + "\n"
    unbroken = "a\N{NO-BREAK SPACE}" * (signs // 2)
    strange = "".join(chr(0x4E00 + n % 20_000) for n in range(signs))
    return short * lines, unbroken, strange


def writers(cookies: dict[str, str], chance: Random) -> list[Person]:
    """Three authors, each with a draft of their own and a text that exhausts."""
    from partners.people.models import User
    from projects.proposals.services import open_draft
    from territories.models import Intercommunality

    epci, author = Intercommunality.objects.get(), User.objects.get(email="agent@ccvo.example")
    found: list[Person] = []
    for text in worst_texts(TEXT, most_lines(TEXT) - 1):
        draft = open_draft(by=author, intercommunality=epci)
        pages, seed = (f"/projets/{draft.pk}/fichier/pdf/",), Random(chance.random())
        step = f"/projets/{draft.pk}/proposer/besoin/"
        found.append(Writer("", cookies, pages, 1.0, seed, step=step, text=text, versions=count(draft.version)))
    return found


def outsized_printers(cookies: dict[str, str], chance: Random) -> list[Person]:
    """Three who print texts stored before there were bounds: endless, without a place to break, many signs in pairs."""
    from projects.models import Project

    endless = "Le texte sans fin d’un projet que personne ne relira. " * 40_000
    unbroken = ("W" * AT_ONCE + "\u2060") * 20_000
    bracketed = "« " * 20_000 + "(" * 20_000
    chosen = list(Project.objects.order_by("pk")[:3])
    for project, text in zip(chosen, (endless, unbroken, bracketed), strict=True):
        project.need = project.resources = text
        project.save()
    return [
        Printer("", cookies, (f"/projets/{project.pk}/fichier/pdf/",), 1.0, Random(chance.random()))
        for project in chosen
    ]


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


def ask_for_everything() -> None:
    """Ask for the whole territory project on each paper, as a coordinator does; nothing of it is kept yet."""
    from django.conf import settings

    from partners.people.models import User
    from projects.prints.services import request_print
    from projects.report.choices import Choices, Format
    from projects.report.papers import TerritoryReport
    from territories.models import Intercommunality

    shutil.rmtree(settings.PRINT_STORE, ignore_errors=True)
    epci, coordinator = Intercommunality.objects.get(), User.objects.get(email="dgs@ccvo.example")
    for paper in (Format.A4, Format.A5):
        request_print(by=coordinator, paper=TerritoryReport(epci, Choices(format=paper.value)))


def courtesy_of_the_worker() -> int:
    """How much the service of the worker gives way, as `deploy/` starts it."""
    told = re.search(r"^Nice=(\d+)$", (ROOT / "deploy/communaccord-worker.service").read_text(), re.MULTILINE)
    return int(told[1]) if told else 0


def one_database(name: str, database: str, seconds: float, *, outsized: bool) -> int:
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
        found = outsized_printers(people[1], chance) if outsized else writers(people[0], chance)
        printers = [replace(one, address=address) for one in found]
        ask_for_everything()
        courteous = ["nice", "-n", str(courtesy_of_the_worker())]
        worker = subprocess.Popen(
            [*courteous, sys.executable, "manage.py", "db_worker", "--queue-name", "*", "--no-reload"],
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
    parser.add_argument("--outsized", action="store_true", help="les textes d’avant les bornes")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--database", help="la base d’un seul des deux jeux (interne)")
    options = parser.parse_args()
    if options.database:
        return one_database(options.only, options.database, options.seconds, outsized=options.outsized)
    arguments = [f"--seconds={options.seconds}", *(["--outsized"] if options.outsized else [])]
    return on_each_database("crowd", arguments, only=options.only)


if __name__ == "__main__":
    sys.exit(main())
