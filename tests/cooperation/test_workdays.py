"""Working days and public holidays are those of the calendar, year after year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.workdays import (
    add_working_days,
    easter_sunday,
    holidays_between,
    is_working_day,
    public_holidays,
    working_days_between,
)

# Published by the Observatoire de Paris; 2008 and 2038 are the earliest and the latest Easter of these decades.
EASTERS = {
    1997: date(1997, 3, 30),
    2000: date(2000, 4, 23),
    2008: date(2008, 3, 23),
    2019: date(2019, 4, 21),
    2024: date(2024, 3, 31),
    2025: date(2025, 4, 20),
    2026: date(2026, 4, 5),
    2027: date(2027, 3, 28),
    2038: date(2038, 4, 25),
    2049: date(2049, 4, 18),
}
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.parametrize(("year", "day"), EASTERS.items())
def test_easter_falls_where_the_almanac_says(year, day):
    assert easter_sunday(year) == day


def test_2026_has_its_eleven_public_holidays_in_order():
    assert [day.strftime("%d/%m") for day in public_holidays(2026)] == [
        "01/01", "06/04", "01/05", "08/05", "14/05", "25/05", "14/07", "15/08", "01/11", "11/11", "25/12",
    ]  # fmt: skip


def test_an_ascension_on_the_first_of_may_is_one_day_off():
    days = public_holidays(2008)
    assert len(days) == 10
    assert days[date(2008, 5, 1)] == "Ascension et fête du Travail"


@pytest.mark.parametrize("department", ["57", "67", "68"])
def test_alsace_and_moselle_have_two_more_days(department):
    more = dict(public_holidays(2026, department).items() - public_holidays(2026).items())
    assert more == {date(2026, 4, 3): "Vendredi saint", date(2026, 12, 26): "Saint-Étienne"}
    assert public_holidays(2026, "54") == public_holidays(2026)


def test_saturdays_sundays_and_holidays_are_not_worked():
    assert not is_working_day(date(2026, 11, 14))
    assert not is_working_day(date(2026, 11, 15))
    assert not is_working_day(date(2026, 11, 11))
    assert is_working_day(date(2026, 11, 12))


def test_ten_working_days_jump_over_armistice_and_two_week_ends():
    assert add_working_days(date(2026, 11, 9), 10) == date(2026, 11, 24)
    assert holidays_between(date(2026, 11, 9), date(2026, 11, 24)) == [(date(2026, 11, 11), "armistice de 1918")]


def test_a_delay_runs_over_the_new_year():
    # 25 December and 1 January are Fridays: six working days from the 23rd end on 4 January.
    assert add_working_days(date(2026, 12, 23), 6) == date(2027, 1, 4)


def test_zero_gives_the_first_day_worked_and_a_negative_number_goes_back():
    assert add_working_days(date(2026, 11, 11), 0) == date(2026, 11, 12)
    assert add_working_days(date(2026, 11, 12), 0) == date(2026, 11, 12)
    assert add_working_days(date(2026, 11, 12), -1) == date(2026, 11, 10)


def test_2026_counts_two_hundred_and_fifty_two_working_days():
    # 261 weekdays, less the nine holidays that fall on one: 15 August is a Saturday, 1 November a Sunday.
    assert working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 261 - 9


@given(day=DAYS, n=st.integers(min_value=1, max_value=300))
def test_counting_back_finds_what_was_added(day, n):
    end = add_working_days(day, n)
    assert is_working_day(end)
    assert working_days_between(day, end) == n
    assert working_days_between(end, day) == -n


@given(day=DAYS)
def test_a_week_never_counts_more_than_five_working_days(day):
    assert working_days_between(day, day + timedelta(days=7)) <= 5
