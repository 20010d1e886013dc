"""What pictures of a saved population are like."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_population import CONFIG, individual, picture, render

from evolve.scoring.looks.appearance import NAME, appearance_of
from evolve.scoring.looks.embedding import APPEARANCE, KEY, Embedding
from populations import Population
from populations.studio.new import CreateRequest, config_of


@pytest.mark.parametrize(
    ("config", "known"),
    [({}, ["clip"]), ({APPEARANCE: True}, ["clip", NAME]), ({APPEARANCE: "?"}, ["clip"])],
)
def test_how_pictures_look_counts_in_populations_that_were_made_since_it_is_known(
    tmp_path: Path, config: dict[str, object], known: list[str]
) -> None:
    clip = Embedding("clip", np.ones(2, np.float16))
    record = {KEY: clip.to_json(), APPEARANCE: appearance_of(picture(0)).to_json()}
    rows = [individual(0), replace(render(0), record=record)]
    with Population.create(tmp_path, "faces", {**CONFIG, **config}, rows=rows) as population:
        assert [look.of for look in population.looks(0)] == known
        assert APPEARANCE not in population.record(0)


def test_a_new_population_is_one_of_those() -> None:
    assert config_of(CreateRequest(name="faces", prompt="a man"))[APPEARANCE] is True
