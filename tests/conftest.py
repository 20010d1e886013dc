"""The suite is about what is computed on a CPU: bits of pictures, numbers of rows, OpenVINO.

On a machine with a GPU that is hidden, from the processes too that tests start.
"""

import gc
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A change is judged by the same examples as the one before; `--hypothesis-profile search` looks on.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", derandomize=False, max_examples=2000, deadline=None)
settings.load_profile("same")

# As in a shell of its own: what runs in the background, or outlives its terminal, ignores some.
for _each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(_each, signal.default_int_handler if _each == signal.SIGINT else signal.SIG_DFL)
# Tests start hundreds of programs: each would compile every module again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["CUDA_VISIBLE_DEVICES"] = ""  # read when torch first looks for one
os.environ.setdefault("FANCIER_DEVICE", "cpu")  # of Apple's, which nothing hides
# Read when Textual is first imported. Escape sequences are longest in true colours: what counts.
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ["TEXTUAL_FPS"] = "250"  # screens draw every 4 ms, for which tests wait
os.environ.pop("NO_COLOR", None)

# Tests write 140,000 files: a disk takes longer for them than the tests, and again to remove them.
_MEMORY = Path("/dev/shm")
if (
    os.access(_MEMORY, os.W_OK)
    and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC  # some tests run what they write
    and shutil.disk_usage(_MEMORY).free > 2 << 30
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

# Hundreds of thousands of objects are imported and stay: to look through them again and again for
# garbage takes a fifth of the time of the suite. The app and its renderer do the same.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage from here on, among what tests make."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: for a fifth of its time a test waits."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (cores or 1) + 1


LONGEST = ("test_docs.py", "test_notebook.py", "test_kill.py", "test_killed_runs.py")
"""Begun before all others: at the end a core would wait for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the order of chance, but for the longest."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session", autouse=True)
def _no_power_fails() -> Iterator[None]:
    """Spare the disk the flushes of populations, which only a power cut could tell from none."""
    with pytest.MonkeyPatch.context() as patch:
        if files := sys.modules.get("populations.format.files"):
            patch.setattr(files, "flush_file", lambda descriptor: None)
        yield


@pytest.fixture
def home(original: Path, tmp_path: Path) -> Path:
    """A copy of a home that the tests of a module or a folder make once, `original`."""
    return Path(shutil.copytree(original, tmp_path / "home"))


def _state() -> dict[str, Any]:
    """Return what belongs to the whole process, and so to the tests that come after."""
    torch = sys.modules.get("torch")
    return {
        "autograd": torch is None or torch.is_grad_enabled(),
        "folder": os.getcwd(),
        "device": os.environ.get("FANCIER_DEVICE"),  # which commands set for what they start
        "signals": [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)],
        "hooks": (sys.excepthook, sys.unraisablehook, sys.stdout, sys.stderr),
    }


@pytest.fixture(autouse=True)
def _the_process_is_left_as_it_was() -> Iterator[None]:
    before = _state()
    yield
    assert _state() == before
