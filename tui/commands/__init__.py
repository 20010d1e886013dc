"""One module per command, in the folder of its group.

Each has

    SUMMARY                       its line in `fancier --help`
    Options                       what it is asked with
    declare(parser)               which declares the options beside their use
    run(args) -> exit status      which does it

and imports at its top only what is light: `fancier --help` and the completion of a shell import
every command, so that a body imports what it needs where it begins.
"""

GROUPS = ("breeding", "viewing", "keeping", "setup")
"""The folders, in the order of the help; the docstring of each is its heading."""
