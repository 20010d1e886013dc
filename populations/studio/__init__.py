"""What can be done with a saved population, without a terminal: commands, app and notebooks use it.

`open_population` and `create_population` give a `Studio`; they are in `populations`, too. Requests
are frozen dataclasses beside the function that takes them.
"""
