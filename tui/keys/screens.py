"""The keys of the screens that show pictures.

The order is the order of importance: the key bar shows as many as fit.
"""

from __future__ import annotations

from textual.binding import Binding

from tui.keys.actions import (
    ADD_KEY,
    ANOTHER_KEY,
    BACK,
    BRANCHES_KEY,
    BREED,
    COMPARE_KEY,
    DIRECTIONS_KEYS,
    DRAFTS_KEY,
    EDIT_KEY,
    FAVOURITES_KEY,
    FIND,
    HELP,
    INSPECT,
    KEEP,
    LEAVE,
    MORE_KEEP,
    MORE_VERDICTS,
    PART_KEY,
    PICK,
    PLAN,
    RATE,
    REGION,
    REPAINT,
    SAVE_KEY,
    SCREENS,
    STEPS,
    TAKE_KEY,
    TAKE_OFF_KEY,
    TASTE_KEY,
    TREE,
    TURNS,
    VERDICTS,
    ZOOM,
    hidden,
)

_ARROWS = (
    ("left", "h", "←", -1, 0),
    ("down", "j", "↓", 0, 1),
    ("up", "k", "↑", 0, -1),
    ("right", "l", "→", 1, 0),
)
"""Keys with the steps right and down that they mean."""
_BOX = Binding.Group("Move", compact=True)
_SIZE = Binding.Group("Size", compact=True)
_ALL_AROUND = Binding.Group("Grow", compact=True)

GALLERY = [
    *RATE,
    *BREED,
    *ZOOM,
    ADD_KEY,
    *VERDICTS,
    ANOTHER_KEY,
    DRAFTS_KEY,
    SAVE_KEY,
    PART_KEY,
    *COMPARE_KEY,
    *TREE,
    *DIRECTIONS_KEYS,
    *PICK,
    *REGION,
    TAKE_KEY,
    TAKE_OFF_KEY,
    *PLAN,
    *TURNS,
    *MORE_VERDICTS,
    *INSPECT,
    *REPAINT,
    *MORE_KEEP,
    *FAVOURITES_KEY,
    *FIND,
    TASTE_KEY,
    BRANCHES_KEY,
    *STEPS,
    *SCREENS,
    *LEAVE,
    HELP,
]
ZOOMED = [
    *RATE,
    *BREED,
    EDIT_KEY,
    ADD_KEY,
    *REGION,
    *VERDICTS,
    SAVE_KEY,
    TAKE_KEY,
    TAKE_OFF_KEY,
    ANOTHER_KEY,
    *COMPARE_KEY,
    *TREE,
    *DIRECTIONS_KEYS,
    *PICK,
    *PLAN,
    *MORE_VERDICTS[:-1],
    *REPAINT,
    *MORE_KEEP,
    *FAVOURITES_KEY,
    *FIND,
    *TURNS,
    *STEPS,
    BACK,
    HELP,
]
COMPARE = [
    Binding("f", "flicker", "Swap", id="look.flicker", tooltip="In one place, in turn"),
    Binding("d", "difference", "Difference", id="look.difference", tooltip="What is different"),
    TAKE_KEY,
    *TREE,
    *RATE,
    *VERDICTS,
    *BREED,
    *MORE_VERDICTS,
    *REPAINT,
    *KEEP,
    *STEPS,
    Binding("enter", "jump", "Go there", id="look.jump", tooltip="Go to its page"),
    Binding("escape,q,c", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
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
    *KEEP,
    *STEPS[:4],
    Binding("escape,q,d", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
FAVOURITES = [
    Binding("enter", "jump", "Go there", id="look.jump", tooltip="Go to its page"),
    Binding("o", "order", "Sort", id="look.order", tooltip="Sort by rating, newest, ..."),
    Binding("B", "scope", "Branches", id="look.scope", tooltip="Of all branches, or of this one"),
    Binding("z", "zoom", "Zoom", id="look.zoom", tooltip="Show it large"),
    *RATE,
    *VERDICTS,
    *BREED,
    *COMPARE_KEY,
    *TREE,
    *KEEP,
    *MORE_VERDICTS,
    *REPAINT,
    *STEPS,
    *SCREENS,
    Binding("escape,q,F", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
LINEAGE = [
    Binding("enter", "jump", "Go there", id="look.jump", tooltip="Go to its page"),
    Binding("B", "branch", "Branch", id="look.branch", tooltip="A branch that goes on from it"),
    PART_KEY,
    TAKE_KEY,
    Binding(
        "w", "better", "Better before", id="look.better", tooltip="Back to where it was better"
    ),
    *RATE,
    *VERDICTS,
    *BREED,
    *COMPARE_KEY,
    *MORE_VERDICTS,
    *REPAINT,
    *KEEP,
    *STEPS[:5],
    Binding("escape,q,t", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
_MOVE_BOX = [
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
]
_MARK = [
    *_MOVE_BOX,
    Binding(
        "plus",
        "resize(1)",
        "Grow",
        id="touch.grow",
        tooltip="Make the place larger",
        key_display="+",
        group=_ALL_AROUND,
    ),
    Binding(
        "minus",
        "resize(-1)",
        "Grow",
        id="touch.shrink",
        tooltip="Make the place smaller",
        key_display="-",
        group=_ALL_AROUND,
    ),
    Binding("f", "far", "How far", id="touch.far", tooltip="How much changes there"),
    Binding("space", "brush", "Brush", id="touch.brush", tooltip="Mark or free single cells"),
    Binding("n", "another", "Another box", id="touch.another", tooltip="Begin another box"),
    Binding("o", "corner", "Corner", id="touch.corner", tooltip="Size at the other corner"),
    Binding("c", "clear", "Clear", id="touch.clear", tooltip="Mark nothing"),
    Binding("u", "undo", "Undo", id="touch.undo", tooltip="Take the last change of it back"),
]
TOUCH = [
    Binding("enter,b", "paint", "Repaint it", id="touch.paint"),
    *_MARK,
    Binding("e", "words", "Words", id="touch.words", tooltip="Edit the words of the pages to come"),
    Binding("escape,q,R", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
EDIT = [
    Binding("enter,b", "paint", "Paint it", id="touch.paint"),
    *_MARK,
    Binding("a,e", "wish", "Other words", id="touch.wish", tooltip="Say what else is to change"),
    Binding("escape,q", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
TAKE = [
    Binding("enter,b", "paint", "Take it", id="touch.paint"),
    Binding("a,e", "wish", "By words", id="touch.wish", tooltip="Say what is taken, to find it"),
    *_MARK,
    Binding("escape,q,T", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
PART = [
    Binding("enter", "enlarge", "Enlarge it in all", id="look.enlarge"),
    *_MOVE_BOX,
    Binding("escape,q,P", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
HELP_PAGE = [
    hidden("j", "scroll_down", "Down", id="help.down", tooltip="Help: down"),
    hidden("k", "scroll_up", "Up", id="help.up", tooltip="Help: up"),
    hidden("ctrl+d,space", "page_down", "On", id="help.screen_after", tooltip="Help: next screen"),
    hidden("ctrl+u", "page_up", "Back", id="help.screen_before", tooltip="Help: screen before"),
    hidden("g", "scroll_home", "First", id="help.first", tooltip="Help: beginning"),
    hidden("G", "scroll_end", "Last", id="help.last", tooltip="Help: end"),
]
