"""Times every page of the platform, for one person of each role, at two sizes of the portfolio.

The pages are found as a person finds them, by following links; those of the page table (`tests/test_pages.py`) that no
link led to are named at the end. Processor time is what is judged: it says the same on a machine that does other things
meanwhile. On PostgreSQL it adds that of the server, which answers in a process of its own.
"""

from __future__ import annotations

import logging
import os
import re
import resource
import statistics
import sys
import time
import warnings
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PEOPLE = {
    "agent": "agent@ccvo.example",
    "coord.": "dgs@ccvo.example",
    "présid.": "presidente@ccvo.example",
    "maire": "maire@laferrandiere.example",
    "relais": "relais@lespetitslierres.example",
    "conseil.": "conseillere@champ-rosay.example",
}
REPEATS = 3
OF_A_KIND = 2  # pages of one kind whose links are followed
MEGABYTE = 1024 * 1024
SLOW = 100  # milliseconds: what a page may take
LINK = re.compile(r'href="(/[^"#]*)')


@dataclass(frozen=True)
class Timing:
    """What one page costs, in milliseconds, in queries and in bytes."""

    wall: float
    processor: float
    queries: int
    size: int


Found = dict[tuple[str, str], Timing]  # by person and address


# Which pages


def pages_of(client: Any) -> Iterator[str]:
    """Every kind of page that links lead to from the home page, with the first address that was met."""
    from django.urls import Resolver404, resolve

    met, kinds = {"/"}, Counter()
    ahead = ["/"]
    while ahead:
        address = ahead.pop(0)
        try:
            name = resolve(address).view_name
        except Resolver404:
            continue
        if kinds[name] == OF_A_KIND or not is_ours(name):
            continue
        answer = client.get(address)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        kinds[name] += 1
        if kinds[name] == 1:
            yield address
        links = {urlsplit(link).path for link in LINK.findall(answer.content.decode())}
        ahead += sorted(links - met, key=lambda link: (len(link), link))
        met |= links


def is_ours(name: str) -> bool:
    from tests.test_pages import PAGES

    return name in PAGES


