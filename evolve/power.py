"""Whether this machine runs on battery."""

from __future__ import annotations

from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
"""Folder of the power supplies on Linux."""


def is_on_battery(supplies: Path = SUPPLIES) -> bool:
    """Return whether a battery of this machine is discharging; False if unknown."""
    return any(
        _text(supply / "type") == "Battery"
        and _text(supply / "scope") != "Device"  # for example of a mouse
        and _text(supply / "status") == "Discharging"
        for supply in (supplies.iterdir() if supplies.is_dir() else ())
    )


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace").strip()
    except OSError:
        return ""
