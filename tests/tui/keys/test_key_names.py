"""Which names of keys are those that a press is reported by."""

import pytest

from tui import keys
from tui.keys.key_names import is_reported, separate


def test_the_keys_of_the_app_are():
    assert all(is_reported(key) for binding in keys.everything() for key in separate(binding.key))


@pytest.mark.parametrize(
    "key",
    ["B", "é", "«", "„", "f5", "ctrl+b", "ctrl+slash", "shift+tab", "ctrl+shift+b", "?", "+", "at"],
)
def test_keys_as_they_are_reported_are(key):
    assert all(map(is_reported, separate(key)))


@pytest.mark.parametrize(
    "key", ["", ",", "ff", "F5", "esc", "shift+b", "ctrl+B", "ctrl+/", "shift+ctrl+b", "plus_sign"]
)
def test_other_spellings_of_keys_are_not(key):
    assert not any(map(is_reported, separate(key)))
