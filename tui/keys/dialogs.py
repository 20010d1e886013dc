"""The keys of sheets, which lie over a screen, and of the list of populations."""

from __future__ import annotations

from textual.binding import Binding

from tui.keys.actions import HELP, bound, hidden


def _through(sheet: str) -> list[Binding]:
    """Return the keys that move through the lines of a sheet, or of the list."""
    return [
        hidden(f"{sheet}.down", "down,j", "move(1)", "Down", "Line below"),
        hidden(f"{sheet}.up", "up,k", "move(-1)", "Up", "Line above"),
        hidden(f"{sheet}.screen_after", "pagedown,ctrl+d", "screenful(1)", "On", "Screen after"),
        hidden(f"{sheet}.screen_before", "pageup,ctrl+u", "screenful(-1)", "Back", "Screen before"),
        hidden(f"{sheet}.first", "g,home", "end(-1)", "First", "First"),
        hidden(f"{sheet}.last", "G,end", "end(1)", "Last", "Last"),
    ]


RECIPE = [
    bound("recipe.left", "left,h", "move(-1)", "Left"),
    bound("recipe.right", "right,l", "move(1)", "Right"),
    bound("recipe.up", "up,k", "move(-4)", "Up"),
    bound("recipe.down", "down,j", "move(4)", "Down"),
    bound("recipe.auto", "a", "set('auto')", "Auto"),
    bound("recipe.keep", "e", "set('keep')", "Keep"),
    bound("recipe.mutate", "m", "set('mutate')", "Mutate"),
    bound("recipe.cross", "c", "set('cross')", "Cross"),
    bound("recipe.new", "n", "set('new')", "New"),
    bound("recipe.turn", "space", "turn", "Next kind"),
    bound("recipe.reset", "r", "reset", "All auto"),
    bound("recipe.once", "o", "once", "How long"),
    bound("recipe.breed", "b", "back(True)", "Breed"),
    bound("recipe.back", "escape,q,w,enter", "back(False)", "Back"),
]
ANOTHER = [
    bound("another.more", "down,j,right,l,N", "move(1)", "More"),
    bound("another.fewer", "up,k,left,h", "move(-1)", "Fewer"),
    bound("another.paint", "enter,space,b", "choose", "Paint"),
    bound("another.back", "escape,q", "back", "Back"),
]
SETTINGS = [
    *_through("settings"),
    bound("settings.more", "right,l,space", "turn(1)", "More"),
    bound("settings.less", "left,h", "turn(-1)", "Less"),
    bound("settings.reset", "r", "reset", "Reset"),
    bound("settings.back", "escape,q,s,enter", "back", "Back"),
]
WORDS = [
    bound("words.earlier", "up", "turn(1)", "Earlier words", priority=True),
    bound("words.later", "down", "turn(-1)", "Later words", priority=True),
    bound("words.weigh", "f2", "weigh", "What each word does"),
    bound("words.cancel", "escape", "cancel", "Cancel"),
]
DIRECTIONS = [
    *_through("directions"),
    bound("directions.choose", "enter,space", "choose", "Turn"),
    bound("directions.forget", "x,delete", "forget", "Forget"),
    bound("directions.back", "escape,q,D", "back", "Back"),
]
TASTE = [
    bound("taste.parents", "b", "parents", "Parents by it"),
    bound("taste.forget", "x", "forget", "Forget"),
    *_through("taste"),
    bound("taste.back", "escape,q,L,enter", "back", "Back"),
]
BRANCHES = [
    *_through("branches"),
    bound("branches.choose", "enter,space", "choose", "Go there"),
    bound("branches.back", "escape,q,B", "back", "Back"),
]
ASK = [bound("ask.cancel", "escape", "cancel", "Cancel")]
HOME = [
    bound("list.open", "enter", "open", "Open", "Open the population"),
    bound("list.new", "n", "new", "New", "Make a new population"),
    bound("list.view", "v", "view", "View", "View it read-only"),
    bound("list.rename", "r", "rename", "Rename", "Give it another name"),
    bound("list.copy", "c", "copy", "Copy", "Copy it"),
    bound("list.delete", "x,delete", "delete", "Delete", "Move it to the trash"),
    hidden("list.restore", "u", "restore", "Take back", "Take it back"),
    *_through("list"),
    hidden("list.find", "slash", "find", "Find", "Find words of name or prompt"),
    hidden("list.next", "greater_than_sign", "found(1)", "Next", "Next one found"),
    hidden("list.previous", "less_than_sign", "found(-1)", "Previous", "One found before"),
    hidden("list.cancel", "escape", "cancel", "Stay", "Close what lies over the list"),
    bound("list.leave", "q", "leave", "Quit", "Quit"),
    HELP,
]
