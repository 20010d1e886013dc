"""What a fitness is, as it is typed."""

import pytest

from evolve.errors import GenomeError
from evolve.scoring.fitness_text import One, parse


@pytest.mark.parametrize(
    ("text", "ones", "by"),
    [
        ("clip", [One("clip")], "ranks"),
        ("clip:a sunset, golden + warm", [One("clip", "a sunset, golden + warm")], "ranks"),
        ("words+clip", [One("words"), One("clip")], "ranks"),
        ("words,clip:red, clip", [One("words"), One("clip", "red, clip")], "fronts"),
        (
            "clip:a man, old,words:a hat",
            [One("clip", "a man, old"), One("words", "a hat")],
            "fronts",
        ),
        ("clip:it is +clippings", [One("clip", "it is +clippings")], "ranks"),
        ("like:a,b.png+taste", [One("like", "a,b.png"), One("taste")], "ranks"),
        ("my.scorers:Smooth+words", [One("added", "my.scorers:Smooth"), One("words")], "ranks"),
        ("aesthetic,clip", [One("added", "aesthetic"), One("clip")], "fronts"),
    ],
)
def test_a_fitness_is_read_as_a_person_means_it(text: str, ones: list[One], by: str) -> None:
    assert (list(parse(text).ones), parse(text).by) == (ones, by)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "unknown fitness ''"),
        ("clip:", "unknown fitness 'clip:'"),
        ("like", "unknown fitness 'like'"),
        ("taste:mine", "unknown fitness 'taste:mine'"),
        ("words+", "unknown fitness 'words\\+'"),
        ("words clip", "unknown fitness 'words clip'"),
        ("../evil:Thing", "unknown fitness"),
        ("words+clip,taste", "has \\+ and commas"),
        ("clip+clip", "names a scorer twice"),
    ],
)
def test_what_is_no_fitness_is_refused(text: str, line: str) -> None:
    with pytest.raises(GenomeError, match=line):
        parse(text)
