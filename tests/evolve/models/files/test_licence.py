"""The licence that a model card states at its top."""

from pathlib import Path

import pytest

from evolve.models.files.licence import UNKNOWN, licence_of


@pytest.mark.parametrize(
    ("top", "licence"),
    [
        ("license: mit", "mit"),
        ("tags:\n- art\nlicense: 'openrail++'  ", "openrail++"),
        ("license:\n- apache-2.0\n- mit", "apache-2.0"),
        ("license: other\nlicense_name: flux-1\nlicense_link: LICENSE.md", "flux-1"),
        ("license: other\nlicense_link: LICENSE.md", "LICENSE.md"),
        ("license: other", "other"),
        ("license: ''\ntags:\n- mit", UNKNOWN),
        ("licensed: mit", UNKNOWN),
        (f"license: a{' ' * 300_000}b", f"a{' ' * 300_000}b"),  # in less than minutes
    ],
)
def test_the_licence_is_what_the_card_states(tmp_path: Path, top: str, licence: str) -> None:
    (tmp_path / "README.md").write_text(f"---\n{top}\n---\nlicense: of the text below\n")
    assert licence_of(tmp_path) == licence
