"""Whether the program was changed on the disk since it was started."""

import types

import pytest

from evolve import own_files


def test_a_program_that_is_as_it_was_started_is_not_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_files, "_STARTED", 1e12)
    assert own_files.changed_since() == ""


def test_newer_files_of_its_own_and_missing_ones_are_a_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_files, "_STARTED", 0.0)
    assert own_files.changed_since().endswith("while it was open: start it again")
    assert own_files.changed_since(ImportError("no module"))
    assert own_files.changed_since(KeyError("a bug")) == ""
    monkeypatch.setattr(own_files, "_STARTED", 1e12)
    for name, is_changed in (("others.gone", False), ("tui.gone", True)):
        gone = types.ModuleType(name)
        gone.__file__ = "/nowhere/gone.py"
        monkeypatch.setitem(own_files.sys.modules, name, gone)
        assert bool(own_files.changed_since()) == is_changed
