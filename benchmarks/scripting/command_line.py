"""The command line of a script."""

from argparse import ArgumentParser, RawTextHelpFormatter


def parser_of(docstring: str | None) -> ArgumentParser:
    """Return a parser whose `--help` shows the docstring of a script as it is written."""
    return ArgumentParser(description=docstring, formatter_class=RawTextHelpFormatter)
