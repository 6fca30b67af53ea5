"""`make bench`: measures imports, pages, long lists, a large map and the print, on scratch databases."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from urllib.parse import urlencode

from tests.run import a_database, a_postgresql

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 100_000)
REPEATS = 15
PARTS = ("import", "pages", "postgresql", "print", "lists")
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
FRANCE = SHARED / "referentiel" / "communes_epci_2025.csv"
MONTPELLIER = "243400017"  # the EPCI of the associations that are read
PARTNERS_WITHIN = 10  # seconds, for its 2,452 associations


def manage(database: str, *arguments: str) -> float:
    """Run a command on a scratch database and return its wall seconds."""
    environment = os.environ | {"DEBUG": "1", "DATABASE_URL": database}
    start = time.perf_counter()
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure_import(database: str) -> None:
    if not FRANCE.is_file():
        print("import de toute la France : NON EXÉCUTÉ — données publiques réelles absentes (SHARED_DATA)")
        return
    first = manage(database, "import_places", "--communes", str(FRANCE))
    again = manage(database, "import_places", "--communes", str(FRANCE))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"import de toute la France : {first:.1f} s, puis {again:.1f} s sans changement ; pointe {peak} Mo")


def measure_partners(database: str) -> None:
    """Read the associations of a city into the directory of its EPCI, then the same file again."""
    data = SHARED / "associations" / "annuaire_associations_montpellier_2011.csv"
    if not (FRANCE.is_file() and data.is_file()):
        print("import de 2 452 associations : NON EXÉCUTÉ — données publiques réelles absentes (SHARED_DATA)")
        return
    first, again = (manage(database, "import_partners", str(data), "--epci", MONTPELLIER) for _ in range(2))
    verdict = "tenue" if max(first, again) < PARTNERS_WITHIN else "DÉPASSÉE"
    print(
        f"import de 2 452 associations : {first:.1f} s, puis {again:.1f} s sans changement ; "
        f"borne de {PARTNERS_WITHIN} s {verdict}"
    )


def measure_print(database: str) -> None:
    """Print 200 sheets in one piece and by parts, then 2,000: in a process of its own, whose memory is told."""
    subprocess.run([sys.executable, "-m", "tests.bench_print", database, "--many"], cwd=ROOT, check=True)


def measure_pages(database: str) -> None:
    """Time every page for each role, in a process of its own that fills the base."""
    subprocess.run([sys.executable, "-m", "tests.bench_pages", database, "--all"], cwd=ROOT, check=True)


def measure_pages_on_postgresql(folder: Path) -> None:
    """The same on a database of its own, of the server named by TEST_DATABASE_URL or of one made for the occasion."""
    try:
        with a_postgresql(folder) as url, a_database(url, "bench") as database:
            manage(database, "migrate")
            manage(database, "load_demo")
            measure_pages(database)
    except (ImportError, RuntimeError, OSError) as error:
        print(f"pages sur PostgreSQL : NON EXÉCUTÉ — le serveur n’a pas démarré : {error}")


def measure_lists(database: str) -> None:
    """Time the list of projects and a deep page, at two sizes: a list must not grow with its length."""
    os.environ |= {"DEBUG": "1", "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "cooperation.settings"}
    import django

    django.setup()
    from django.test import Client

    from partners.people.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(
        User.objects.get(email="dgs@ccvo.example"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    measure_territory(client)
    medians = {}
    for size in SIZES:
        deep = fill(size)
        medians[size] = median(client, "/projets/"), median(client, f"/projets/?{urlencode({'apres': deep})}")
        print(f"liste de {size} projets : page 1 {medians[size][0]:.0f} ms, page profonde {medians[size][1]:.0f} ms")
    growth = medians[SIZES[1]][0] / medians[SIZES[0]][0]
    print(f"croissance de la page 1, de {SIZES[0]} à {SIZES[1]} projets : × {growth:.1f}")


def measure_territory(client) -> None:
    """Time the map of as many communes as the largest EPCI has, with the outlines of the demo over and over."""
    from territories.models import Commune, Intercommunality, Outline, Population

    epci = Intercommunality.objects.get(siren="249600016")
    outlines = list(Outline.objects.values_list("geometry", flat=True))
    for number in range(158 - len(outlines)):
        commune = Commune.objects.create(
            intercommunality=epci, insee_code=f"97{number:03d}", name=f"Commune {number}", department_code="97"
        )
        Population.objects.create(commune=commune, year_in_force=2026, municipal=100 + number)
        Outline.objects.create(commune=commune, geometry=outlines[number % len(outlines)], vintage=2026)
    start = time.perf_counter()
    client.get("/territoire/")
    first = 1000 * (time.perf_counter() - start)
    print(f"carte de 158 communes : {first:.0f} ms à la première lecture, puis {median(client, '/territoire/'):.0f} ms")


def fill(size: int) -> str:
    """Complete the demo up to `size` projects; returns the key of a page in the middle."""
    from django.utils import timezone

    from projects.models import Project, Status
    from projects.portfolio.paging import key_of
    from territories.models import Intercommunality

    epci, now = Intercommunality.objects.get(siren="249600016"), timezone.now()
    missing = range(Project.objects.count(), size)
    rows = (
        Project(
            intercommunality=epci, reference=f"B{number}", title=f"Projet {number}", status=Status.ADOPTED,
            shared_objective="Mesurer.", submitted_at=now, search_text=f"projet {number}",
        )
        for number in missing
    )  # fmt: skip
    Project.objects.bulk_create(rows, batch_size=2_000)
    middle = Project.objects.order_by("-updated_at", "-pk")[size // 2]
    return key_of(middle)


def measure_similar() -> None:
    """Time the search of similar projects: half of the rows share the competence and the commune of the draft."""
    from partners.people.models import User
    from projects.models import Project
    from projects.proposals.similar import similar_to

    agent = User.objects.get(email="agent@ccvo.example")
    model = Project.objects.get(reference="P01")
    draft = Project(intercommunality=model.intercommunality, reference="B-draft", author=agent)
    draft.title, draft.need, draft.shared_objective = model.title, model.need, model.shared_objective
    draft.save()
    competence, commune = model.competences.first(), model.communes.first()
    draft.competences.add(competence)
    draft.communes.add(commune)
    keys = list(Project.objects.filter(reference__startswith="B").exclude(pk=draft.pk).values_list("pk", flat=True))[
        ::2
    ]
    for name, pk in (("competences", competence.pk), ("communes", commune.pk)):
        link = getattr(Project, name).through
        column = f"{name[:-1]}_id"
        rows = (link(project_id=key, **{column: pk}) for key in keys)
        link.objects.bulk_create(rows, batch_size=2_000, ignore_conflicts=True)
    Project.objects.filter(pk__in=keys[:20_000]).update(search_text=model.search_text)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = similar_to(draft, User.objects.get(pk=agent.pk))
        times.append(1000 * (time.perf_counter() - start))
    worst, middle = max(times), statistics.median(times)
    count = Project.objects.count()
    print(f"projets proches parmi {count} : {len(found)} trouvés, {middle:.0f} ms, au pire {worst:.0f} ms")


def median(client, address: str) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, help="ces mesures seulement")
    wanted = parser.parse_args().only
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        france, demo, pages = (f"sqlite:///{folder / name}.sqlite3" for name in ("france", "demo", "pages"))
        if "import" in wanted:
            manage(france, "migrate")
            measure_import(france)
            measure_partners(france)
        if wanted == ["import"]:
            return
        manage(demo, "migrate")
        manage(demo, "load_demo")
        shutil.copyfile(folder / "demo.sqlite3", folder / "pages.sqlite3")
        if "pages" in wanted:
            print("\n=== Les pages, sur SQLite ===", flush=True)
            measure_pages(pages)
        if "postgresql" in wanted:
            print("\n=== Les pages, sur PostgreSQL ===", flush=True)
            measure_pages_on_postgresql(folder / "postgresql")
        if "print" in wanted:
            measure_print(demo)
        if "lists" in wanted:
            measure_lists(demo)
            measure_similar()


if __name__ == "__main__":
    main()
