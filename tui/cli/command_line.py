"""The command line: `fancier COMMAND …`.

Only what parses arguments is imported here; each command imports its own needs when it runs, so
that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from evolve.errors import FancierError
from tui.cli.arguments import COMMANDS, Command, add_device, add_home, add_look
from tui.cli.output import complain, tell
from tui.drawing import streams

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

DESCRIPTION = """\
fancier: breed images by eye.

Paint many pictures from a few words, say which you like, and breed the next ones from them.
Start with 'fancier' alone, or with:

  fancier new faces "a smiling woman with red hair, hand drawn"
"""


def program() -> NoReturn:
    """Be the program `fancier`, and be gone at once.

    When a command returns all is saved; to take the interpreter apart object by object would only
    keep a person waiting.
    """
    streams.settle()
    status = main()
    with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
        sys.stderr.flush()
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 1 could not, 2 wrong usage, 130 interrupted."""
    try:
        status = _run(argv)
        sys.stdout.flush()  # what cannot be written is no success
        return status
    except FancierError as error:
        complain(error)
        return 1
    except KeyboardInterrupt:
        complain("interrupted; everything up to now is saved")
        return 130
    except BrokenPipeError:  # `fancier list | head`
        sys.stderr.close()
        return 1
    except OSError as error:  # `fancier list > file` on a full disk
        where = f": {error.filename}" if error.filename else ""
        complain(f"could not finish: {error.strerror or error}{where}")
        return 1


def _run(argv: Sequence[str] | None) -> int:
    parser = build_parser()
    try:
        args = parser.parse_args(argv)
        if args.command == "export" and not (
            args.ids or ((args.all or args.sheet) and not args.line)
        ):
            parser.error("say which individuals to export: ids, or --all, or --sheet")
        if args.command == "models" and args.get and not args.model:
            parser.error("say which model to get: owner/name")
    except SystemExit as said:  # help, or how to use it
        return int(said.code or 0)
    if args.device:
        from evolve.rendering.process.starting import DEVICE

        os.environ[DEVICE] = args.device  # for whatever the command starts
    name = args.command or "home"
    folder = COMMANDS[name].folder if name in COMMANDS else "breeding"
    module = importlib.import_module(f"tui.commands.{folder}.{name}")
    return int(module.run(args) or 0)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(
        prog="fancier",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="'fancier COMMAND --help' tells more about a command.",
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="print the version")
    add_home(parser)
    add_device(parser)
    add_look(parser)
    parser.set_defaults(command=None, as_json=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    for name, command in COMMANDS.items():
        command.add(_command(commands, name, command))
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line: what was wrong, and where to read more."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message}; see '{self.prog} --help'")
        raise SystemExit(2)

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        tell(message.removesuffix("\n"))  # argparse would keep silent of a full disk


class _ShowVersion(argparse.Action):
    """Prints the version, looked up only now: that takes longer than parsing."""

    def __call__(self, *_: object) -> NoReturn:
        from importlib.metadata import version

        tell(f"fancier {version('fancier')}")
        raise SystemExit(0)


def _command(
    commands: argparse._SubParsersAction[_Parser], name: str, command: Command
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=command.text, description=command.text.capitalize() + "."
    )
    add_home(parser, default=argparse.SUPPRESS)
    if command.paints:
        add_device(parser, default=argparse.SUPPRESS)
    if command.json:
        parser.add_argument(
            "--json", dest="as_json", action="store_true", help="print one JSON object on stdout"
        )
    return parser
