from pathlib import Path

import numpy as np
import pytest
from small_population import CONFIG, individual, picture, render

from evolve.errors import ArchiveError
from populations import Population
from populations.home.thumbnail import newest_picture


def test_a_population_is_known_by_its_newest_picture(path: Path) -> None:
    assert np.array_equal(np.asarray(newest_picture(path)), picture(6))
    with Population.open(path) as population:
        population.append([render(5)])
        assert np.array_equal(np.asarray(newest_picture(path)), picture(5))
        population.drop([5])
        assert np.array_equal(np.asarray(newest_picture(path)), picture(6))
        data = path / "population.zarr" / "renders" / "data"
        (data / "c.4.0").write_bytes((data / "c.0.0").read_bytes())  # another's
        assert np.array_equal(np.asarray(newest_picture(path)), picture(3))


def test_without_pictures_there_is_none(tmp_path: Path) -> None:
    Population.create(tmp_path, "new", CONFIG, rows=[individual(0)]).close()
    assert newest_picture(tmp_path / "new") is None
    with pytest.raises(ArchiveError, match="no population named 'nobody'"):
        newest_picture(tmp_path / "nobody")
