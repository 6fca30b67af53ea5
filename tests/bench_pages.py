"""Times every page that tells of many things, for one person of each role, at two sizes of the portfolio.

The pages are those of the page table (`tests/test_pages.py`): a new list is measured as soon as it has its line there.
Wall time says what a person waits; processor time says the same on a machine that does other things meanwhile.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
import warnings
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass

PEOPLE = {
    "agent": "agent@ccvo.example",
    "coordination": "dgs@ccvo.example",
    "élue": "presidente@ccvo.example",
    "relais": "relais@lespetitslierres.example",
}
REPEATS = 3
SLOW = 0.1  # seconds: what a page may take
NOT_PAGES = {"projects:export", "projects:scdl", "projects:print", "projects:notices_read"}  # files


@dataclass(frozen=True)
class Timing:
    wall: float
    processor: float
    queries: int


def addresses() -> Iterator[str]:
    """Every page without an object, then the pages of one object on which many projects hang, and filtered lists."""
    from django.urls import NoReverseMatch, reverse

    from tests.test_pages import PAGES

    for name, (method, *_) in PAGES.items():
        if method == "get" and name not in NOT_PAGES:
            try:
                yield reverse(name)
            except NoReverseMatch:
                continue
    yield from of_one_object()
    yield from filtered()


def of_one_object() -> Iterator[str]:
    from django.urls import reverse

    from partners.models import Partner
    from projects.models import Actor, Project, Session, StrategyNode
    from territories.models import Commune, Competence

    project = Project.objects.order_by("pk").get(reference="P01")
    yield project.get_absolute_url()
    yield reverse("projects:chronicle", args=[project.pk])
    yield reverse("projects:project_calendar", args=[project.pk])
    yield reverse("projects:commune", args=[Commune.objects.order_by("pk").first().insee_code])
    busiest = Actor.objects.filter(partner__isnull=False).order_by("pk").first().partner_id
    yield Partner.objects.get(pk=busiest).get_absolute_url()
    yield Competence.objects.filter(projects__isnull=False).order_by("pk").first().get_absolute_url()
    yield reverse("projects:session", args=[Session.objects.order_by("pk").first().pk])
    yield reverse("projects:strategy_node", args=[StrategyNode.objects.order_by("pk").first().pk])


def filtered() -> Iterator[str]:
    from django.urls import reverse

    from projects.models import Orientation, Project
    from projects.portfolio.paging import key_of
    from territories.models import Commune

    address, middle = reverse("projects:list"), Project.objects.order_by("-updated_at", "-pk")
    commune, orientation = Commune.objects.order_by("pk").first(), Orientation.objects.order_by("pk").first()
    told = (
        f"apres={key_of(middle[middle.count() // 2])}".replace("+", "%2B"), "q=mobilite", "q=introuvable",
        "etat=adopted", "etat=submitted", "origine=political", f"orientation={orientation.pk}",
        f"commune={commune.pk}", "sante=at_risk", "manque=relais", "manque=partage", "manque=financement",
        "manque=date", f"etat=adopted&commune={commune.pk}&orientation={orientation.pk}",
    )  # fmt: skip
    yield from (f"{address}?{one}" for one in told)


def measure(only: str = "") -> dict[tuple[str, str], Timing]:
    from django.db import connection
    from django.test import Client

    from partners.models import User

    found = {}
    pages = [address for address in addresses() if only in address]
    for role, email in PEOPLE.items():
        client = Client(HTTP_HOST="localhost")
        client.force_login(User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend")
        for address in pages:
            asked = []
            with connection.execute_wrapper(lambda run, *args, asked=asked: (asked.append(1), run(*args))[1]):
                if client.get(address).status_code != 200:
                    continue
            times = [timed(client, address) for _ in range(REPEATS)]
            wall, processor = (statistics.median(one) for one in zip(*times, strict=True))
            found[role, address] = Timing(wall, processor, len(asked))
    return found


def timed(client, address: str) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    client.get(address)
    return time.perf_counter() - wall, time.process_time() - processor


def tell(before: dict, after: dict, sizes: list[int], *, everything: bool) -> None:
    rows = sorted(after, key=lambda page: -after[page].processor)
    slow = [page for page in rows if after[page].wall > SLOW]
    kept = {page: (before[page], after[page]) for page in rows if page in before}
    print(f"{len(rows)} pages ; au-dessus de {1000 * SLOW:.0f} ms à {sizes[1]} projets : {len(slow)}")
    print(f"{'page':<70} {'personne':<13} {sizes[0]:>8} {sizes[1]:>8}  croiss.  proc. ms  requêtes")
    for (role, address), (small, large) in kept.items():
        if everything or (role, address) in slow or large.processor > SLOW / 2:
            print(
                f"{address[:70]:<70} {role:<13} {1000 * small.wall:>8.0f} {1000 * large.wall:>8.0f}  "
                f"× {large.processor / small.processor:<5.1f} {1000 * large.processor:>8.0f}  "
                f"{large.queries}{'' if large.queries == small.queries else f' (au lieu de {small.queries})'}"
            )
    medians = [1000 * statistics.median(one[index].wall for one in kept.values()) for index in (0, 1)]
    print(f"page médiane : {medians[0]:.0f} ms, puis {medians[1]:.0f} ms")


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("database", help="une base où la démonstration est chargée, qui sera remplie")
    parser.add_argument("--sizes", type=int, nargs=2, default=[1_000, 100_000])
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
    from tests.bench_fill import fill

    results = []
    for size in options.sizes:
        start = time.perf_counter()
        fill(size)
        print(f"{size} projets : remplis en {time.perf_counter() - start:.0f} s", flush=True)
        results.append(measure(options.only))
    tell(*results, options.sizes, everything=options.all)


if __name__ == "__main__":
    sys.exit(main())
