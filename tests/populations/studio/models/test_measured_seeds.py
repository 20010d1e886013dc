"""A model whose seed hardly matters is said to be so once, with what helps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evolve.models.catalog import describe
from evolve.models.machine import trials
from evolve.rendering.protocol import ModelInfo, Ready
from evolve.session import events
from populations import Population, population_path
from populations.studio.models.measured import needed_variety
from populations.studio.showing import saved_session
from tui.cli import main

COPIES = "this model's seed hardly matters: create it again with variety 0.3"
VARIED = "this model's seed hardly matters: founders vary their words, too (variety 0.3)"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path))
    monkeypatch.setattr(
        trials, "of_model", lambda *_, of="rows": [{"variety": 0.3}] if of == "variety" else []
    )
    return tmp_path


def typed(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[str, str]:
    capsys.readouterr()
    assert main(list(line)) == 0
    out, err = capsys.readouterr()
    return out, err


def test_new_and_models_say_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = typed(capsys, "new", "x", "a man", "--no-open", "--page", "1")
    assert err == f"note: {VARIED}\n"
    assert typed(capsys, "new", "y", "a man", "--no-open", "--page", "1", "--variety", "0")[1] == ""
    out, _ = typed(capsys, "models", "portraits")
    assert "  seeds     hardly matter: new populations get --variety 0.3\n" in out


@pytest.mark.parametrize(("variety", "said"), [("0", COPIES), ("0.3", VARIED)])
def test_the_app_says_it_at_the_first_page_alone(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variety: str,
    said: str,
) -> None:
    typed(capsys, "new", "x", "a man", "--no-open", "--page", "1", "--variety", variety)
    ready = Ready(ModelInfo(name="portraits", latent=(4, 16, 16), pixels=(128, 128), variety=0.3))
    painted = events.Painted(0, np.zeros((8, 8, 3), np.uint8))
    told: list[events.Event] = [ready, painted, painted]
    heard: list[events.Event] = []
    monkeypatch.setattr(
        saved_session.Session, "start", lambda self, hear: [hear(event) for event in told]
    )
    session = saved_session.SavedSession(Population.open(population_path(home, "x")))
    session.start(heard.append)
    session.close()
    notices = [e.text for e in heard if isinstance(e, events.Notice)]
    assert notices == [said]
    told[0] = replace(ready, info=replace(ready.info, variety=None))
    heard.clear()
    session = saved_session.SavedSession(Population.open(population_path(home, "x")))
    session.start(heard.append)
    session.close()
    assert not [e for e in heard if isinstance(e, events.Notice)]


def test_a_trial_whose_file_is_damaged_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "of_model", lambda *_, of="rows": [{"variety": "much"}])
    assert needed_variety(describe("portraits")) is None
