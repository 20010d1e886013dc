"""What does a person meet who names a model on the hub: once, again, wrongly, cut off, offline?

A hub on this machine, as much of one as `huggingface_hub` asks for, serves a small Stable Diffusion
with random weights over a slow line. The real command line meets it in a terminal of its own, with
an empty cache; every line tells what it printed last, and what was asked of the hub meanwhile.

    python -m benchmarks.hub [--log FILE]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pty
import re
import select
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import diffusers
import torch
import transformers
from diffusers import UNet2DConditionModel

# The same hub as in the tests.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests/helpers/models"))

from hub import Hub, serve
from tiny import save

diffusers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_LONG = re.compile(r"(@?[0-9a-f]{8})[0-9a-f]{32}")


@dataclass
class Met:
    """How a command went."""

    status: int
    screens: list[str]
    """What was printed, with each state of a progress bar as a line of its own."""

    @property
    def bars(self) -> list[str]:
        """The states of the progress bar, each once."""
        return list(dict.fromkeys(line for line in self.screens if "getting" in line))

    @property
    def last(self) -> str:
        """The last line, with commits cut short."""
        lines = [line for line in self.screens if line and "getting" not in line]
        return _LONG.sub(r"\1", lines[-1]) if lines else ""


class Person:
    """Somebody with an empty cache who uses the command line."""

    def __init__(self, hub: Hub, folder: Path, log: Path | None) -> None:
        """Have a home and a cache in `folder`; what is printed also goes to `log`."""
        self.hub, self._log = hub, log
        self.cache = folder / "cache"
        self._folder = folder
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HF_")},
            "HF_ENDPOINT": hub.url,
            "HF_HUB_CACHE": str(self.cache),
            "XDG_CACHE_HOME": str(folder / "trials"),
            "FANCIER_HOME": str(folder / "home"),
            "TERM": "xterm-256color",
            "COLUMNS": "160",
        }

    def calls(self, *argv: str, stop_at: int | None = None, offline: bool = False) -> Met:
        """Run a command; press ctrl-c when so many bytes have arrived in the cache."""
        self.hub.asked.clear()
        environ = {**self._environ, **({"HF_HUB_OFFLINE": "1"} if offline else {})}
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvpe(sys.executable, [sys.executable, "-m", "tui.cli", *argv], environ)
        text = b""
        with contextlib.suppress(OSError):  # it is gone
            while True:
                if select.select([terminal], [], [], 0.05)[0]:
                    text += os.read(terminal, 1 << 16)
                if stop_at is not None and self.arrived >= stop_at:
                    os.kill(pid, signal.SIGINT)
                    stop_at = None
        _, ended = os.waitpid(pid, 0)
        os.close(terminal)
        plain = _ESCAPES.sub("", text.decode(errors="replace"))
        if self._log:
            with self._log.open("a") as stream:
                stream.write(f"$ fancier {' '.join(argv)}\n{plain}\n")
        screens = [line.strip() for line in re.split(r"[\r\n]+", plain)]
        return Met(os.waitstatus_to_exitcode(ended), screens)

    @property
    def arrived(self) -> int:
        """Bytes of the parts of a download that was not finished."""
        return sum(part.stat().st_size for part in self.cache.rglob("*.part"))

    @property
    def resumed(self) -> str:
        """From which byte on files were asked for."""
        return ", ".join(
            re.findall(r"bytes=(\d+)-", " ".join(asked[2] for asked in self.hub.asked))
        )


def model(folder: Path, seed: int) -> Path:
    """Write a small pipeline whose UNet takes a moment on a slow line; returns its folder."""
    save(folder, seed)
    torch.manual_seed(seed)
    config = UNet2DConditionModel.load_config(folder / "unet")
    UNet2DConditionModel.from_config({**config, "block_out_channels": (64, 128)}).save_pretrained(
        folder / "unet"
    )
    return folder


def main() -> None:
    """Meet everything, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--log", type=Path, help="also write down all that was printed")
    args = parser.parse_args()
    print("| a person | exit | the last line | of the hub | s |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as made, serve() as hub:
        folder = Path(made)
        first = hub.add("owner/small", model(folder / "first", 1), ref="v1")
        hub.add("owner/small", folder / "first")
        hub.add("owner/guarded", folder / "first", gated=True)
        hub.pause = 0.05
        person = Person(hub, folder, args.log)

        def meet(what: str, *argv: str, stop_at: int | None = None, offline: bool = False) -> None:
            started = time.perf_counter()
            met = person.calls(*argv, stop_at=stop_at, offline=offline)
            seconds = time.perf_counter() - started
            asked = f"{len(hub.asked)} requests"
            if person.resumed:
                asked += f", from byte {person.resumed} on"
            lines = f"`{met.last}`"
            if len(met.bars) > 2:
                lines = f"`{met.bars[-2]}` ({len(met.bars)} states of the bar), then {lines}"
            if stop_at:
                lines += f"; {person.arrived:,} bytes are kept"
            print(f"| {what} | {met.status} | {lines} | {asked} | {seconds:.1f} |", flush=True)

        get = ("models", "--get")
        meet("names a model that is not there", *get, "owner/smal")
        meet("names a revision that is not there", *get, "owner/small@v9")
        meet("names one that needs a login", *get, "owner/guarded")
        meet("gets one, and presses ctrl-c", *get, "owner/small", stop_at=5_000_000)
        meet("uses it nevertheless, offline", "models", "owner/small", offline=True)
        meet("gets it again", *get, "owner/small")
        meet("gets it once more", *get, "owner/small")
        new = ("a face", "--model", "owner/small@v1", "--size", "32x32", "--page", "4", "--no-open")
        meet("founds a population on the revision v1", "new", "cats", *new)
        newer = hub.add("owner/small", model(folder / "newer", 2))
        hub.add("owner/small", folder / "newer", ref="v1")
        meet("gets a newer commit", *get, "owner/small")
        meet("paints the population, offline", "paint", "cats", offline=True)
        meet("paints it again, to compare, offline", "replay", "cats", offline=True)
        shown = "".join(person.calls("show", "cats", "--json").screens)
        tied = "is" if first in shown and newer not in shown else "is NOT"
        print(f"\nThe population {tied} tied to {first[:8]}, though {newer[:8]} was fetched.")


if __name__ == "__main__":
    main()
