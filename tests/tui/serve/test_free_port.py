"""Which port is served at."""

from __future__ import annotations

import socket

import pytest

from tui.cli import main
from tui.serve import free_port


def test_a_port_that_is_taken_is_passed_over(monkeypatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        first = taken.getsockname()[1]
        monkeypatch.setattr(free_port, "FIRST", first)
        assert first < free_port.free_port("127.0.0.1") < first + free_port.TRIED


@pytest.mark.parametrize(("host", "cure"), [("203.0.113.7", "--host"), ("127.0.0.1", "--port")])
def test_where_nobody_can_listen_no_address_is_shown(host, cure, tmp_path, capsys) -> None:
    pytest.importorskip("textual_serve")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["--home", str(tmp_path), "serve", "--host", host, "--port", port]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"fancier: cannot serve at {host}:{port}: ")
    assert said.endswith(f"{cure}\n")


def test_a_host_that_cannot_be_served_at_is_left_to_the_server(monkeypatch) -> None:
    asked = []

    def unknown(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert free_port.free_port("no.such.host") == free_port.FIRST
    assert asked == ["no.such.host"]
