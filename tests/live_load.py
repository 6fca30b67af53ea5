"""Many real clients proclaiming and voting at once, over HTTP; `python -m tests.live_load` plays the promise in full.

200 clients × 50 rounds take minutes: the suite plays fewer of each (`test_live_concurrency.py`), on the same code.
"""

from __future__ import annotations

import http.client
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

TOKEN = "k" * 32


class Post:
    """One real client with its own connection, signed in by its cookie."""

    def __init__(self, address: str, cookie: str, path: str, data: dict) -> None:
        self.host, self.path = urlsplit(address).netloc, path
        self.body = urlencode(data)
        self.headers = {
            "Cookie": f"{cookie}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def send(self, start: Barrier) -> str:
        """What came of it: sent to the decision of somebody else, or the status of the answer."""
        connection = http.client.HTTPConnection(self.host, timeout=300)
        connection.connect()
        start.wait(300)
        connection.request("POST", self.path, self.body, self.headers)
        answer = connection.getresponse()
        connection.close()
        return "came second" if answer.getheader("Location", "").endswith("/decision/") else str(answer.status)


def all_at_once(posts: list[Post]) -> Counter[str]:
    """Every client connects, waits for the others, then all send together; the count of the answers."""
    start = Barrier(len(posts))
    with ThreadPoolExecutor(len(posts)) as pool:
        return Counter(pool.map(lambda post: post.send(start), posts))


def proclamations(address: str, cookies: list[str], item: int, number: int) -> list[Post]:
    path, data = f"/seances/points/{item}/proclamer/", {"decision-outcome": "adopted", "decision-text": "Adopté."}
    return [Post(address, cookies[n % len(cookies)], path, data) for n in range(number)]


def votes(address: str, cookie: str, ballot: int, seat: int, number: int) -> list[Post]:
    """The same member votes from many windows, each with a key of its own."""
    return [
        Post(
            address,
            cookie,
            f"/seances/scrutins/{ballot}/voix/",
            {"seat": seat, "position": "for" if n % 2 else "against", "key": uuid4()},
        )
        for n in range(number)
    ]


def main() -> int:
    import os

    import pytest

    os.environ["LIVE_CLIENTS"], os.environ["LIVE_ROUNDS"] = "200", "50"
    return pytest.main(["-s", "tests/projects/test_live_concurrency.py", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
