"""What is kept at hand has a bound."""

from evolve.recent import Recent


def test_the_oldest_are_dropped_and_what_is_set_again_is_new() -> None:
    kept = Recent[str, int](2)
    kept["a"], kept["b"] = 1, 2
    kept["a"] = 3
    kept["c"] = 4
    assert dict(kept) == {"a": 3, "c": 4}


def test_what_is_used_may_count_as_new() -> None:
    kept = Recent[str, int](2)
    kept["a"], kept["b"] = 1, 2
    kept.move_to_end("a")
    kept["c"] = 3
    assert [*kept] == ["a", "c"]


def test_values_take_the_room_of_their_size_and_the_newest_stays() -> None:
    kept = Recent[str, str](4, len)
    kept["a"], kept["b"] = "xx", "xx"
    kept["c"] = "xxx"
    assert dict(kept) == {"c": "xxx"}
    kept["d"] = "far too much"
    assert dict(kept) == {"d": "far too much"}
