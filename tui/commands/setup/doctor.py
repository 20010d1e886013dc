"""`fancier doctor`: what this machine and terminal can do, and what to change."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from evolve.errors import FancierError
from tui.cli import opening, options
from tui.cli.output import say
from tui.drawing import terminal

Check = tuple[bool, str, str]
"""Whether all is well, what was found, and what to do if not."""

SUMMARY = "check terminal, device and memory, and suggest fixes"
Options = options.Common


def declare(parser: ArgumentParser) -> None:
    options.as_json(parser)


def run(args: Options) -> int:
    """Check everything, and print the results."""
    from evolve.installed_packages import damaged_package

    checks: dict[str, Callable[[], Check]] = {
        "terminal": _terminal,
        "colours": _colours,
        "home": lambda: _home(opening.home_at(args.home)),
        "config": _config,
        "libraries": _libraries,
        "model": _model,
        "hub": _hub,
        "cache": _cache,
        "device": _device,
        "memory": _memory,
    }
    rows = []
    for name, look in checks.items():
        try:
            ok, found, cure = look()
        except Exception as error:  # what is checked may be broken in any way
            found = f"{type(error).__name__}: {error}"
            ok, cure = False, damaged_package().rpartition(": ")[2] or "install fancier again"
        rows.append({"name": name, "ok": ok, "found": found, "cure": "" if ok else cure})
    good = all(bool(row["ok"]) for row in rows)
    text = [
        f"{'ok ' if r['ok'] else 'no '} {r['name']:<10} {r['found']}"
        + (f"\n    -> {r['cure']}" if r["cure"] else "")
        for r in rows
    ]
    say(args, {"ok": good, "checks": rows}, "\n".join(text))
    return 0 if good else 1


def _terminal() -> Check:
    if not sys.stderr.isatty():
        return True, "none: output goes to a file or a pipe", ""
    if terminal.is_dumb(os.environ):
        return False, "TERM='dumb', which only prints", "open the app in another terminal"
    columns, lines = shutil.get_terminal_size()
    found = f"{columns}x{lines}, {os.environ.get('TERM', 'unknown')}"
    least = f"{terminal.MIN_WIDTH}x{terminal.MIN_HEIGHT}"
    return not terminal.too_small(columns, lines), found, f"enlarge it to at least {least}"


def _colours() -> Check:
    if os.environ.get("NO_COLOR"):
        return True, "disabled by NO_COLOR: pictures are grey", ""
    if os.environ.get("TMUX"):
        return (
            True,
            "24-bit inside tmux; if pictures look banded, add to ~/.tmux.conf: "
            "set -ga terminal-features ',*:RGB'",
            "",
        )
    true = os.environ.get("COLORTERM", "") in ("truecolor", "24bit")
    found = "24-bit" if true else "24-bit is not announced (COLORTERM)"
    cure = "export COLORTERM=truecolor if your terminal shows true colours"
    return true or not sys.stderr.isatty(), found, cure


def _home(home: Path) -> Check:
    free = _free(home)
    if free is None:
        return False, f"{home} is not writable", "choose another with --home or $FANCIER_HOME"
    return free > 0.5, f"{home}, {free:.0f} GB free", "free some space"


def _free(folder: Path) -> float | None:
    """Return how many GB are free where a folder is or would be; None if it is not writable."""
    try:
        there = next(p for p in (folder, *folder.parents) if p.exists())
        return shutil.disk_usage(there).free / 1e9 if os.access(there, os.W_OK) else None
    except OSError:  # a name that is too long, a folder that may not be entered
        return None


def _config() -> Check:
    from tui.app.config import config_file, read_config

    file = config_file()
    try:
        read_config()
    except FancierError as error:
        return False, str(error), f"correct {file}"
    return True, f"{file}" if file.exists() else f"none; it would be read from {file}", ""


def _libraries() -> Check:
    from importlib.metadata import PackageNotFoundError, version

    from evolve.installed_packages import damaged_package

    names = ("torch", "diffusers", "transformers", "huggingface-hub", "textual", "zarr")
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return False, ", ".join(found), f"missing: {', '.join(missing)}; install fancier again"
    damaged, _, cure = damaged_package().rpartition(": ")
    return not damaged, damaged or ", ".join(found), cure


def _model() -> Check:
    from evolve.models.catalog import describe
    from populations.studio.new import DEFAULT_MODEL

    try:
        card = describe(DEFAULT_MODEL)
    except FancierError as error:
        return False, str(error), "install fancier again"
    return True, f"{card.name}, {card.bytes / 1e6:.0f} MB", ""


def _hub() -> Check:
    from evolve.models.hub import cache
    from populations.core.captions import counted

    folder = cache.cache_folder()
    free = _free(folder)
    if free is None:
        return False, f"{folder} is not writable", "set HF_HOME to a folder of your own"
    models = counted(len(cache.repositories()), "model")
    off = ", offline mode (HF_HUB_OFFLINE)" if cache.is_offline() else ""
    return True, f"{models} in {folder}, {free:.0f} GB free{off}", ""


def _cache() -> Check:
    from platformdirs import user_cache_path

    folder = user_cache_path("fancier")
    if _free(folder) is None:
        found = f"{folder} is not writable: every start measures again how to paint"
        return False, found, "set XDG_CACHE_HOME to a folder of your own"
    return True, str(folder), ""


def _device() -> Check:
    import torch

    from evolve.models.machine import openvino
    from evolve.models.machine.devices import best_dtype, present
    from populations.core.captions import counted

    here = present()
    device = here[0].partition(":")[0]
    dtype = str(best_dtype(device)).removeprefix("torch.")
    cores = counted(os.cpu_count() or 1, "core")
    name = torch.cuda.get_device_name() if device == "cuda" else cores
    if device == "cpu":  # what the last bits of a picture follow from, besides its rows
        name += f", {counted(torch.get_num_threads(), 'thread')}"
        dtype += f", OpenVINO {openvino.version()}" if openvino.available() else ", no OpenVINO"
    gpus = [each for each in here if each.startswith("cuda:")]
    more = f"; all {len(gpus)} in parallel: --device {','.join(gpus)}" if len(gpus) > 1 else ""
    return True, f"{device} ({name}), computing in {dtype}{more}", ""


def _memory() -> Check:
    from evolve.models.machine.memory import available

    found = available()
    if found is None:
        return True, "unknown on this system", ""
    free = found / 1e9
    return free > 1.5, f"{free:.1f} GB free", "close other programs: painting needs about 1.5 GB"
