"""Populations of every format that was ever written open for ever.

`fixtures/format-*.zip` were written by programs of those formats; what is in them stands in the
JSON beside. Never write them anew.
"""

import hashlib
import json
import zipfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from places import FIXTURES
from small_population import edited, individual, render, state
from zarr.core.buffer import default_buffer_prototype
from zarr.core.metadata import ArrayV3Metadata

from evolve.genome import Prompt
from evolve.genome.prompt import ADDED, WRITTEN
from evolve.genome.variety import Variety
from populations import Population, check_population
from populations.format.columns.descriptions import describe
from populations.format.schema import TABLES, columns
from populations.studio.opening import search_on

FORMATS = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"]


@pytest.fixture
def version() -> str:
    """The format that a test is about, unless it is about all of them."""
    return "1.0"


@pytest.fixture
def old(tmp_path: Path, version: str) -> Path:
    """The folder of the population of a format."""
    with zipfile.ZipFile(FIXTURES / f"format-{version}.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / f"format-{version}"


@pytest.fixture
def listed(version: str) -> dict[str, Any]:
    """What is in it."""
    text = (FIXTURES / f"format-{version}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


LATER = ("place", "none", "same")
"""What could not be said in format 1.0."""


def told(population: Population) -> dict[str, Any]:
    """Return what a population says, as JSON says it."""
    said = state(population)
    said["config"] = dict(population.config)
    said["births"] = [
        {
            "parents": list(b.parents),
            "generation": b.generation,
            "operator": b.origin.operator,
            "params": dict(b.origin.params),
        }
        for b in said["births"]
    ]
    said["scores"] = {scorer: dict(values) for scorer, values in said["scores"].items()}
    said["pictures"] = [p and hashlib.sha256(p).hexdigest() for p in said["pictures"]]
    said["verdicts"] = {
        i: {k: value for k, value in asdict(v).items() if k not in LATER}
        for i, v in said["verdicts"].items()
    }
    if notes := population.notes():
        said["notes"] = notes
    said["judgements"] = [[j.individual, j.kind, j.value, j.page, j.by] for j in said["judgements"]]
    as_json: dict[str, Any] = json.loads(json.dumps(said))
    return as_json


def added(text: str, negative: str = "") -> Prompt:
    """Return what was typed in 1.3, by the rule of then."""
    return replace(Prompt.typed(text, negative), rule=ADDED)


def written(text: str, negative: str = "") -> Prompt:
    """Return what was typed in 1.4, by the rule of then."""
    return replace(Prompt.typed(text, negative), rule=WRITTEN)


@pytest.mark.parametrize("version", FORMATS)
@pytest.mark.parametrize("write", [False, True])
def test_each_format_says_what_it_always_said(
    old: Path, listed: dict[str, Any], write: bool
) -> None:
    with Population.open(old, write=write) as population:
        assert told(population) == listed


@pytest.mark.parametrize("version", FORMATS)
def test_each_format_is_read_without_a_change(old: Path) -> None:
    before = {f: f.read_bytes() for f in old.rglob("*") if f.is_file()}
    with Population.open(old, write=False) as population:
        state(population)
    assert {f: f.read_bytes() for f in old.rglob("*") if f.is_file()} == before


@pytest.mark.parametrize("version", FORMATS)
@pytest.mark.parametrize("repair", [False, True])
def test_each_format_checks_clean(old: Path, repair: bool) -> None:
    report = check_population(old, repair=repair)
    assert (report.problems, report.repaired) == ([], [])


@pytest.mark.parametrize("version", FORMATS)
def test_each_format_is_bred_further_and_takes_all_that_came_later(
    old: Path, listed: dict[str, Any]
) -> None:
    with Population.open(old) as population:
        search = search_on(population.config, population)
        search.tell(population.verdicts())
        population.append(search.ask(4))
        last = len(population)
        population.append([edited(last), render(last)])
        after = told(population)
    assert after["genomes"][: len(listed["genomes"])] == listed["genomes"]
    with Population.open(old) as population:
        assert told(population) == after
        assert population.genome(last) == edited(last).genome
        assert len(population.history()) == population.commits == listed["commits"] + 2
    assert check_population(old).problems == []


def test_format_1_0_knows_its_every_commit(old: Path, listed: dict[str, Any]) -> None:
    with Population.open(old, write=False) as population:
        history = population.history()
    markers = [history.marker(commit) for commit in range(1, len(history) + 1)]
    rows = [[marker.rows[t] for t in ("individuals", "renders")] for marker in markers]
    assert rows == [[6, 0], [6, 4], [8, 6], [8, 6], [8, 6], [8, 7], [8, 9]]
    assert len(history) == listed["commits"]


def test_first_individual_of_1_0_is_still_made_alike(old: Path) -> None:
    with Population.open(old, write=False) as population:
        assert population.genome(0) == individual(0).genome


TEXT = "a smiling woman, line art | red hair :1.4 | glasses :-0.5 | a hat :0"
NEGATIVE = "fog | a cap :0.3"
PLANNED = "a smiling woman, line art | red hair :2.5 | a cap", "fog"
MIXED = Prompt.parse("a woman | hat :2")
OLDER = added("a woman | hat :2 | glasses")


@pytest.mark.parametrize(
    ("version", "prompts", "planned"),
    [
        ("1.3", {0: added(TEXT, NEGATIVE), 7: MIXED}, added(*PLANNED)),
        ("1.4", {0: written(TEXT, NEGATIVE), 6: OLDER, 7: MIXED}, written(*PLANNED)),
        (
            "1.5",
            {0: Prompt.typed(TEXT, NEGATIVE), 1: written(TEXT, NEGATIVE), 2: OLDER, 3: MIXED},
            Prompt.typed("a smiling woman, line art | red hair :-1", "fog"),
        ),
    ],
)
def test_words_keep_the_rule_of_the_format_they_were_saved_by(
    old: Path, prompts: dict[int, Prompt], planned: Prompt
) -> None:
    with Population.open(old, write=False) as population:
        assert {i: population.genome(i).prompt for i in prompts} == prompts
        assert population.plan().prompt == planned


@pytest.mark.parametrize("version", ["1.3"])
def test_variety_of_1_3_is_still_what_it_was(old: Path) -> None:
    with Population.open(old, write=False) as population:
        genome = population.genome(3)
    assert (genome.variety, genome.settings.variety) == (Variety(((3, 0.86603), (1003, 0.5))), 0.3)


@pytest.mark.parametrize("version", ["1.4"])
def test_what_was_seen_of_pictures_of_1_4_is_known(old: Path) -> None:
    with Population.open(old, write=False) as population:
        sight = population.sight(0)
    assert sight is not None
    assert sight.kinds == ("clip-of-then", "cells-12-6")


@pytest.mark.parametrize("table", [*TABLES, "latents/4x8x8"])
def test_arrays_are_described_as_zarr_describes_them(table: str) -> None:
    for column in columns(table):
        said = describe(column, 3)
        buffers = ArrayV3Metadata.from_dict(said).to_buffer_dict(default_buffer_prototype())
        assert json.loads(buffers["zarr.json"].to_bytes()) == said


def test_arrays_may_be_described_in_other_words(old: Path) -> None:
    with Population.open(old, write=False) as population:
        before = state(population)
    for file in old.glob("population.zarr/*/*/zarr.json"):
        said = json.loads(file.read_bytes())
        if said.get("data_type") == "int64":
            file.write_text(json.dumps({**said, "attributes": {"units": "none"}}))
    with Population.open(old, write=False) as population:
        assert state(population) == before
