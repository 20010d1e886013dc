"""The documents lead to what is there: links, headings, modules, benchmarks."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from places import ROOT

DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*.md")),
    *sorted((ROOT / "benchmarks/results").glob("*.md")),
    ROOT / "evolve/models/portraits/MODEL_CARD.md",
]
PACKAGES = ("evolve", "populations", "tui", "tests", "benchmarks")


@cache
def anchors(document: Path) -> frozenset[str]:
    """Return the headings of a document, as links name them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.M)
    return frozenset(re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))
    for link in (link for link in links if not link.startswith("http")):
        name, _, heading = link.partition("#")
        file = (document.parent / name).resolve() if name else document
        assert file.exists(), link
        assert not heading or heading in anchors(file), link


def test_every_module_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`(?:\.\./)?([\w/]+\.py)`", text))
    files = {f"/{p.relative_to(ROOT)}" for one in PACKAGES for p in (ROOT / one).rglob("*.py")}
    missing = [name for name in named if not any(file.endswith(f"/{name}") for file in files)]
    assert len(named) > 150
    assert not missing


def test_every_benchmark_that_is_named_is_there() -> None:
    named = {
        module
        for document in DOCUMENTS
        for module in re.findall(r"python -m\s(benchmarks[\w.]*\w)", document.read_text("utf-8"))
    }
    assert len(named) > 40
    assert not [module for module in sorted(named) if find_spec(module) is None]
