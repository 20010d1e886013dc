"""`fancier models` and `fancier doctor`: what there is to paint with."""

import json
import sys
from types import SimpleNamespace

from tui.cli import main
from tui.commands.setup import doctor, models


def test_models_names_the_embedded_one(home, answer, capsys, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(home / "no-cache"))
    (model,) = answer("models")["models"]
    assert model["name"] == "portraits"
    assert model["bytes"] <= 60_000_000
    assert set(model) >= {"kind", "licence", "latent", "pixels", "steps", "guidance_scale"}
    assert model["populations"] == []
    assert main(["models", "portraits"]) == 0
    assert "hair colour: black, brown" in (printed := capsys.readouterr().out)
    assert "beard: no beard" in printed


def test_doctor_reports_on_everything(home, capsys):
    assert main(["doctor", "--json"]) in (0, 1)
    checks = json.loads(capsys.readouterr().out)["checks"]
    names = {c["name"] for c in checks}
    assert names >= {"terminal", "colours", "device", "memory", "home", "model", "hub", "cache"}
    assert all(c["ok"] or c["cure"] for c in checks)


def test_doctor_counts_one_thread_as_one(monkeypatch):
    monkeypatch.setattr("evolve.models.machine.devices.present", lambda: ["cpu"])
    monkeypatch.setattr(doctor, "os", SimpleNamespace(cpu_count=lambda: 1))
    found = doctor._device()[1]
    assert ("cpu (1 core, " in found, " 1 threads" in found) == (True, False)


def test_doctor_says_that_a_terminal_only_prints(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    ok, found, cure = doctor._terminal()
    assert (ok, "TERM='dumb'" in found, "another terminal" in cure) == (False, True, True)


def test_doctor_says_what_cannot_be_written_to(home, monkeypatch):
    monkeypatch.setattr(doctor, "_free", lambda _: None)
    for check, cure in ((doctor._hub, "HF_HOME"), (doctor._cache, "XDG_CACHE_HOME")):
        ok, found, advice = check()
        assert (ok, "is not writable" in found, cure in advice) == (False, True, True)


def test_doctor_says_that_a_home_of_an_impossible_name_is_not_writable(tmp_path):
    ok, found, cure = doctor._home(tmp_path / ("x" * 300))
    assert (ok, "is not writable" in found, "--home" in cure) == (False, True, True)


def test_models_are_listed_in_the_same_order_each_time(home, capsys, monkeypatch):
    names = [f"/nowhere/{n}" for n in range(20)]
    monkeypatch.setattr(models, "_used", lambda _: {name: ["x"] for name in names})
    assert main(["models"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert [next(n for n in names if f"'{n}'" in line) for line in lines] == sorted(names)
