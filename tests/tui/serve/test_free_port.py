"""Which port is served at."""

from __future__ import annotations

import socket

from tui.serve import free_port


def test_a_port_that_is_taken_is_passed_over(monkeypatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        first = taken.getsockname()[1]
        monkeypatch.setattr(free_port, "FIRST", first)
        assert first < free_port.free_port("127.0.0.1") < first + free_port.TRIED


def test_a_host_that_cannot_be_served_at_is_left_to_the_server(monkeypatch) -> None:
    asked = []

    def unknown(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert free_port.free_port("no.such.host") == free_port.FIRST
    assert asked == ["no.such.host"]
