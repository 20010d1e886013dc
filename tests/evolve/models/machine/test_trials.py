"""Results of trials, which several processes read, write and forget."""

from __future__ import annotations

from pathlib import Path

import pytest

from evolve.models.machine import trials

CONDITIONS = {"pipeline": "APipeline", "fingerprint": "f"}


def test_a_result_that_another_process_forgets_meanwhile_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    trials.remember(CONDITIONS, {"rows": 4})
    (kept,) = (tmp_path / "fancier" / "trials").iterdir()
    kept.with_name("forgotten.json").symlink_to("nowhere")  # listed, but not there
    assert trials.of_model("APipeline", lambda: "f") == [{**CONDITIONS, "rows": 4}]
