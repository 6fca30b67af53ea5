"""Acts of the same moment follow one another in the chain of their EPCI, on both databases."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from cooperation import seal as rules
from projects.models import SealChain, SealedRecord
from projects.seal import services
from tests.factories import make_epci


def seal_at_once():
    """Eight people seal ten acts each, all together; what went wrong is given back."""
    epci, errors = make_epci(), []

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
    return epci, errors


@pytest.mark.django_db(transaction=True)
def test_acts_done_at_the_same_moment_follow_one_another_in_the_chain():
    epci, errors = seal_at_once()
    links = [record.link for record in SealedRecord.objects.order_by("sequence")]
    assert errors == []
    assert len(links) == 80
    assert rules.first_break(epci.siren, links) is None


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_not(monkeypatch):
    """The control: the constraint then refuses the acts that take the same number, and they are lost."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite ne laisse écrire qu’une transaction à la fois : le verrou du sceau ne s’y retire pas")

    def unlocked(intercommunality):
        start = {"head": rules.anchor(intercommunality.siren)}
        return SealChain.objects.get_or_create(intercommunality=intercommunality, defaults=start)[0]

    monkeypatch.setattr(services, "lock", unlocked)
    _, errors = seal_at_once()
    assert errors != []