def of_many_projects() -> Iterator[str]:
    """Pages of one thing on which many projects hang, and filtered lists."""
    from django.urls import reverse

    from partners.models import Partner
    from projects.models import Actor, Orientation, Project
    from projects.portfolio.paging import key_of
    from territories.models import Commune, Competence

    commune, orientation = Commune.objects.order_by("pk").first(), Orientation.objects.order_by("pk").first()
    yield reverse("projects:commune", args=[commune.insee_code])
    busiest = Actor.objects.filter(partner__isnull=False).order_by("pk").first().partner_id
    yield Partner.objects.get(pk=busiest).get_absolute_url()
    yield Competence.objects.filter(projects__isnull=False).order_by("pk").first().get_absolute_url()
    projects = Project.objects.order_by("-updated_at", "-pk")
    key = key_of(projects[projects.count() // 2]).replace("+", "%2B")
    told = {
        "list": (
            f"apres={key}", "q=mobilite", "q=introuvable", "etat=adopted", "etat=submitted", "origine=political",
            f"orientation={orientation.pk}", f"commune={commune.pk}", "sante=at_risk", "manque=relais",
            "manque=partage", "manque=financement", "manque=date",
            f"etat=adopted&commune={commune.pk}&orientation={orientation.pk}",
        ),
        "calendar": ("q=mobilite", f"orientation={orientation.pk}"),
        "calendar_stages": ("mois=retard", f"orientation={orientation.pk}"),
        "calendar_places": (f"orientation={orientation.pk}",),
        "remaining": ("quoi=moi", "quoi=retard"),
        "territory": ("chiffre=projets", "chiffre=partenaires"),
        "investment_programme": ("",),
    }  # fmt: skip
    yield from (
        f"{reverse(f'projects:{name}')}?{query}".rstrip("?") for name, queries in told.items() for query in queries
    )


# How long


def clocks() -> Callable[[], float]:
    """The processor time of this process, with that of the server that answers this connection where it runs here."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time
    with connection.cursor() as cursor:
        # One process answers: a query shared between several would hide what they cost.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        server = (~cursor.fetchone()[0] << 3) | 2  # how Linux names the clock of another process
    try:
        time.clock_gettime(server)
    except OSError:
        print("Le serveur PostgreSQL est sur une autre machine : son temps de processeur n’est pas compté.")
        return time.process_time
    return lambda: time.process_time() + time.clock_gettime(server)


def timed(client: Any, address: str, processor: Callable[[], float]) -> tuple[float, float]:
    start, spent = time.perf_counter(), processor()
    client.get(address)
    return 1000 * (time.perf_counter() - start), 1000 * (processor() - spent)


def people() -> Iterator[tuple[str, Any]]:
    from django.test import Client

    from partners.models import User

    for role, email in PEOPLE.items():
        # A paper that takes too long to print beside other work fails its page, and not the whole measure.
        client = Client(HTTP_HOST="localhost", raise_request_exception=False)
        client.force_login(User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend")
        yield role, client


def measure(pages: dict[str, list[str]]) -> Found:
    """Time each page for each person; a page that became a refusal is told, not timed."""
    from django.db import connection

    found, processor = {}, clocks()
    for role, client in people():
        for address in pages[role]:
            asked = []
            with connection.execute_wrapper(lambda run, *args, asked=asked: (asked.append(1), run(*args))[1]):
                answer = client.get(address)
            if answer.status_code != 200:
                continue
            times = [timed(client, address, processor)]
            if times[0][1] > SLOW / 2:  # what is quick is not measured again: the whole would last too long
                times += [timed(client, address, processor) for _ in range(REPEATS - 1)]
            wall, spent = (statistics.median(one) for one in zip(*times, strict=True))
            found[role, address] = Timing(wall, spent, len(asked), len(answer.content))
    return found


# What is told


def tell(before: Found, after: Found, sizes: list[int], *, everything: bool) -> None:
    """A line for each page and a column for each person: milliseconds of processor at the larger size."""
    lines: dict[str, dict[str, Timing]] = defaultdict(dict)
    for (role, address), timing in after.items():
        lines[address][role] = timing
    slow = [one for one in after.values() if one.processor > SLOW]
    print(f"{len(after)} pages × personnes, {len(lines)} adresses ; au-dessus de {SLOW} ms : {len(slow)}")
    print(
        f"{'ms de processeur, à ' + str(sizes[-1]) + ' projets':<62}" + "".join(f"{one:>9}" for one in PEOPLE), end=""
    )
    print("   attente  croissance  requêtes   Ko")
    worst = {address: max(one.processor for one in row.values()) for address, row in lines.items()}
    for address, row in sorted(lines.items(), key=lambda line: -worst[line[0]]):
        if everything or worst[address] > SLOW / 2:
            cells = "".join(f"{row[one].processor:>9.0f}" if one in row else f"{'—':>9}" for one in PEOPLE)
            pairs = [(before[one, address], row[one]) for one in row if (one, address) in before]
            growth = max((large.processor / small.processor for small, large in pairs), default=1)
            grown = any(large.queries > small.queries for small, large in pairs)
            largest = max(row.values(), key=lambda one: one.processor)
            size = max(one.size for one in row.values()) / 1024
            queries = f"{largest.queries}{' !' if grown else ''}"
            print(f"{address[:61]:<62}{cells}{largest.wall:>10.0f}{growth:>10.1f} ×{queries:>9}{size:>6.0f}")
    medians = [statistics.median(one.processor for one in found.values()) for found in (before, after)]
    print(f"page médiane : {medians[0]:.0f} ms à {sizes[0]} projets, {medians[1]:.0f} ms à {sizes[-1]}")


def tell_files(size: int) -> None:
    """What leaves without a bound: how long it takes, and how much memory while it leaves."""
    from django.urls import reverse

    told, (_, client) = [], next(one for one in people() if one[0] == "coord.")
    for kind in ("csv", "json"):
        memory, spent, length = peak(), time.process_time(), 0
        for part in client.get(reverse("projects:export", args=[kind])).streaming_content:
            length += len(part)
        told.append(
            f"{kind} {time.process_time() - spent:.0f} s, {length / MEGABYTE:.1f} Mo, "
            f"{peak() - memory} Mo de mémoire en plus"
        )
    print(f"fichiers de {size} projets : {' ; '.join(told)}", flush=True)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def tell_left_out(pages: dict[str, list[str]]) -> None:
    from django.urls import resolve

    from tests.test_pages import PAGES

    met = {resolve(urlsplit(address).path).view_name for addresses in pages.values() for address in addresses}
    left = sorted(name for name, (method, *_) in PAGES.items() if method == "get" and name not in met)
    print(f"{len(met)} sortes de pages ; sans lien pour ces personnes, ou des fichiers : {', '.join(left)}")


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("database", help="une base où la démonstration est chargée, qui sera remplie")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000], help="une base gardée n’en a qu’une")
    parser.add_argument("--all", action="store_true", help="toutes les pages, pas seulement les plus lentes")
    parser.add_argument("--only", default="", help="les seules adresses qui contiennent ces signes")
    options = parser.parse_args()
    os.environ |= {
        "DEBUG": "1",
        "DATABASE_URL": options.database,
        "DJANGO_SETTINGS_MODULE": "cooperation.settings",
    }
    import django

    django.setup()
    logging.disable()  # a refusal is no news here
    warnings.simplefilter("ignore")
    from django.conf import settings

    from tests.bench_fill import fill

    settings.DEBUG = False  # it keeps the text of every query
    results, pages = [], {}
    for size in options.sizes:
        start = time.perf_counter()
        fill(size)
        print(f"{size} projets : remplis en {time.perf_counter() - start:.0f} s", flush=True)
        if not pages:
            lists = list(of_many_projects())
            walked = {role: [*pages_of(client), *lists] for role, client in people()}
            pages = {role: [one for one in dict.fromkeys(walked[role]) if options.only in one] for role in walked}
        results.append(measure(pages))
        tell_files(size)
    tell(results[0], results[-1], options.sizes, everything=options.all)
    tell_left_out(pages)


if __name__ == "__main__":
    sys.exit(main())
