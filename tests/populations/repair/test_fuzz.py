"""What strangers bring, varied at random: `benchmarks/fuzz/` does the same for an hour."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.frame import Frame


@pytest.fixture(
    scope="module", params=["archives", "headers", "models", "pictures", "prompts", "store"]
)
def frame(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Frame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FANCIER_HOME", "")  # put back at the end
        yield Frame(request.param, tmp_path_factory.mktemp(request.param))


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(chance=st.randoms(use_true_random=False))
def test_what_strangers_bring_is_taken_or_refused_in_one_line(frame: Frame, chance: Random) -> None:
    outcome = frame.run(chance)
    assert not outcome.findings, f"{outcome.what}\n{outcome.trace}"


def test_a_harmful_input_would_be_found(tmp_path: Path) -> None:
    class Harmful:
        def __init__(self, harm: str) -> None:
            self.harm = harm

        def vary(self, random: Random) -> str:
            return self.harm

        def use(self) -> None:
            if self.harm == "traceback":
                raise KeyError("what")
            if self.harm == "memory":
                self.kept = b"x" * (100 << 20)
            if self.harm == "read":
                (tmp_path / "home" / "link").symlink_to(tmp_path / "outside" / "diary")
                (tmp_path / "home" / "link").read_text()
            if self.harm == "write":
                (tmp_path / "outside" / "photos" / "a.jpg").write_text("other")
            if self.harm == "network":
                import socket

                with socket.socket() as made:
                    made.connect_ex(("127.0.0.1", 1))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FANCIER_HOME", "")
        patch.setattr("benchmarks.fuzz.frame.LARGEST_MB", 50)
        frame = Frame("headers", tmp_path)
        for harm, found in (
            ("traceback", "KeyError at test_fuzz.py"),
            ("memory", "took "),
            ("read", "opened"),
            ("write", "changed outside the home: photos/a.jpg"),
            ("network", "socket.connect"),
            ("", ""),
        ):
            frame.target = Harmful(harm)
            findings = frame.run(Random(1)).findings
            assert bool(findings) == bool(harm), findings
            assert any(f.startswith(found) for f in findings) or not harm, findings
