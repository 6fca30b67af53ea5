"""No test reaches another machine, by whichever way a socket goes out."""

import socket

import pytest

ELSEWHERE = ("192.0.2.1", 80)  # an address reserved for documentation (RFC 5737)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_connection_to_another_machine_is_refused(kind):
    with socket.socket(socket.AF_INET, kind) as way, pytest.raises(RuntimeError, match="aucun test ne sort"):
        way.connect(ELSEWHERE)


def test_a_quiet_connection_is_refused_too():
    with socket.socket() as way, pytest.raises(RuntimeError, match="aucun test ne sort"):
        way.connect_ex(ELSEWHERE)


def test_a_datagram_is_refused_too():
    way = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with way, pytest.raises(RuntimeError, match="aucun test ne sort"):
        way.sendto(b"hello", ELSEWHERE)


@pytest.mark.parametrize("name", ["example.org", b"example.org"])
def test_a_name_of_another_machine_is_not_even_resolved(name):
    with pytest.raises(RuntimeError, match="voulu résoudre example"):
        socket.getaddrinfo(name, 80)
    assert socket.getaddrinfo("localhost", 80)
