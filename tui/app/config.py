"""The config file: how the app looks, and its keys.

`config.toml` in the user's config folder, or the file that `$FANCIER_CONFIG` names:

    blocks = "half"        # kitty, iterm2, sixel, octant, sextant, quadrant, half, ascii or none
    theme = "nord"
    pixels = false         # no real pixels, though the terminal has them
    ahead = false          # paint nothing ahead of what is asked for
    pictures = "~/faces"   # where pictures are saved; else the folder fancier among your pictures

    [keys]
    "breed.breed" = "f5"   # 'fancier keys' lists the names
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from platformdirs import user_config_path, user_pictures_path

from evolve.errors import FancierError
from tui.drawing import streams
from tui.drawing.kinds import BLOCKS, Graphics
from tui.drawing.pixels.graphics import Surface, detect

_KINDS = {str: "a text in quotes", bool: "true or false", dict: "a table: [keys]"}

_CURES = {
    "Cannot overwrite a value": "set each name only once",
    "Cannot declare": "write [keys] only once",
    "Invalid value": "put texts in quotes",
}
"""What to do about errors of TOML that do not say it, by how they begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of the app."""

    blocks: str = "auto"
    theme: str = ""
    """Name of a theme of Textual; empty for its default."""
    pixels: bool = True
    """Whether `auto` shows real pixels where the terminal has them."""
    ahead: bool = True
    """Whether the next page is painted ahead while a person looks at this one."""
    pictures: str = ""
    """Folder where pictures are saved; empty for that of `album`."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by the name of their action."""

    def surface(self, environ: Mapping[str, str] = os.environ) -> Surface:
        """Ask the terminal what it can show, as far as the settings leave it open."""
        named = self.blocks in tuple(Graphics)
        surface = detect(environ) if named or self.blocks == "auto" else Surface()
        if named:
            return replace(surface, graphics=Graphics(self.blocks), through="TMUX" in environ)
        if not self.pixels or environ.get("NO_COLOR"):
            return replace(surface, graphics=None)
        return surface

    def album(self) -> Path:
        """Return the folder where pictures are saved."""
        if self.pictures:
            return Path(os.path.expanduser(self.pictures)).absolute()
        return user_pictures_path() / "fancier"


SETTINGS: Mapping[str, type] = {name: type(value) for name, value in asdict(Config()).items()}
"""Settings of the file, with their types."""


def config_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the config file is, or would be."""
    named = environ.get("FANCIER_CONFIG")
    return Path(named) if named else user_config_path("fancier") / "config.toml"


def read_config(
    environ: Mapping[str, str] = os.environ, blocks: str | None = None, *, ahead: bool = True
) -> Config:
    """Read the config file; what it does not set has its default.

    Args:
        environ: `$FANCIER_BLOCKS` and `$FANCIER_PICTURES` take precedence over the file.
        blocks: From the command line; takes precedence over both.
        ahead: From the command line; the file may turn it off, too.

    Raises:
        FancierError: The file is invalid; the text names the place.
    """
    file = config_file(environ)
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        data = {}
    except (OSError, ValueError) as error:
        cures = (f": {cure}" for begun, cure in _CURES.items() if str(error).startswith(begun))
        raise FancierError(f"'{file}' cannot be read: {error}{next(cures, '')}") from None
    if strange := sorted(data.keys() - SETTINGS.keys()):
        names = ", ".join(SETTINGS)
        raise FancierError(f"'{file}' sets '{strange[0]}', but there are only {names}")
    for name, value in data.items():
        if not isinstance(value, kind := SETTINGS[name]):
            raise FancierError(f"'{file}': {name} is {value!r}: make it {_KINDS[kind]}")
    keys = data.get("keys", {})
    if not all(isinstance(key, str) for key in keys.values()):
        raise FancierError(f'\'{file}\': write keys as "breed.breed" = "f5" below [keys]')
    usual = "auto" if streams.writes_unicode() else "ascii"
    set_outside = environ.get("FANCIER_BLOCKS")
    wanted = str(blocks or set_outside or data.get("blocks", usual))
    if wanted not in BLOCKS:
        where = "$FANCIER_BLOCKS" if set_outside else f"'{file}'"
        raise FancierError(f"{where}: unknown blocks '{wanted}': use {', '.join(BLOCKS)}")
    given = {
        "blocks": wanted,
        "ahead": ahead and data.get("ahead", True),
        "pictures": str(environ.get("FANCIER_PICTURES") or data.get("pictures", "")),
    }
    config = Config(**{**data, **given})
    if keys or config.theme:
        _check_names(file, config)
    return config


def _check_names(file: Path, config: Config) -> None:
    from textual.theme import BUILTIN_THEMES

    from tui import keys  # textual comes with it

    known = {binding.id for binding in keys.everything()}
    for name in config.keys:
        if name not in known:
            raise FancierError(f"'{file}': unknown key '{name}': 'fancier keys' lists the names")
    if strange := keys.unknown(config.keys):
        key, name = strange
        raise FancierError(
            f"'{file}': '{name}' has the unknown key '{key}': "
            "write it like b, B, f5, ctrl+b or question_mark"
        )
    if both := keys.clash(config.keys):
        key, one, other = both
        raise FancierError(
            f"'{file}': '{key}' is the key of '{one}' and of '{other}': change one of them"
        )
    if config.theme and config.theme not in BUILTIN_THEMES:
        names = ", ".join(sorted(BUILTIN_THEMES))
        raise FancierError(f"'{file}': unknown theme '{config.theme}': use one of {names}")
