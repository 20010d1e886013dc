"""Every key of the app.

The order is the order of importance: the key bar shows as many as fit. Ids are for remapping (with
`App.set_keymap`); the part before the dot is the section of the help page.
"""

from __future__ import annotations

from textual.binding import Binding

SECTIONS = {
    "rate": "say what you think",
    "breed": "make new pictures",
    "look": "look closer",
    "move": "move about",
    "touch": "the box",
    "list": "populations",
    "app": "everything else",
}
"""Headings of the help page, by the first part of a binding's id."""

_RATE = Binding.Group("Rate", compact=True)
_ARROWS = (
    ("left", "h", "←", -1, 0),
    ("down", "j", "↓", 0, 1),
    ("up", "k", "↑", 0, -1),
    ("right", "l", "→", 1, 0),
)
"""Keys with the steps right and down that they mean."""
_BOX = Binding.Group("Move", compact=True)
_SIZE = Binding.Group("Size", compact=True)
_GENERATION = Binding.Group("Generation", compact=True)

RATE = [
    *(
        Binding(
            str(stars),
            f"rate({stars})",
            "Rate",
            id=f"rate.{stars}",
            tooltip="Rate it, 5 is best",
            group=_RATE,
        )
        for stars in range(1, 6)
    ),
]
VERDICTS = [
    Binding("x", "reject", "Reject", id="rate.reject", tooltip="Reject it: never a parent"),
    Binding("space", "mark", "Mark", id="rate.mark", tooltip="Mark it as a parent"),
    Binding("p", "pin", "Pin", id="rate.pin", tooltip="Pin it: always a parent"),
]
PICK = [
    Binding("o", "pick", "Pick", id="rate.pick", tooltip="Pick it as 1st, then 2nd and 3rd"),
    Binding(
        "n",
        "answer('none')",
        "None",
        id="rate.none",
        tooltip="None of these: breed from earlier",
        show=False,
    ),
    Binding(
        "equals_sign",
        "answer('same')",
        "Same",
        id="rate.same",
        tooltip="All the same: step further",
        key_display="=",
        show=False,
    ),
]
MORE_VERDICTS = [
    Binding("0", "rate(0)", "Clear", id="rate.clear", tooltip="Take its rating back", show=False),
    Binding("u", "undo", "Undo", id="rate.undo", tooltip="Undo"),
    Binding("ctrl+r", "redo", "Redo", id="rate.redo", tooltip="Redo", show=False),
    Binding(
        "a",
        "advance",
        "Auto-advance",
        id="rate.advance",
        tooltip="Auto-advance on or off",
        show=False,
    ),
]
BREED = [
    Binding("b", "breed", "Breed", id="breed.breed", tooltip="Breed the next page"),
    Binding("m", "mutate", "Mutate", id="breed.mutate", tooltip="Breed variations of it"),
]
DIRECTIONS_KEYS = [
    Binding("d", "around", "Around", id="look.around", tooltip="Look around it, in 8 directions"),
    Binding(
        "f", "further(1)", "Further", id="look.further", tooltip="Further from parent", show=False
    ),
    Binding("v", "further(-1)", "Reverse", id="look.reverse", tooltip="The other way", show=False),
    Binding(
        "y",
        "remember",
        "Remember",
        id="look.remember",
        tooltip="Remember its direction by name",
        show=False,
    ),
    Binding(
        "D",
        "directions",
        "Turn",
        id="look.directions",
        tooltip="Turn it in a remembered direction",
        show=False,
    ),
]
REGION = [
    Binding("R", "touch", "Region", id="breed.touch", tooltip="Paint a region of it anew"),
]
PLAN = [
    Binding("w", "recipe", "Next page", id="breed.recipe", tooltip="What the next page is made of"),
    Binding("e", "words", "Words", id="breed.words", tooltip="Edit the words from here on"),
    Binding(
        "s", "settings", "Settings", id="breed.settings", tooltip="Page, step, strengths, locks"
    ),
]
REPAINT = [
    Binding(
        "r",
        "repaint",
        "Repaint",
        id="breed.repaint",
        tooltip="Paint missing pictures",
        show=False,
    ),
]
STEPS = [
    Binding("left,h", "step(-1)", "Left", id="move.left", tooltip="Picture before", show=False),
    Binding("right,l", "step(1)", "Right", id="move.right", tooltip="Picture after", show=False),
    Binding("up,k", "row(-1)", "Up", id="move.up", tooltip="Row above", show=False),
    Binding("down,j", "row(1)", "Down", id="move.down", tooltip="Row below", show=False),
    Binding("g,home", "first", "First", id="move.first", tooltip="First picture", show=False),
    Binding("G,end", "last", "Last", id="move.last", tooltip="Last picture", show=False),
]
TURNS = [
    Binding(
        "comma",
        "turn(-1)",
        "Generation",
        id="move.before",
        tooltip="Generation before",
        key_display=",",
        group=_GENERATION,
    ),
    Binding(
        "full_stop",
        "turn(1)",
        "Generation",
        id="move.after",
        tooltip="Generation after",
        key_display=".",
        group=_GENERATION,
    ),
]
SCREENS = [
    Binding(
        "left_square_bracket,pageup",
        "screenful(-1)",
        "Back",
        id="move.screen_before",
        tooltip="Screen before",
        show=False,
    ),
    Binding(
        "right_square_bracket,pagedown",
        "screenful(1)",
        "On",
        id="move.screen_after",
        tooltip="Screen after",
        show=False,
    ),
]
ZOOM = [
    Binding("enter,z", "zoom", "Zoom", id="look.zoom", tooltip="Show it large"),
]
COMPARE_KEY = [
    Binding("c", "compare", "Compare", id="look.compare", tooltip="Compare with marked or parent"),
]
TREE = [
    Binding("t", "lineage", "Lineage", id="look.lineage", tooltip="Its ancestors and siblings"),
]
INSPECT = [
    Binding(
        "i",
        "inspect",
        "Info",
        id="look.inspect",
        tooltip="Show what it is made of",
        show=False,
    ),
]
BRANCHES_KEY = Binding(
    "B",
    "branches",
    "Branches",
    id="look.branches",
    tooltip="Go on in another branch",
    show=False,
)
LEAVE = [
    Binding("escape", "cancel", "Stop", id="app.cancel", tooltip="Stop painting", show=False),
    Binding("q", "leave", "Quit", id="app.leave", tooltip="Leave, all is saved"),
]
BACK = Binding("escape,q,enter,z", "back", "Back", id="app.back", tooltip="Go back")
CLOSE = Binding("escape,q,enter,i,question_mark,f1", "back", "Close", id="app.close")
QUIT = Binding(
    "ctrl+q,ctrl+c",
    "quit",
    "Quit",
    id="app.quit",
    tooltip="Quit from anywhere",
    show=False,
    priority=True,
)

