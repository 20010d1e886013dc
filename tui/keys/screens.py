"""The keys of the screens that show pictures.

The order is the order of importance: the key bar shows as many as fit.
"""

from __future__ import annotations

from textual.binding import Binding

from tui.keys import actions
from tui.keys.actions import BACK, HELP, bound, hidden

_ARROWS = (
    ("left", "h", "←", -1, 0),
    ("down", "j", "↓", 0, 1),
    ("up", "k", "↑", 0, -1),
    ("right", "l", "→", 1, 0),
)
"""Arrows with their letters and signs, and the steps right and down that they stand for."""
_BOX = Binding.Group("Move", compact=True)
_SIZE = Binding.Group("Size", compact=True)
_ALL_AROUND = Binding.Group("Grow", compact=True)

GALLERY = [
    *actions.RATE,
    *actions.BREED,
    actions.ZOOM_KEY,
    actions.ADD_KEY,
    *actions.VERDICTS,
    actions.ANOTHER_KEY,
    actions.DRAFTS_KEY,
    actions.SAVE_KEY,
    actions.PART_KEY,
    actions.COMPARE_KEY,
    actions.TREE_KEY,
    *actions.DIRECTIONS_KEYS,
    *actions.PICK,
    actions.REGION_KEY,
    actions.TAKE_KEY,
    actions.TAKE_OFF_KEY,
    *actions.PLAN,
    *actions.TURNS,
    *actions.MORE_VERDICTS,
    actions.INSPECT_KEY,
    actions.REPAINT_KEY,
    *actions.MORE_KEEP,
    actions.FAVOURITES_KEY,
    *actions.FIND,
    actions.TASTE_KEY,
    actions.BRANCHES_KEY,
    *actions.STEPS,
    *actions.SCREENS,
    *actions.LEAVE,
    HELP,
]
ZOOMED = [
    *actions.RATE,
    *actions.BREED,
    actions.EDIT_KEY,
    actions.ADD_KEY,
    actions.REGION_KEY,
    *actions.VERDICTS,
    actions.SAVE_KEY,
    actions.TAKE_KEY,
    actions.TAKE_OFF_KEY,
    actions.ANOTHER_KEY,
    actions.COMPARE_KEY,
    actions.TREE_KEY,
    *actions.DIRECTIONS_KEYS,
    *actions.PICK,
    *actions.PLAN,
    *actions.MORE_VERDICTS[:-1],
    actions.REPAINT_KEY,
    *actions.MORE_KEEP,
    actions.FAVOURITES_KEY,
    *actions.FIND,
    *actions.TURNS,
    *actions.STEPS,
    *actions.SCREENS,
    BACK,
    HELP,
]
_JUDGE_AND_BREED = [*actions.RATE, *actions.VERDICTS, *actions.BREED]
_MORE = [*actions.MORE_VERDICTS, actions.REPAINT_KEY, *actions.KEEP]
COMPARE = [
    bound("look.flicker", "f", "flicker", "Swap", "In one place, in turn"),
    bound("look.difference", "d", "difference", "Difference", "What is different"),
    actions.TAKE_KEY,
    actions.TREE_KEY,
    *_JUDGE_AND_BREED,
    *_MORE,
    *actions.STEPS,
    bound("look.jump", "enter", "jump", "Go there", "Go to its page"),
    bound("app.back", "escape,q,c", "back", "Back", "Go back"),
    HELP,
]
AROUND = [
    bound("look.walk", "enter", "walk", "Walk there", "Make it the middle"),
    *actions.DIRECTIONS_KEYS[1:4],
    *_JUDGE_AND_BREED,
    actions.COMPARE_KEY,
    *_MORE,
    *actions.STEPS[:4],
    bound("app.back", "escape,q,d", "back", "Back", "Go back"),
    HELP,
]
FAVOURITES = [
    bound("look.jump", "enter", "jump", "Go there", "Go to its page"),
    bound("look.order", "o", "order", "Sort", "Sort by rating, newest, ..."),
    bound("look.scope", "B", "scope", "Branches", "Of all branches, or of this one"),
    bound("look.zoom", "z", "zoom", "Zoom", "Show it large"),
    *_JUDGE_AND_BREED,
    actions.COMPARE_KEY,
    actions.TREE_KEY,
    *actions.KEEP,
    *actions.MORE_VERDICTS,
    actions.REPAINT_KEY,
    *actions.STEPS,
    *actions.SCREENS,
    bound("app.back", "escape,q,F", "back", "Back", "Go back"),
    HELP,
]
LINEAGE = [
    bound("look.jump", "enter", "jump", "Go there", "Go to its page"),
    bound("look.branch", "B", "branch", "Branch", "A branch that goes on from it"),
    actions.PART_KEY,
    actions.TAKE_KEY,
    bound("look.better", "w", "better", "Better before", "Back to where it was better"),
    *_JUDGE_AND_BREED,
    actions.COMPARE_KEY,
    *_MORE,
    *actions.STEPS,
    bound("app.back", "escape,q,t", "back", "Back", "Go back"),
    HELP,
]
_MOVE_BOX = [
    *(
        bound(
            f"touch.{key}",
            f"{key},{letter}",
            f"shift({right}, {down})",
            "Move",
            f"Move the box {key}",
            key_display=arrow,
            group=_BOX,
        )
        for key, letter, arrow, right, down in _ARROWS
    ),
    *(
        bound(
            f"touch.grow_{key}",
            f"shift+{key},{letter.upper()}",
            f"grow({right}, {down})",
            "Size",
            f"Move its lower right corner {key}",
            key_display=letter.upper(),
            group=_SIZE,
        )
        for key, letter, arrow, right, down in _ARROWS
    ),
]
_MARK = [
    *_MOVE_BOX,
    bound("touch.grow", "plus", "resize(1)", "Grow", "Make the place larger", group=_ALL_AROUND),
    bound(
        "touch.shrink", "minus", "resize(-1)", "Grow", "Make the place smaller", group=_ALL_AROUND
    ),
    bound("touch.far", "f", "far", "How far", "How much changes there"),
    bound("touch.brush", "space", "brush", "Brush", "Mark or free single cells"),
    bound("touch.another", "n", "another", "Another box", "Begin another box"),
    bound("touch.corner", "o", "corner", "Corner", "Size at the other corner"),
    bound("touch.clear", "c", "clear", "Clear", "Mark nothing"),
    bound("touch.undo", "u", "undo", "Undo", "Take the last change of it back"),
]
TOUCH = [
    bound("touch.paint", "enter,b", "paint", "Repaint it"),
    *_MARK,
    bound("touch.words", "e", "words", "Words", "Edit the words of the pages to come"),
    bound("app.back", "escape,q,R", "back", "Back", "Go back"),
    HELP,
]
EDIT = [
    bound("touch.paint", "enter,b", "paint", "Paint it"),
    *_MARK,
    bound("touch.wish", "a,e", "wish", "Other words", "Say what else is to change"),
    bound("app.back", "escape,q", "back", "Back", "Go back"),
    HELP,
]
TAKE = [
    bound("touch.paint", "enter,b", "paint", "Take it"),
    bound("touch.wish", "a,e", "wish", "By words", "Say what is taken, to find it"),
    *_MARK,
    bound("app.back", "escape,q,T", "back", "Back", "Go back"),
    HELP,
]
PART = [
    bound("look.enlarge", "enter", "enlarge", "Enlarge it in all"),
    *_MOVE_BOX,
    bound("app.back", "escape,q,P", "back", "Back", "Go back"),
    HELP,
]
HELP_PAGE = [
    hidden("help.down", "j", "scroll_down", "Down", "Help: down"),
    hidden("help.up", "k", "scroll_up", "Up", "Help: up"),
    hidden("help.screen_after", "ctrl+d,space", "page_down", "On", "Help: next screen"),
    hidden("help.screen_before", "ctrl+u", "page_up", "Back", "Help: screen before"),
    hidden("help.first", "g", "scroll_home", "First", "Help: beginning"),
    hidden("help.last", "G", "scroll_end", "Last", "Help: end"),
]
