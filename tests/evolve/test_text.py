"""What strangers write does not act: on a terminal, on a reader, on the row of a table."""

import json
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from evolve.errors import ArchiveError, FancierError, GenomeError, ModelError, RenderError
from evolve.genome import Prompt
from evolve.text import acts, clean, escaped, one_line, visible

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = [chr(code) for code in (*range(32), 127, *range(128, 160))]
SIGNS = [*CONTROLS, *DIRECTIONS, "\u2028", "\u200d", "a", "é", " ", "…", "😀", "日"]
HOSTILE = st.text(st.sampled_from(SIGNS))
ANY = st.text() | HOSTILE | st.text(st.characters(categories=["Cs", "L"]))


def harmless(text: str, but: str = "") -> bool:
    """Say it in another way than the module: by what Unicode calls each character."""
    return all(
        c in but
        or (unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") and c not in DIRECTIONS)
        for c in text
    ) and all(
        before != "\u200d" and before.strip() for before, c in pairwise(f" {text}") if c == "\u200d"
    )


@given(HOSTILE, st.integers(0, 20))
def test_what_is_shown_is_cut_to_any_width(text: str, width: int) -> None:
    assert cell_len(set_cell_size(one_line(text), width)) <= width


@given(ANY)
def test_nothing_shown_acts_and_what_does_not_act_is_shown_as_it_is(text: str) -> None:
    assert harmless(visible(text), but="\n\t")
    assert harmless(str(FancierError(f"there is no '{text}'")), but="\n\t")
    assert harmless(one_line(text))
    visible(text).encode()
    assert visible(visible(text)) == visible(text)
    assert not acts(clean(text))
    if harmless(text, but="\n\t"):
        assert visible(text) == clean(text) == text
    if harmless(text):
        assert one_line(text) == escaped(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("evil\u202egnp.exe", r"evil\u202egnp.exe"),
        ("photo-\udcff.png", r"photo-\udcff.png"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("over\rwritten", r"over\x0dwritten"),
        ("é … 日本 😀 naïve 👩\u200d🔬", "é … 日本 😀 naïve 👩\u200d🔬"),
        ("\u200d日 \u200d本\u200d\u200d", "\\u200d日 \\u200d本\u200d\\u200d"),
    ],
)
def test_what_acts_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.dictionaries(ANY, ANY))
def test_json_is_harmless_and_means_the_same(data: dict[str, str]) -> None:
    line = escaped(json.dumps(data, ensure_ascii=False))
    assert harmless(line)
    line.encode()
    assert json.loads(line) == json.loads(json.dumps(data))


@pytest.mark.parametrize("kind", [ArchiveError, GenomeError, ModelError, RenderError])
def test_no_error_quotes_what_acts(kind: type[FancierError]) -> None:
    assert str(kind("there is no '\x1b\u202e'")) == r"there is no '\x1b\u202e'"


@given(HOSTILE, HOSTILE)
def test_a_prompt_that_is_typed_takes_nothing_in_that_acts(text: str, negative: str) -> None:
    try:
        prompt = Prompt.parse(f"a woman {text}", f"hat {negative}")
    except GenomeError:  # a weight of nothing, say
        return
    told = [concept.text for concept in (*prompt.concepts, *prompt.negative)]
    assert harmless("".join(told), but="\n\t")


def test_an_error_without_end_keeps_its_beginning_and_its_cure() -> None:
    shown = str(FancierError(f"model '{'x' * 10**6}' is unknown: name another"))
    assert len(shown) < 2100
    assert shown.startswith("model 'xxx")
    assert shown.endswith("xxx' is unknown: name another")
