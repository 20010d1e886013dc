"""The notebook of the documentation, with the embedded model."""

import re
from pathlib import Path

import pytest
from PIL import Image

from evolve.rendering.process.starting import DEVICE
from populations import Population, population_path

PAGE = Path(__file__).parents[3] / "docs" / "notebook.md"


def test_the_documented_notebook_breeds_and_paints_what_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("FANCIER_HOME", str(home))
    monkeypatch.delenv(DEVICE, raising=False)
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    exec(code, {"__name__": "notebook"})
    assert [line.split()[0] for line in sorted(capsys.readouterr().out.splitlines())] == [*"012345"]
    with Population.open(population_path(home, "faces"), write=False) as population:
        verdicts, births = population.verdicts(), population.births()
        assert len(population) == 17
        assert population.unpainted() == [12, 13, 14, 15, 16]
        assert {i: verdicts[i].rating for i in verdicts} == {0: 5, 3: 4, 4: 1, 6: 5, 7: 2}
        assert [births[i].parents for i in range(12, 17)] == [(6,)] * 5
        edits = [population.genome(i).edit for i in (15, 16)]
        assert all(0 < edit.mask.mean() < 0.6 for edit in edits)
        assert all((edit.base.picture == population.picture(6)).all() for edit in edits)
        assert "glasses" in str(population.genome(15).prompt)
        for i in range(6, 12):
            with Image.open(f"{i}.png") as file:
                assert file.tobytes() == population.picture(i).tobytes()
