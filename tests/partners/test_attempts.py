"""Passwords are not guessed one after the other: the limit is that of the site, however many processes serve it."""

from __future__ import annotations

import os
import re

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from cooperation import settings as of_the_platform
from partners.people.models import User

EMAIL = "une.personne@mairie.example"
TRIES, WEIGHED = 8, 5  # in five minutes


@pytest.fixture
def as_in_production(settings):
    """Counts are those of the platform, and not of the tests."""
    settings.CACHES = of_the_platform.CACHES
    yield
    cache.clear()


def guess(rf, times=TRIES):
    """Try wrong passwords; return how many were weighed, and not refused unread."""
    weighed = 0
    for number in range(times):
        request = rf.post(reverse("account_login"), REMOTE_ADDR=f"192.0.2.{number + 1}")  # an address for each
        try:
            get_adapter(request).authenticate(request, email=EMAIL, password=f"essai numéro {number}")
            weighed += 1
        except ValidationError:
            pass
    return weighed


def begin(work):
    """Begin this in another process; return where to read the number it answers."""
    answer, write = os.pipe()
    if os.fork() == 0:
        try:
            connection.connection = None  # that of the first process is not shared
            os.write(write, bytes([work()]))
        finally:
            os._exit(0)  # without the farewells of the suite
    os.close(write)
    return answer


def read(answer):
    with os.fdopen(answer, "rb") as said:
        [number] = said.read()
    os.wait()
    return number


@pytest.mark.django_db(transaction=True)
def test_two_processes_hold_one_limit_between_them(as_in_production, rf):
    assert read(begin(lambda: guess(rf))) == WEIGHED
    assert read(begin(lambda: guess(rf))) == 0
    assert guess(rf) == 0


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_weigh_no_more_than_one(as_in_production, rf):
    both = [begin(lambda: guess(rf)) for _ in range(2)]
    assert 0 < sum(map(read, both)) <= WEIGHED


@pytest.mark.django_db
def test_ten_guesses_in_half_an_hour_then_the_account_is_open_again(as_in_production, rf):
    weighed = 0
    with time_machine.travel("2026-11-23 10:00:00+01:00", tick=False) as clock:
        for _ in range(30):
            weighed += guess(rf, 1)
            clock.shift(60)
        assert weighed == 10
        clock.shift(30 * 60)
        assert guess(rf, 1) == 1


@pytest.mark.django_db
def test_a_new_password_opens_an_account_that_others_tried_to_guess(client, as_in_production, rf):
    User.objects.create_user(EMAIL, full_name="Une Personne", password="un lierre sur le mur")
    guess(rf)
    said = {"login": EMAIL, "password": "un lierre sur le mur"}
    assert "Trop de tentatives" in client.post(reverse("account_login"), said).text
    client.post(reverse("account_reset_password"), {"email": EMAIL})
    page = client.get(re.search(r"http\S+", mail.outbox[0].body)[0], follow=True)
    chosen = {"password1": "une glycine au portail", "password2": "une glycine au portail"}
    client.post(page.request["PATH_INFO"], chosen)
    assert client.post(reverse("account_login"), said | {"password": chosen["password1"]}).status_code == 302


@pytest.mark.django_db
def test_what_is_counted_names_neither_the_account_nor_the_address(as_in_production, rf):
    guess(rf)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cooperation_counts")
        kept = cursor.fetchall()
    assert len(kept) > WEIGHED
    assert "192.0.2" not in str(kept) and "mairie" not in str(kept)
