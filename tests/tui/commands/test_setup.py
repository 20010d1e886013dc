"""`fancier models` and `fancier doctor`: what there is to paint with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commanding import answer

from tui.cli import main
from tui.commands.setup import doctor


def test_models_names_the_embedded_one(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(home / "no-cache"))
    (model,) = answer(capsys, "models")["models"]
    assert model["name"] == "portraits"
    assert model["bytes"] <= 60_000_000
    assert set(model) >= {"kind", "licence", "latent", "pixels", "steps", "guidance_scale"}
    assert model["populations"] == []
    assert main(["models", "portraits"]) == 0
    assert "hair colour: black, brown" in (printed := capsys.readouterr().out)
    assert "beard: no beard" in printed


def test_doctor_reports_on_everything(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) in (0, 1)
    checks = json.loads(capsys.readouterr().out)["checks"]
    names = {c["name"] for c in checks}
    assert names >= {"terminal", "colours", "device", "memory", "home", "model", "hub", "cache"}
    assert all(c["ok"] or c["cure"] for c in checks)


def test_doctor_says_what_cannot_be_written_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_free", lambda _: None)
    for check, cure in ((doctor._hub, "HF_HOME"), (doctor._cache, "XDG_CACHE_HOME")):
        ok, found, advice = check()
        assert (ok, "is not writable" in found, cure in advice) == (False, True, True)