SUSPEND = Binding(
    "ctrl+z",
    "suspend_process",
    "Suspend",
    id="app.suspend",
    tooltip="To the shell; fg comes back",
    show=False,
    priority=True,
)

HELP = Binding(
    "question_mark,f1",
    "help",
    "Help",
    id="app.help",
    tooltip="This page",
    key_display="?",
)
GALLERY = [
    *RATE,
    *BREED,
    *VERDICTS,
    *ZOOM,
    *COMPARE_KEY,
    *TREE,
    *DIRECTIONS_KEYS,
    *PICK,
    *REGION,
    *PLAN,
    *TURNS,
    *MORE_VERDICTS,
    *INSPECT,
    *REPAINT,
    BRANCHES_KEY,
    *STEPS,
    *SCREENS,
    *LEAVE,
    HELP,
]
ZOOMED = [
    *RATE,
    *VERDICTS,
    *BREED,
    *COMPARE_KEY,
    *TREE,
    *DIRECTIONS_KEYS,
    *PICK,
    *REGION,
    *PLAN,
    *MORE_VERDICTS,
    *REPAINT,
    *TURNS,
    *STEPS,
    BACK,
    HELP,
]
COMPARE = [
    Binding("f", "flicker", "Flicker", id="look.flicker", tooltip="In one place, in turn"),
    Binding("d", "difference", "Difference", id="look.difference", tooltip="What is different"),
    *RATE,
    *VERDICTS,
    *BREED,
    *MORE_VERDICTS,
    *REPAINT,
    *STEPS,
    Binding("escape,q,c,enter", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
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
    Binding("b", "back(True)", "Breed", id="recipe.breed"),
    Binding("escape,q,w,enter", "back(False)", "Back", id="recipe.back"),
]
SETTINGS = [
    Binding("down,j", "move(1)", "Down", id="settings.down"),
    Binding("up,k", "move(-1)", "Up", id="settings.up"),
    Binding("right,l,space", "turn(1)", "More", id="settings.more"),
    Binding("left,h", "turn(-1)", "Less", id="settings.less"),
    Binding("r", "reset", "Reset", id="settings.reset"),
    Binding("escape,q,s,enter", "back", "Back", id="settings.back"),
]
ASK = [Binding("escape", "cancel", "Cancel", id="ask.cancel")]
BRANCHES = [
    Binding("down,j", "move(1)", "Down", id="branches.down"),
    Binding("up,k", "move(-1)", "Up", id="branches.up"),
    Binding("enter,space", "choose", "Go there", id="branches.choose"),
    Binding("escape,q,B", "back", "Back", id="branches.back"),
]
DIRECTIONS = [
    Binding("down,j", "move(1)", "Down", id="directions.down"),
    Binding("up,k", "move(-1)", "Up", id="directions.up"),
    Binding("enter,space", "choose", "Turn", id="directions.choose"),
    Binding("x,delete", "forget", "Forget", id="directions.forget"),
    Binding("escape,q,D", "back", "Back", id="directions.back"),
]
AROUND = [
    Binding("enter", "walk", "Walk there", id="look.walk", tooltip="Make it the middle"),
    *DIRECTIONS_KEYS[1:4],
    *RATE,
    *VERDICTS,
    *BREED,
    *COMPARE_KEY,
    *MORE_VERDICTS,
    *REPAINT,
    *STEPS[:4],
    Binding("escape,q,d", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
LINEAGE = [
    Binding("enter", "jump", "Go there", id="look.jump", tooltip="Go to its page"),
    Binding("B", "branch", "Branch", id="look.branch", tooltip="A branch that goes on from it"),
    Binding(
        "w", "better", "Better before", id="look.better", tooltip="Back to where it was better"
    ),
    *RATE,
    *VERDICTS,
    *BREED,
    *COMPARE_KEY,
    *MORE_VERDICTS,
    *REPAINT,
    *STEPS[:5],
    Binding("escape,q,t", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
TOUCH = [
    Binding("enter,b", "paint", "Paint it anew", id="touch.paint"),
    *(
        Binding(
            f"{key},{letter}",
            f"shift({right}, {down})",
            "Move",
            id=f"touch.{key}",
            tooltip=f"Move the box {key}",
            key_display=arrow,
            group=_BOX,
        )
        for key, letter, arrow, right, down in _ARROWS
    ),
    *(
        Binding(
            f"shift+{key},{letter.upper()}",
            f"grow({right}, {down})",
            "Size",
            id=f"touch.grow_{key}",
            tooltip=f"Move its lower right corner {key}",
            key_display=letter.upper(),
            group=_SIZE,
        )
        for key, letter, arrow, right, down in _ARROWS
    ),
    Binding("e", "words", "Words", id="touch.words", tooltip="Edit the words from here on"),
    Binding("escape,q,R", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
WORDS = [
    Binding("up", "turn(1)", "Earlier words", id="words.earlier", priority=True),
    Binding("down", "turn(-1)", "Later words", id="words.later", priority=True),
    Binding("escape", "cancel", "Cancel", id="words.cancel"),
]
HOME = [
    Binding("enter", "open", "Open", id="list.open", tooltip="Open the population"),
    Binding("n", "new", "New", id="list.new", tooltip="Make a new population"),
    Binding("v", "view", "View", id="list.view", tooltip="Look at it without changing it"),
    Binding("r", "rename", "Rename", id="list.rename", tooltip="Give it another name"),
    Binding("c", "copy", "Copy", id="list.copy", tooltip="Copy it"),
    Binding("x,delete", "delete", "Delete", id="list.delete", tooltip="Move it to the trash"),
    Binding("u", "restore", "Take back", id="list.restore", tooltip="Take it back", show=False),
    Binding("down,j", "move(1)", "Down", id="list.down", tooltip="Next population", show=False),
    Binding("up,k", "move(-1)", "Up", id="list.up", tooltip="Population before", show=False),
    Binding("g,home", "end(0)", "First", id="list.first", tooltip="First", show=False),
    Binding("G,end", "end(-1)", "Last", id="list.last", tooltip="Last", show=False),
    Binding("q,escape", "leave", "Quit", id="list.leave", tooltip="Quit"),
    HELP,
]
LAST = ("app.back", "app.close", "app.leave", "list.leave", "app.help")
"""Ids that stand at the right end of the key bar, where they are never cut off."""


def everything() -> list[Binding]:
    """Return every binding of the app once, in the order of its screens."""
    pictures = [*GALLERY, *ZOOMED, *COMPARE, *AROUND, *LINEAGE, *TOUCH]
    sheets = [*RECIPE, *SETTINGS, *WORDS, *DIRECTIONS, *BRANCHES, *ASK]
    found = {binding.id: binding for binding in [*pictures, *sheets, *HOME]}
    return [*found.values(), CLOSE, SUSPEND, QUIT]
