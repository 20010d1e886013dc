"""One module per command, in the folder of its group.

Each has

    SUMMARY                       its line in `fancier --help`
    Options                       what its options hold
    declare(parser)               which declares its options
    run(args) -> exit status      which runs it

and imports at its top only what is light: `fancier --help` and the completion of a shell import
every command. `run` imports what else it needs.
"""

GROUPS = ("breeding", "viewing", "keeping", "setup")
"""The folders, in the order of the help; the docstring of each is its heading."""
