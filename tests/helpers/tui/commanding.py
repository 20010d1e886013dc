"""Commands run in this process: what they answer, and how they refuse."""

import json
from typing import Any

import pytest

from tui.cli import main


def answer(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    """Run a command with --json; returns its object, which must be all it prints."""
    assert main([*argv, "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    data: dict[str, Any] = json.loads(printed.out)
    return data


def refusal(capsys: pytest.CaptureFixture[str], status: int, *argv: str) -> str:
    """Run a command that must fail with `status`; returns its single line on stderr."""
    try:
        code = main(list(argv))
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    printed = capsys.readouterr()
    assert code == status
    assert printed.out == ""
    assert printed.err.startswith("fancier: ")
    assert printed.err.count("\n") == 1
    return printed.err
