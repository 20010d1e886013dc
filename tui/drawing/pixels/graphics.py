"""What the terminal can show, asked before Textual owns it.

All questions are sent at once; the last is one that every terminal answers (its device
attributes), so that no answer comes after it. Nothing is waited for in vain, no answer is left
unread, and a silent terminal costs `PATIENCE` seconds once. Inside tmux, tmux knows which terminal
is outside, and whether it lets pictures through.
"""

from __future__ import annotations

import os
import re
import select
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tui.drawing.kinds import Graphics

PATIENCE = 0.5
"""Seconds to wait for a terminal, over a slow line, too."""
_KITTY = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_VERSION = b"\x1b[>q"
_CELL = b"\x1b[16t"
_ATTRIBUTES = b"\x1b[c"
_REGISTERS = b"\x1b[?1;1;0S"
_HAS_PLACEHOLDERS = re.compile(r"ghostty|kitty\((?:[1-9]|0\.(?:2[89]|[3-9]\d))")
"""Kitty has them from 0.28."""
_HAS_OCTANTS = re.compile(
    r"ghostty (?:[2-9]|1\.(?:[2-9]|\d\d))|foot\((?:[2-9]|1\.[2-9]\d)"
    r"|kitty\((?:[1-9]|0\.[4-9]\d)|VTE\((?:7[89]|[89]\d|\d{3})\d\d\)"
)
"""Terminals that draw them themselves, whatever the font."""
_ITERM2 = re.compile(r"iTerm2")
_NAME = re.compile(rb"\x1bP>\|([^\x1b]*)")
_SIZE = re.compile(rb"\x1b\[6;(\d+);(\d+)t")
_COUNT = re.compile(rb"\x1b\[\?1;0;(\d+)S")
_ANSWER = re.compile(rb"\x1b\[\?([\d;]*)c")
_ANSWERS = re.compile(rb"\x1b[P_][^\x1b]*\x1b\\|\x1b\[[?>][\d;]*[a-zA-Z]|\x1b\[6;\d+;\d+t")
"""Every answer of a terminal; the rest was typed meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What a terminal can show."""

    graphics: Graphics | None = None
    """How it shows real pixels; None if it shows none."""
    octants: bool = False
    """Whether it has the characters of 2 x 4 parts."""
    cell: tuple[int, int] = (10, 20)
    """Width and height of a cell in pixels; those of the VT340 if they are not known."""
    registers: int = 256
    """Colours of a picture in Sixel."""
    through: bool = False
    """Whether tmux has to pass pictures through."""
    typed: bytes = b""
    """Keys that were pressed while the terminal was asked."""


def read(answer: bytes) -> Surface:
    """Parse the answer of a terminal.

    More terminals know the Kitty protocol (Konsole, WezTerm, Kitty before 0.28) than know the
    placeholders that keep a picture in its place on a screen of text: only Kitty and Ghostty do.
    """
    named = _NAME.search(answer)
    name = named[1].decode(errors="replace") if named else ""
    surface = Surface(octants=bool(_HAS_OCTANTS.match(name)))
    if (size := _SIZE.search(answer)) and int(size[1]) and int(size[2]):
        surface = replace(surface, cell=(int(size[2]), int(size[1])))
    if (count := _COUNT.search(answer)) and int(count[1]) > 1:
        surface = replace(surface, registers=int(count[1]))
    attributes = _ANSWER.search(answer)
    if attributes is None:
        return surface
    if _HAS_PLACEHOLDERS.match(name) and b"_Gi=31;OK" in answer:
        return replace(surface, graphics=Graphics.KITTY)
    if _ITERM2.match(name):
        return replace(surface, graphics=Graphics.ITERM2)
    if b"4" in attributes[1].split(b";")[1:]:
        return replace(surface, graphics=Graphics.SIXEL)
    return surface


def detect(environ: Mapping[str, str] = os.environ) -> Surface:
    """Ask the terminal; what is not known counts as missing. Call it before Textual starts."""
    if "TEXTUAL_DRIVER" in environ or sys.platform == "win32" or environ.get("TERM") == "dumb":
        return Surface()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Surface()
    source, sink = sys.stdin.fileno(), sys.stdout.fileno()
    outside = _outside() if "TMUX" in environ else None
    if outside is not None and outside.graphics is not None:
        return replace(outside, cell=_cell(sink) or outside.cell)
    answer = _ask(source, sink, _KITTY + _VERSION + _CELL + _ATTRIBUTES)
    surface = read(answer)
    if environ.get("TERM_PROGRAM") == "iTerm.app" or environ.get("LC_TERMINAL") == "iTerm2":
        surface = replace(surface, graphics=None if outside else Graphics.ITERM2)
    if surface.graphics is Graphics.SIXEL:  # only terminals that have it are asked for more
        answer += (more := _ask(source, sink, _REGISTERS + _ATTRIBUTES))
        surface = replace(surface, registers=read(more).registers)
    octants = outside.octants if outside is not None else surface.octants
    typed = _ANSWERS.sub(b"", answer)
    return replace(surface, octants=octants, cell=_cell(sink) or surface.cell, typed=typed)


def _outside() -> Surface:
    """Return what the terminal around tmux can show through it."""
    command = ["tmux", "display-message", "-p", "#{client_termtype}", ";"]
    command += ["show-options", "-Apv", "allow-passthrough"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except (OSError, subprocess.SubprocessError):
        return Surface()
    name, _, passes = answer.stdout.partition("\n")
    through = passes.strip() in ("on", "all")
    shows = through and _HAS_PLACEHOLDERS.match(name)
    return Surface(
        graphics=Graphics.KITTY if shows else None,
        octants=bool(_HAS_OCTANTS.match(name)),
        through=through,
    )


def _cell(terminal: int) -> tuple[int, int] | None:
    """Return the pixels of a cell from the system; None if it does not know them."""
    import fcntl
    import termios

    try:
        packed = fcntl.ioctl(terminal, termios.TIOCGWINSZ, b"\0" * 8)
    except OSError:
        return None
    rows, columns, width, height = struct.unpack("4H", packed)
    if not (rows and columns and width >= columns and height >= rows):
        return None
    return width // columns, height // rows


def _ask(source: int, sink: int, questions: bytes) -> bytes:
    import termios
    import tty

    before = termios.tcgetattr(source)
    answer = b""
    try:
        tty.setcbreak(source, termios.TCSANOW)
        os.write(sink, questions)
        end = time.monotonic() + PATIENCE
        while not _ANSWER.search(answer) and (left := end - time.monotonic()) > 0:
            if select.select([source], [], [], left)[0]:
                answer += os.read(source, 1024)
    finally:
        # A late answer is dropped, so that it is never shown.
        all_there = _ANSWER.search(answer) is not None
        termios.tcsetattr(source, termios.TCSANOW if all_there else termios.TCSAFLUSH, before)
    return answer
