"""`fancier`: the app at the list of populations."""

from __future__ import annotations

from tui.cli import opening, options
from tui.cli.values import dropped

Options = options.Common


def run(args: Options) -> int:
    """Open the app at its first screen."""
    from tui.drawing import terminal

    terminal.prepare()
    if terminal.is_there():
        opening.begin_renderer()
    from evolve.models.catalog import describe, known
    from evolve.models.words.vocabulary import vocabulary_of
    from populations import list_populations
    from populations.studio import new
    from populations.studio.showing.saved_session import open_session
    from populations.studio.showing.saved_shelf import SavedShelf
    from tui import keys
    from tui.app.config import read_config
    from tui.app.start import run_home

    config = read_config(blocks=args.blocks, ahead=args.ahead)
    home = opening.home_at(args.home)

    def create(name: str, prompt: str, model: str, taste_of: str = "", picture: str = "") -> str:
        request = new.CreateRequest(
            name=name,
            prompt=prompt,
            model=model or None,
            taste_of=taste_of,
            images=dropped(picture),
        )
        new.create(home, request).close()
        return name

    return run_home(
        lambda name: open_session(home, name, ahead=config.ahead, lists=keys.actions.COMPLETES),
        lambda: list_populations(home),
        create,
        models=lambda: [card.name for card in known()],
        words=lambda: vocabulary_of(describe(new.DEFAULT_MODEL)),
        shelf=SavedShelf(home),
        config=config,
    )
