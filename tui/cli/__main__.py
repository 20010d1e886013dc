"""`python -m tui.cli` is the program `fancier`."""

from tui.cli import program

program()
