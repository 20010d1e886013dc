"""Whether this machine runs on its battery, where that can be read."""

from __future__ import annotations

from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
"""Where Linux says so."""


def is_on_battery(supplies: Path = SUPPLIES) -> bool:
    """Return whether a battery of this machine is being drained; False where that is not known."""
    return any(
        _said(supply / "type") == "Battery"
        and _said(supply / "scope") != "Device"  # of a mouse, say
        and _said(supply / "status") == "Discharging"
        for supply in (supplies.iterdir() if supplies.is_dir() else ())
    )


def _said(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace").strip()
    except OSError:
        return ""
