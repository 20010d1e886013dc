"""What does a person meet who names a model on the hub: once, again, wrongly, cut off, offline?

A hub on this machine, as much of one as `huggingface_hub` asks for, serves a small Stable Diffusion
with random weights over a slow line. The real command line meets it in a terminal of its own, with
an empty cache; every line tells what it printed last, and what was asked of the hub meanwhile.

    python -m benchmarks.hub [--log FILE]
"""

import re
import shlex
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import diffusers
import torch
import transformers
from diffusers import UNet2DConditionModel
from hub import Hub, serve
from terminal import typed
from tiny import save

from benchmarks.scripting.command_line import parser_of

diffusers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

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
        self.hub, self._folder, self._log = hub, folder, log
        self.cache = folder / "cache"

    def calls(self, *argv: str, stop_at: int | None = None, offline: bool = False) -> Met:
        """Run a command; press ctrl-c when so many bytes have arrived in the cache."""
        self.hub.asked.clear()
        environ = {
            "HF_ENDPOINT": self.hub.url,
            "HF_HUB_CACHE": str(self.cache),
            "HF_HUB_OFFLINE": str(int(offline)),
            "XDG_CACHE_HOME": str(self._folder / "trials"),
        }
        command = shlex.join(["fancier", *argv])
        with typed(command, self._folder, size=(160, 36), environ=environ) as terminal:
            if stop_at is not None:
                terminal.wait_for(lambda screen: self.arrived >= stop_at)
                terminal.press("\x03")
            status, printed = terminal.end(), terminal.printed
        if self._log:
            with self._log.open("a") as stream:
                stream.write(f"$ {command}\n{printed}\n")
        return Met(status, [line.strip() for line in re.split(r"[\r\n]+", printed)])

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
    parser = parser_of(__doc__)
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
