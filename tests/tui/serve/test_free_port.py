"""Which port is served at."""

import socket
from types import SimpleNamespace

import pytest

from tui.cli import main
from tui.serve import free_port


def test_a_port_that_is_taken_is_passed_over(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        first = taken.getsockname()[1]
        monkeypatch.setattr(free_port, "FIRST", first)
        assert first < free_port.free_port("127.0.0.1") < first + free_port.TRIED


@pytest.mark.parametrize(("host", "cure"), [("203.0.113.7", "--host"), ("127.0.0.1", "--port")])
def test_where_nobody_can_listen_no_address_is_shown(host, cure, tmp_path, capsys):
    pytest.importorskip("textual_serve")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["--home", str(tmp_path), "serve", "--host", host, "--port", port]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"fancier: cannot serve at {host}:{port}: ")
    assert said.endswith(f"{cure}\n")


@pytest.fixture
def named(monkeypatch):
    """Give a name several addresses."""

    def give(*addresses: str) -> None:
        def look_up(_: str, port: int, **__: object) -> list[object]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (a, port)) for a in addresses]

        replaced = {**vars(socket), "getaddrinfo": look_up}
        monkeypatch.setattr(free_port, "socket", SimpleNamespace(**replaced))

    return give


def test_an_address_that_this_machine_lacks_is_passed_over_where_the_name_has_others(named):
    named("203.0.113.7", "127.0.0.1")
    free_port.require_free("localhost", 0)
    named("203.0.113.7", "203.0.113.8")
    with pytest.raises(OSError, match="annot assign requested address"):
        free_port.require_free("localhost", 0)


def test_a_port_is_free_only_where_all_addresses_of_a_name_have_it(named):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        named("127.0.0.2", "127.0.0.1")
        with pytest.raises(OSError, match="in use"):
            free_port.require_free("localhost", port)


def test_a_host_that_cannot_be_served_at_is_left_to_the_server(monkeypatch):
    asked = []

    def unknown(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert free_port.free_port("no.such.host") == free_port.FIRST
    assert asked == ["no.such.host"]
