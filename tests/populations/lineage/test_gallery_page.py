from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from small_population import CONFIG, individual, rating, render

from evolve.errors import ArchiveError
from evolve.genome import Prompt
from evolve.session.archive import Note
from populations import Population
from populations.exchange.recipe import read_recipe
from populations.lineage import tree_image
from populations.lineage.gallery_page import write_gallery

HOSTILE = '</style><script>alert(1)</script> & "quoted" <img src=x onerror=y>'


class Seen(HTMLParser):
    """What a browser finds on a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.text = ""
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for key, value in attrs:
            if key in ("href", "src"):
                self.links.append(str(value))
            if key == "id":
                self.anchors.add(str(value))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def population(tmp_path: Path):
    odd = individual(7)
    odd = replace(odd, genome=replace(odd.genome, prompt=Prompt.parse(HOSTILE)))
    rows = [*(individual(i) for i in range(7)), odd, *(render(i) for i in range(8))]
    rows += [rating(6, 5), Note(individual=7, text=HOSTILE)]
    with Population.create(tmp_path, "Zoë and I", CONFIG, rows=rows) as made:
        yield made


def test_a_gallery_refers_only_to_files_and_pictures_that_are_there(
    population: Population, tmp_path: Path
) -> None:
    page, *files = write_gallery(population, range(8), tmp_path / "site")
    seen = Seen(page)
    local = [link for link in seen.links if not link.startswith("#")]
    assert {(page.parent / unquote(link)) for link in local} == set(files)
    assert all(file.is_file() for file in files)
    assert {link[1:] for link in seen.links if link.startswith("#")} <= seen.anchors
    assert "a smiling woman | red hair :1.4" in seen.text
    assert "Favourites: #6" in seen.text
    assert read_recipe(files[3]).genome == population.genome(3)


def test_texts_of_a_population_are_shown_as_text_and_never_become_markup(
    population: Population, tmp_path: Path
) -> None:
    page = write_gallery(population, range(8), tmp_path / "site")[0]
    seen = Seen(page)
    assert "script" not in seen.tags
    assert seen.tags.count("img") == 9  # eight pictures and the lineage
    assert HOSTILE in seen.text
    assert "default-src 'none'" in page.read_text("utf-8")


def test_an_operator_of_a_stranger_that_cannot_be_written_is_spelled_out(tmp_path: Path) -> None:
    odd = individual(0)
    odd = replace(odd, origin=replace(odd.origin, operator="odd\ud800\x1b"))
    with Population.create(tmp_path, "odd", CONFIG, rows=[odd, render(0)]) as population:
        page = write_gallery(population, [0], tmp_path / "site")[0]
    assert "odd\\ud800\\x1b" in Seen(page).text


def test_parents_that_are_not_shown_are_named_without_a_link(
    population: Population, tmp_path: Path
) -> None:
    seen = Seen(write_gallery(population, [7], tmp_path / "site")[0])
    assert seen.anchors == {"i7"}
    assert not [link for link in seen.links if link.startswith("#")]
    assert "from #6 #1" in seen.text


def test_a_page_of_somebody_else_is_not_replaced_and_an_earlier_gallery_is(
    population: Population, tmp_path: Path
) -> None:
    page = tmp_path / "site" / "index.html"
    page.parent.mkdir()
    page.write_text("<h1>my site</h1>")
    with pytest.raises(ArchiveError, match=r"index\.html' is not a gallery of fancier: choose"):
        write_gallery(population, [0], page.parent)
    assert page.read_text() == "<h1>my site</h1>"
    assert [*page.parent.iterdir()] == [page]
    with pytest.raises(ArchiveError, match=r"index\.html' is not a folder: choose another name"):
        write_gallery(population, [0], page)
    page.unlink()
    drawing = page.with_name("lineage.svg")
    drawing.write_text("<svg/>")
    with pytest.raises(ArchiveError, match=r"lineage\.svg' exists and was not exported"):
        write_gallery(population, [0], page.parent)
    drawing.unlink()
    write_gallery(population, [0], page.parent)
    write_gallery(population, [1], page.parent)
    assert Seen(page).anchors == {"i1"}


def test_a_family_too_large_to_draw_leaves_the_lineage_out(
    population: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_image, "LARGEST", 10)
    page, *files = write_gallery(population, [0], tmp_path / "site")
    assert [file.suffix for file in files] == [".png"]
    assert "Lineage" not in Seen(page).text
