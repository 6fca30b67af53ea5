"""Working days in France: the public holidays of a year, and dates counted with them (Code du travail, L. 3133-1).

A working day here is a « jour ouvré » : Monday to Friday, public holidays taken out. The days special to the overseas
départements (art. L. 3422-2) are not known to this module. Every function is pure: dates are given, never taken.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

ALSACE_MOSELLE = frozenset({"57", "67", "68"})
SATURDAY = 5
ONE_DAY = timedelta(days=1)


def easter_sunday(year: int) -> date:
    """The Sunday of Easter in the Gregorian calendar (the anonymous algorithm, as Meeus gives it)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int, department: str = "") -> Mapping[date, str]:
    """The public holidays of a year and their French names, in the order of the year.

    Eleven days for the whole country (Code du travail, art. L. 3133-1); two more in Moselle, Bas-Rhin and Haut-Rhin
    (art. L. 3134-13), told by the number of the département. The law keeps Good Friday to the communes that have a
    Protestant temple or a mixed church; it is counted here for the whole département, which is how offices close.
    The Monday of Pentecost stays a public holiday, even where it is the « journée de solidarité ».
    """
    easter = easter_sunday(year)
    days = {
        date(year, 1, 1): "jour de l’An",
        easter + timedelta(days=1): "lundi de Pâques",
        date(year, 5, 1): "fête du Travail",
        date(year, 5, 8): "victoire de 1945",
        easter + timedelta(days=50): "lundi de Pentecôte",
        date(year, 7, 14): "fête nationale",
        date(year, 8, 15): "Assomption",
        date(year, 11, 1): "Toussaint",
        date(year, 11, 11): "armistice de 1918",
        date(year, 12, 25): "Noël",
    }
    if department in ALSACE_MOSELLE:
        days[easter - timedelta(days=2)] = "Vendredi saint"
        days[date(year, 12, 26)] = "Saint-Étienne"
    # The Ascension may fall on 1 or 8 May: one day off then, not two (2008, 1997).
    ascension = easter + timedelta(days=39)
    days[ascension] = f"Ascension et {days[ascension]}" if ascension in days else "Ascension"
    return MappingProxyType(dict(sorted(days.items())))


def is_working_day(day: date, department: str = "") -> bool:
    """Whether offices are open on a day: neither a Saturday, nor a Sunday, nor a public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year, department)


def add_working_days(day: date, n: int, department: str = "") -> date:
    """The nth working day after a day, which never counts itself; before it when n is negative.

    Zero gives the day itself when it is worked, and otherwise the first working day that follows.
    """
    if n == 0:
        while not is_working_day(day, department):
            day += ONE_DAY
        return day
    step = ONE_DAY if n > 0 else -ONE_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day, department)
    return day


def working_days_between(a: date, b: date, department: str = "") -> int:
    """How many working days come after a, up to b included; negative when b comes first.

    It is the reverse of `add_working_days`: from a day to the nth working day after it there are n.
    """
    if b < a:
        return -working_days_between(b, a, department)
    return sum(is_working_day(a + timedelta(days=i), department) for i in range(1, (b - a).days + 1))


def holidays_between(a: date, b: date, department: str = "") -> list[tuple[date, str]]:
    """The public holidays after a, up to b included, that fall on a weekday: what a due date must explain."""
    days = (day for year in range(a.year, b.year + 1) for day in public_holidays(year, department).items())
    return [(day, name) for day, name in days if a < day <= b and day.weekday() < SATURDAY]
