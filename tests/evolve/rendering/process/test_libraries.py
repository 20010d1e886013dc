"""Modules that are put off: what is known of them is used, all else imports them."""

import sys
from pathlib import Path

import pytest

from evolve.rendering.process.libraries import Never, defer, unmarked

MODULE = """
value = 7
class Class:
    pass
def mark(f):
    f.marked = True
    return f
"""


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of a module that is put off, with one inside it."""
    package = tmp_path / "put_off"
    package.mkdir()
    (package / "__init__.py").write_text(MODULE)
    (package / "inner.py").write_text("value = 8\n")
    monkeypatch.syspath_prepend(tmp_path)
    for module in ("put_off", "put_off.inner"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    defer("put_off", {"mark": unmarked, "Class": Never})
    return "put_off"


def test_what_is_known_of_it_does_not_import_it(name: str) -> None:
    from put_off import Class, mark  # type: ignore[import-not-found]

    assert mark(test_what_is_known_of_it_does_not_import_it) is not None
    assert mark(recursive=False)(len) is len
    assert not isinstance(3, Class)
    assert "value" not in vars(sys.modules[name])


def test_anything_else_imports_it_in_its_place(name: str) -> None:
    import put_off

    before = sys.modules[name]
    assert put_off.value == 7
    assert sys.modules[name] is before
    assert put_off.mark(lambda: None).marked
    assert isinstance(put_off.Class(), put_off.Class)
    with pytest.raises(AttributeError):
        _ = put_off.nothing


def test_what_is_inside_it_can_be_imported_without_it(name: str) -> None:
    from put_off.inner import value  # type: ignore[import-not-found]

    assert value == 8
    assert "value" not in vars(sys.modules[name])


def test_a_module_that_is_there_stays() -> None:
    defer("json", {"loads": len})
    import json

    assert json.loads("[1]") == [1]
