"""The command line: `fancier COMMAND …`.

Only the module of the command that was given is imported, so that each answers at once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from evolve.errors import FancierError
from evolve.near_names import did_you_mean
from evolve.own_files import changed_since
from tui.cli import catalogue, completion, options
from tui.cli.output import UsageError, complain, tell
from tui.drawing import streams, typed_early

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

DESCRIPTION = """\
fancier: breed images by eye.

Paint many pictures from a few words, pick the ones you like, and breed the
next ones from them.
Start with 'fancier' alone, or with:

  fancier new faces "a smiling woman with red hair, hand drawn"
"""


MISSING = "the following arguments are required: "
"""How argparse begins to say that."""


def prepare() -> None:
    """Make the streams ready for a command; where a shell asks what can follow, answer that."""
    streams.settle()
    if completion.ASKED in os.environ:
        completion.answer(build_parser(whole=True))


def finish() -> None:
    """Write what is left to write; ctrl-c may have come before `main` gave the terminal back."""
    typed_early.hand_over()
    with contextlib.suppress(OSError, ValueError):  # it is closed
        sys.stderr.flush()


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    It is 0, 1 (failed), 2 (wrong usage), 130 (interrupted) or 141 (stdout was closed): the last two
    as a shell reports a process that a signal ended.
    """
    try:
        status = _run(argv)
        sys.stdout.flush()  # what cannot be written is no success
        return status
    except FancierError as error:
        complain(error)
        return 1
    except KeyboardInterrupt:
        complain("interrupted; all work so far is saved")
        return 130
    except BrokenPipeError:  # `fancier list | head`
        return 141
    except OSError as error:  # `fancier list > file` on a full disk
        where = f": '{error.filename}'" if error.filename else ""
        complain(f"could not finish: {error.strerror or error}{where}")
        return 1
    except Exception as error:
        from evolve.installed_packages import damaged_package  # only then: it takes a while

        # A library raises what it likes where it reads what installed packages say.
        if not (line := changed_since(error) or damaged_package()):
            raise
        complain(line)
        return 1
    finally:
        typed_early.hand_over()


def _run(argv: Sequence[str] | None) -> int:
    try:
        given = vars(build_parser().parse_args(argv))
    except SystemExit as leaving:  # help, or how to use it
        return int(leaving.code or 0)
    if given["device"]:
        from evolve.rendering.process.starting import DEVICE  # numpy comes with it

        os.environ[DEVICE] = given["device"]  # for whatever the command starts
    name = given["command"]
    command = catalogue.load(name)
    try:
        return command.run(command.Options(given))
    except UsageError as error:
        complain(f"{error}; see 'fancier {name} --help'")
        return 2


def build_parser(*, whole: bool = False) -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Args:
        whole: Declare the options of all commands now, not only of the one that is given.
    """
    parser = _MainParser(
        prog="fancier",
        usage="fancier [OPTIONS] [COMMAND ...]",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="'fancier COMMAND --help' shows the options of a command.",
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="print the version")
    options.home(parser, default=None)
    options.device(parser, default=None)
    options.look(parser, default=None)
    options.painting_ahead(parser, default=True)
    parser.set_defaults(as_json=False)
    commands = parser.add_subparsers(
        dest="command", prog="fancier", help=argparse.SUPPRESS, parser_class=_CommandParser
    )
    for name in catalogue.names():
        if whole:
            summary = catalogue.load(name).SUMMARY
            commands.add_parser(name, help=summary, formatter_class=_WholeWords).declare()
        else:
            commands.add_parser(name, formatter_class=_WholeWords)
    return parser


class _WholeWords(argparse.HelpFormatter):
    """Help whose lines end between words: argparse breaks `best-of-n` at a hyphen."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line that names the help."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message}; see '{self.prog} --help'")
        raise SystemExit(2)

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        tell(message.removesuffix("\n"))  # argparse ignores a full disk


class _MainParser(_Parser):
    """The parser of `fancier`, whose help lists the commands by their groups."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse an unknown command with those that come close: argparse would list them all."""
        if action.dest != "command" or value in catalogue.names():
            super()._check_value(action, value)
            return
        if not (hint := did_you_mean(value, catalogue.names())):
            self.error(f"unknown command {value!r}")
        complain(f"unknown command {value!r}: {hint}")
        raise SystemExit(2)

    def format_help(self) -> str:
        self.description = "\n".join([DESCRIPTION.rstrip("\n"), *catalogue.listing()])
        return super().format_help()


class _CommandParser(_Parser):
    """The parser of a command, which declares its options at its first use."""

    declared = False
    mixing = False
    """Whether it is parsing options and other arguments in any order."""

    def declare(self) -> None:
        """Import the command for its options."""
        if not self.declared:
            self.declared = True
            command = catalogue.load(self.prog.split()[-1])
            self.description = command.SUMMARY[0].upper() + command.SUMMARY[1:] + "."
            command.declare(self)
            options.home(self)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.declare()
        given, unknown = super().parse_known_args(args, namespace)
        if self.mixing or not unknown:
            return given, unknown
        plain = not any(word.startswith("-") for word in unknown)
        if plain and "--" not in args:
            # argparse has ended the ids at the first option: `export faces --to pictures 3 7`
            self.mixing = True
            try:
                given, unknown = self.parse_known_intermixed_args(args, namespace)
            finally:
                self.mixing = False
        if unknown:  # the parser of `fancier` would point to its own help
            texts = plain and not all(word.isdecimal() for word in unknown)
            takes_texts = texts and self._get_positional_actions()
            cure = ": put a text of several words in quotes" if takes_texts else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{cure}")
        return given, unknown

    def error(self, message: str) -> NoReturn:
        """Show where a missing argument belongs: a prompt alone was taken for the name, say."""
        if (listed := message.removeprefix(MISSING)) != message:
            places = self._get_positional_actions()
            optional = [_place(each) for each in places if each.nargs in ("?", "*")]
            missing = [name for name in listed.split(", ") if name not in optional]
            shown = [_place(each) for each in places]
            shown = [f"[{name}]" if name in optional else name for name in shown]
            shown += self._required()
            are = "is" if len(missing) == 1 else "are"
            line = " ".join([self.prog, *shown])
            message = f"{' and '.join(missing)} {are} missing: '{line}'"
        super().error(message)

    def _required(self) -> list[str]:
        """Return the options that are required, as they are typed."""
        groups = [group for group in self._mutually_exclusive_groups if group.required]
        one_of = [f"({' | '.join(map(_usage, group._group_actions))})" for group in groups]
        options = self._get_optional_actions()
        return [_usage(option) for option in options if option.required] + one_of


def _place(argument: argparse.Action) -> str:
    """Return what stands for a positional argument in the usage."""
    if argument.metavar is None and argument.choices is not None:
        return f"{{{','.join(map(str, argument.choices))}}}"
    return str(argument.metavar or argument.dest)


def _usage(option: argparse.Action) -> str:
    """Return an option with its values, as in the usage."""
    takes = [option.metavar] if isinstance(option.metavar, str) else option.metavar or ()
    return " ".join([option.option_strings[0], *takes])


class _ShowVersion(argparse.Action):
    """Prints the version."""

    def __call__(self, *_: object) -> NoReturn:
        from evolve.installed_packages import own_version  # it takes longer than parsing

        tell(f"fancier {own_version()}")
        raise SystemExit(0)
