"""Escape and a key that a terminal sends as one."""

import pytest
from textual._xterm_parser import XTermParser

from tui.app.after_escape import parted
from tui.dialogs.ask import Ask
from tui.dialogs.prompt_editor import PromptEditor


def sent(text):
    parser = XTermParser()
    return [*parser.feed(text), *parser.feed("")]


def pressed(text, typing=False):
    return [(key.key, key.character) for each in sent(text) for key in parted(each, typing=typing)]


ESCAPE = ("escape", "\x1b")


@pytest.mark.parametrize("sign", "/,.+-=?:<> 5PaAbfX\r")
def test_escape_and_a_key_are_two_keys(sign):
    assert pressed(f"\x1b{sign}") == [ESCAPE, *pressed(sign)]


def test_several_of_them_may_come_at_once():
    assert pressed("\x1bb\x1b/\x1b[A") == [ESCAPE, ("b", "b"), ESCAPE, ("slash", "/"), ("up", None)]


@pytest.mark.parametrize(
    ("text", "name"), [("\x1b[A", "up"), ("\x1bOP", "f1"), ("\x1b[5~", "pageup"), ("/", "slash")]
)
def test_other_keys_stay_what_they_are(text, name):
    assert [key for key, _ in pressed(text)] == [name]


def test_alt_moves_by_words_while_a_text_is_typed():
    assert pressed("\x1bb\x1bf", typing=True) == [("ctrl+left", None), ("ctrl+right", None)]


async def test_a_sign_right_after_escape_acts_where_escape_leads(stage):
    await stage.press("enter")
    for key in sent("\x1b/"):
        stage.app.post_message(key)
    await stage.until(lambda: isinstance(stage.app.screen, Ask))
    await stage.press("escape")
    assert stage.app.screen is stage.gallery


async def test_a_word_to_the_left_leaves_no_prompt(stage):
    await stage.press("e")
    for key in sent("\x1bb"):
        stage.app.post_message(key)
    await stage.press("X")
    assert isinstance(stage.app.screen, PromptEditor)
