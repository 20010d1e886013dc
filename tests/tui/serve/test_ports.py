"""Which port is served at."""

from __future__ import annotations

import socket

from tui.serve import ports


def test_a_port_that_is_taken_is_passed_over(monkeypatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        first = taken.getsockname()[1]
        monkeypatch.setattr(ports, "FIRST", first)
        assert first < ports.free_port("127.0.0.1") < first + ports.TRIED


def test_a_host_that_cannot_be_served_at_is_left_to_the_server(monkeypatch) -> None:
    asked = []

    def unknown(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert ports.free_port("no.such.host") == ports.FIRST
    assert asked == ["no.such.host"]
