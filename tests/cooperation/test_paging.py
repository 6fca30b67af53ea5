"""Pages of a long list by number: a few pages further are counted, and no more."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cooperation.paging import AHEAD, page_numbered

SIZE = 2
ROWS = SIZE * (AHEAD + 3)


@pytest.fixture
def rows(db):
    Group.objects.bulk_create(Group(name=f"{number:02d}") for number in range(ROWS))
    return Group.objects.order_by("name")


def test_a_page_tells_of_the_ten_that_follow_it_and_counts_no_further(rows):
    with CaptureQueriesContext(connection) as asked:
        page = page_numbered(rows, "", size=SIZE)
    assert f"LIMIT {SIZE * (AHEAD + 1)}" in asked[0]["sql"]
    assert (page.number, page.paginator.num_pages, page.has_next()) == (1, AHEAD + 1, True)


def test_every_row_is_reached_from_page_to_page(rows):
    found, number = [], 1
    while True:
        page = page_numbered(rows, str(number), size=SIZE)
        found += page
        if not page.has_next():
            break
        number = page.next_page_number()
    assert found == list(rows)


@pytest.mark.parametrize(("asked", "shown"), [("", 1), ("abc", 1), ("-3", 1), ("0", 1), ("9999", ROWS // SIZE)])
def test_a_number_that_means_nothing_leads_to_a_page_that_exists(rows, asked, shown):
    assert page_numbered(rows, asked, size=SIZE).number == shown
