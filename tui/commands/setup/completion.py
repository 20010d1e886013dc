"""`fancier completion`: what a shell runs so that Tab completes commands and names."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import completion, options
from tui.cli.output import tell

SUMMARY = "print the script that makes Tab complete commands and names"


class Options(options.Common):
    shell: str


def declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "shell",
        choices=completion.SHELLS,
        help='bash, zsh: add eval "$(fancier completion bash)" (or zsh) to ~/.bashrc or ~/.zshrc; '
        "fish: fancier completion fish > ~/.config/fish/completions/fancier.fish",
    )


def run(args: Options) -> int:
    """Print the script."""
    tell(completion.script(args.shell))
    return 0
