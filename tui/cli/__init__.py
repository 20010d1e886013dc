"""The command line: `fancier COMMAND …`."""

from tui.cli.command_line import build_parser, main, program

__all__ = ["build_parser", "main", "program"]
