"""The print measured against itself: parts apart and kept, against the same document in one piece, in one run."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from types import ModuleType
from typing import Any

SHEETS = 200
MANY = 2_000
GENEROUS = {"seconds": 7200, "cpu_seconds": 7200, "memory": 16 * 1024**3}


def make_document(count: int, need: str = "") -> Any:
    """Write a document of `count` sheets, those of the demo over and over; `need` changes one of them.

    The chapters grow with them: the calendar, the programme, the partners, the index that cites the pages of all.
    """
    from django.utils import timezone

    from projects.report.content import ObjectiveRow, gather
    from projects.report.documents import report_document
    from territories.models import Intercommunality

    report = gather(Intercommunality.objects.get(siren="249600016"), user=None, today=timezone.localdate())
    models = report.sheets
    sheets = [
        replace(model, key=f"s{n}", reference=f"P{n + 1:04d}", title=f"{model.title} {n}")
        for n, model in zip(range(count), cycle(models), strict=False)
    ]
    if need:
        sheets[3] = replace(sheets[3], need=need)
    copies: dict[str, list[Any]] = defaultdict(list)
    for sheet, model in zip(sheets, cycle(models), strict=False):
        copies[model.key].append(sheet)

    def spread(found: Iterable[Any]) -> list[Any]:
        return [copy for sheet in found for copy in copies[sheet.key]]

    each = -(-count // len(report.axes))
    axes = []
    for n, axis in enumerate(report.axes):
        own = sheets[n * each : (n + 1) * each]
        axes.append(replace(axis, sheets=own, objectives=[ObjectiveRow("Tous les projets", own)]))
    programme = replace(
        report.programme, rows=[(s, *told) for row, *told in report.programme.rows for s in spread([row])]
    )
    grown = replace(
        report,
        axes=axes,
        programme=programme,
        dated=[replace(row, sheet=sheet) for row in report.dated for sheet in copies[row.sheet.key]],
        partners=[replace(row, sheets=spread(row.sheets)) for row in report.partners],
        indexes=[replace(one, entries=[(name, spread(s)) for name, s in one.entries]) for one in report.indexes],
    )
    return report_document(grown)


def seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


def peak() -> int:
    """The most memory that this process held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Watch(threading.Thread):
    """Reads the largest memory that each hired hand had, while it lives."""

    @classmethod
    def in_room(cls, room: ModuleType) -> Watch:
        """Watch every hand that this room hires from now on."""
        room.hire = (watch := cls()).hire
        watch.start()
        return watch

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.hands: list[Any] = []
        self.largest = 0

    def hire(self, folder: Path, name: str) -> Any:
        from cooperation.printing.hiring import hire

        self.hands.append(hire(folder, name))
        return self.hands[-1]

    def run(self) -> None:
        while True:
            for hand in self.hands[-4:]:
                with suppress(OSError, StopIteration):
                    lines = Path(f"/proc/{hand.pid}/status").read_text().splitlines()
                    line = next(line for line in lines if line.startswith("VmHWM"))
                    self.largest = max(self.largest, int(line.split()[1]) // 1024)
            time.sleep(0.1)


def main(database: str, many: bool) -> None:
    os.environ |= {"DEBUG": "1", "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "cooperation.settings"}
    import django

    django.setup()
    from django.conf import settings

    from cooperation.printing import Limits, print_document, print_in_parts, process, workshop

    watch, watch_of_one = Watch.in_room(workshop), Watch.in_room(process)
    with tempfile.TemporaryDirectory(prefix="bench-prints-") as name:
        settings.PRINT_STORE = Path(name)
        generous = Limits(**GENEROUS)
        document = make_document(SHEETS)
        cold, printed = seconds(lambda: print_in_parts(document))
        again, _ = seconds(lambda: print_in_parts(document))
        changed = make_document(SHEETS, need="Un constat tout autre.")
        one, _ = seconds(lambda: print_in_parts(changed))
        longer = make_document(SHEETS, need="Un constat bien plus long. " * 300)
        moved, _ = seconds(lambda: print_in_parts(longer))
        parent = peak()
        piece, _ = seconds(lambda: print_document(document, limits=generous))
        print(f"impression de {SHEETS} fiches ({printed.pages} pages), en un seul morceau : {piece:.1f} s")
        print(f"  par parties, la première fois : {cold:.1f} s, soit {cold / piece:.2f} fois (au plus 0,55)")
        print(f"  un projet changé : {one:.2f} s, soit {one / piece:.3f} fois (au plus 0,08, et 2 s)")
        print(f"  un projet changé, toutes les pages décalées : {moved:.2f} s, soit {moved / piece:.3f} fois")
        print(f"  rien de changé : {again:.2f} s (au plus 0,3 s)")
        alone = watch_of_one.largest
        print(f"  mémoire : {watch.largest} Mo par main, {parent} Mo pour qui commande ; en un morceau, {alone} Mo")
        if many:
            document = make_document(MANY)
            long, printed = seconds(lambda: print_in_parts(document))
            growth = (long / MANY) / (cold / SHEETS)
            print(f"impression de {MANY} fiches ({printed.pages} pages), par parties : {long:.0f} s")
            print(f"  temps par fiche : {growth:.2f} fois celui de {SHEETS} (au plus 1,1)")
            ordering = peak()
            print(f"  mémoire : {watch.largest} Mo par main, {ordering} Mo pour qui commande (au plus 300)")


if __name__ == "__main__":
    main(sys.argv[1], "--many" in sys.argv)
