"""Values of arguments, as they are typed and as they are meant."""

import shlex
from pathlib import Path

import pytest

from tui.cli import values


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://Images.Example.org", "https://images.example.org"),
        ("https://images.example.org:443/", "https://images.example.org"),
        ("http://images.example.org:80", "http://images.example.org"),
        ("http://images.example.org:8080", "http://images.example.org:8080"),
    ],
)
def test_an_address_is_what_browsers_send(typed, meant):
    assert values.address(typed) == meant


def test_an_individual_is_named_as_it_is_shown():
    assert values.individual("#3") == values.individual("3") == 3
    assert values.ids("#3, 4") == (3, 4)
    assert values.rating("#3=5") == (3, 5)
    assert values.point("#3") == ("at", 3)


def test_files_that_are_dropped_on_a_terminal_are_found(tmp_path):
    file = tmp_path / "my 'best' one.png"
    file.touch()
    for text in (
        str(file),
        shlex.quote(str(file)),
        str(file).replace(" ", "\\ ").replace("'", "\\'"),
    ):
        assert values.dropped(text) == (file,)
    assert values.dropped("a.png 'b c.png'") == (Path("a.png"), Path("b c.png"))
    assert values.dropped("it's") == (Path("it's"),)
    assert values.dropped("~no.png") == (Path("~no.png"),)
    assert values.dropped("a.png ~no.png") == (Path("a.png"), Path("~no.png"))
    assert values.dropped("~no's") == (Path("~no's"),)
    assert values.dropped("") == ()
    assert len(values.dropped("x" * 9000)) == 1
