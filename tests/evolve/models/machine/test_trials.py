"""Results of trials, which several processes read, write and forget."""

from pathlib import Path

import pytest

from evolve.models.machine import trials

CONDITIONS = {"pipeline": "APipeline", "fingerprint": "f"}


def test_the_first_of_several_results_is_kept_and_a_damaged_one_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    for rows in (4, 8):
        trials.remember(CONDITIONS, {"rows": rows})
    assert trials.recall(CONDITIONS) == {**CONDITIONS, "rows": 4}
    (kept,) = (tmp_path / "fancier" / "trials").iterdir()
    kept.write_bytes(b"")  # cut off as the machine went out
    trials.remember(CONDITIONS, {"rows": 8})
    assert trials.recall(CONDITIONS) == {**CONDITIONS, "rows": 8}
    assert [*kept.parent.iterdir()] == [kept]


def test_of_several_that_try_at_once_the_first_decides_and_what_is_not_valid_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)

    def tried() -> dict[str, int]:
        trials.remember(CONDITIONS, {"rows": 4})  # another process was faster
        return {"rows": 8}

    assert trials.once(CONDITIONS, lambda: {"rows": 2}, lambda found: False) == {"rows": 2}
    assert trials.recall(CONDITIONS) is None
    for _ in range(2):
        assert trials.once(CONDITIONS, tried) == {**CONDITIONS, "rows": 4}


def test_what_is_kept_and_not_valid_is_not_returned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)

    def tried() -> dict[str, int]:
        trials.remember(CONDITIONS, {"rows": "many"})  # or it was there, and cannot be removed
        return {"rows": 8}

    assert trials.once(CONDITIONS, tried, lambda found: found["rows"] == 8) == {"rows": 8}


def test_a_result_that_another_process_forgets_meanwhile_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    trials.remember(CONDITIONS, {"rows": 4})
    (kept,) = (tmp_path / "fancier" / "trials").iterdir()
    kept.with_name("forgotten.json").symlink_to("nowhere")  # listed, but not there
    assert trials.of_model("APipeline", lambda: "f") == [{**CONDITIONS, "rows": 4}]
