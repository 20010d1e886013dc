"""The keys of sheets, which lie over a screen, and of the list of populations."""

from __future__ import annotations

from textual.binding import Binding

from tui.keys.actions import HELP, hidden


def _through(sheet: str) -> list[Binding]:
    """Return the keys that go through the lines of a sheet."""
    return [
        Binding("down,j", "move(1)", "Down", id=f"{sheet}.down"),
        Binding("up,k", "move(-1)", "Up", id=f"{sheet}.up"),
    ]


RECIPE = [
    Binding("left", "move(-1)", "Left", id="recipe.left"),
    Binding("right", "move(1)", "Right", id="recipe.right"),
    Binding("up", "move(-4)", "Up", id="recipe.up"),
    Binding("down", "move(4)", "Down", id="recipe.down"),
    Binding("a", "set('auto')", "Auto", id="recipe.auto"),
    Binding("e", "set('keep')", "Keep", id="recipe.keep"),
    Binding("m", "set('mutate')", "Mutate", id="recipe.mutate"),
    Binding("c", "set('cross')", "Cross", id="recipe.cross"),
    Binding("n", "set('new')", "New", id="recipe.new"),
    Binding("space", "turn", "Next kind", id="recipe.turn"),
    Binding("r", "reset", "All auto", id="recipe.reset"),
    Binding("o", "once", "How long", id="recipe.once"),
    Binding("b", "back(True)", "Breed", id="recipe.breed"),
    Binding("escape,q,w,enter", "back(False)", "Back", id="recipe.back"),
]
ANOTHER = [
    Binding("down,j,right,l,N", "move(1)", "More", id="another.more"),
    Binding("up,k,left,h", "move(-1)", "Fewer", id="another.fewer"),
    Binding("enter,space,b", "choose", "Paint", id="another.paint"),
    Binding("escape,q", "back", "Back", id="another.back"),
]
SETTINGS = [
    *_through("settings"),
    Binding("right,l,space", "turn(1)", "More", id="settings.more"),
    Binding("left,h", "turn(-1)", "Less", id="settings.less"),
    Binding("r", "reset", "Reset", id="settings.reset"),
    Binding("escape,q,s,enter", "back", "Back", id="settings.back"),
]
WORDS = [
    Binding("up", "turn(1)", "Earlier words", id="words.earlier", priority=True),
    Binding("down", "turn(-1)", "Later words", id="words.later", priority=True),
    Binding("f2", "weigh", "What each word does", id="words.weigh"),
    Binding("escape", "cancel", "Cancel", id="words.cancel"),
]
DIRECTIONS = [
    *_through("directions"),
    Binding("enter,space", "choose", "Turn", id="directions.choose"),
    Binding("x,delete", "forget", "Forget", id="directions.forget"),
    Binding("escape,q,D", "back", "Back", id="directions.back"),
]
TASTE = [
    Binding("b", "parents", "Parents by it", id="taste.parents"),
    Binding("x", "forget", "Forget", id="taste.forget"),
    Binding("escape,q,L,enter", "back", "Back", id="taste.back"),
]
BRANCHES = [
    *_through("branches"),
    Binding("enter,space", "choose", "Go there", id="branches.choose"),
    Binding("escape,q,B", "back", "Back", id="branches.back"),
]
ASK = [Binding("escape", "cancel", "Cancel", id="ask.cancel")]
HOME = [
    Binding("enter", "open", "Open", id="list.open", tooltip="Open the population"),
    Binding("n", "new", "New", id="list.new", tooltip="Make a new population"),
    Binding("v", "view", "View", id="list.view", tooltip="View it read-only"),
    Binding("r", "rename", "Rename", id="list.rename", tooltip="Give it another name"),
    Binding("c", "copy", "Copy", id="list.copy", tooltip="Copy it"),
    Binding("x,delete", "delete", "Delete", id="list.delete", tooltip="Move it to the trash"),
    hidden("u", "restore", "Take back", id="list.restore", tooltip="Take it back"),
    hidden("down,j", "move(1)", "Down", id="list.down", tooltip="Next population"),
    hidden("up,k", "move(-1)", "Up", id="list.up", tooltip="Population before"),
    hidden("slash", "find", "Find", id="list.find", tooltip="Find words of name or prompt"),
    hidden("greater_than_sign", "found(1)", "Next", id="list.next", tooltip="Next one found"),
    hidden(
        "less_than_sign", "found(-1)", "Previous", id="list.previous", tooltip="One found before"
    ),
    hidden("pagedown,ctrl+d", "screenful(1)", "On", id="list.screen_after", tooltip="Screen after"),
    hidden(
        "pageup,ctrl+u", "screenful(-1)", "Back", id="list.screen_before", tooltip="Screen before"
    ),
    hidden("g,home", "end(0)", "First", id="list.first", tooltip="First"),
    hidden("G,end", "end(-1)", "Last", id="list.last", tooltip="Last"),
    hidden("escape", "cancel", "Stay", id="list.cancel", tooltip="Close what lies over the list"),
    Binding("q", "leave", "Quit", id="list.leave", tooltip="Quit"),
    HELP,
]
