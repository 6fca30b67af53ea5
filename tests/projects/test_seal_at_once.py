"""Acts of the same moment follow one another in the chain of their EPCI, on both databases."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from cooperation import seal as rules
from projects.models import SealedRecord
from projects.seal import services
from tests.factories import make_epci


@pytest.mark.django_db(transaction=True)
def test_acts_done_at_the_same_moment_follow_one_another_in_the_chain():
    epci = make_epci()
    errors = []

    def act(name):
        try:
            for rank in range(10):
                services.seal(
                    intercommunality=epci, kind="x", subject=f"{name}:{rank}", facts={"rank": rank}, by=None,
                    now=timezone.now(),
                )  # fmt: skip
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[name]) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    links = [record.link for record in SealedRecord.objects.order_by("sequence")]
    assert errors == []
    assert len(links) == 80
    assert rules.first_break(epci.siren, links) is None
