"""The words of the pages to come, as they are edited."""

from dataclasses import replace

from fake_session import FakeSession
from stage import on_stage
from textual.widgets import Input, Label

from evolve.genome import Prompt
from evolve.genome.settings import Settings
from evolve.models.catalog import describe
from evolve.models.words.reach import Reach
from evolve.session import events
from tui.dialogs import prompt_editor
from tui.dialogs.prompt_editor import PromptEditor, effect_lines
from tui.dialogs.word_completion import complete, completions
from tui.widgets.text_lines import TextLines, row_width

TOPICS = {
    "connecting words": ["a", "with"],
    "hair": ["red hair", "curly hair", "short curly hair"],
    "extras": ["hat", "round glasses"],
}


async def test_new_words_hold_for_all_children_to_come(stage):
    await stage.press("e")
    assert isinstance(stage.app.screen, PromptEditor)
    await stage.pilot.press("end", *" | hat :2")
    await stage.press("tab", *"beard", "enter")
    assert stage.session.archive.plan().since == 12
    assert stage.session.archive.plan().prompt == Prompt.typed(
        f"{stage.controller.genome(0).prompt} | hat :2", "beard"
    )
    assert "from the next page on: 'a smiling woman" in stage.status
    assert "(b breeds it)" in stage.status


async def test_words_that_come_after_the_end_of_the_session_do_not_hold(stage):
    await stage.press("e")
    stage.session.emit(events.Stopped("its process ended"))
    await stage.until(lambda: stage.controller.ended)
    await stage.press("end", *" | hat", "enter")
    assert stage.app.screen is stage.gallery
    assert "the session has ended: its process ended" in stage.status


def told(*texts, negative=""):
    """Return a population whose pages have these words."""
    session = FakeSession((2,) * len(texts))
    for page, text in enumerate(texts):
        first = session.archive.individuals[2 * page]
        genome = replace(first.genome, prompt=Prompt.parse(text, negative))
        session.archive.individuals[2 * page] = replace(first, genome=genome)
    return session


async def test_up_and_down_bring_words_of_other_pages():
    session = told("a man", "a cat | hat", "a cat | hat :2", "a dog", negative="fog")
    async with on_stage(session) as stage:
        await stage.press("e")
        field = stage.app.screen.query_one("#prompt", Input)
        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await stage.press(key)
            seen.append(field.value)
        assert seen == ["a cat | hat :2", "a man", "a man", "a cat | hat :2", "a dog", "a dog"]
        assert stage.app.screen.query_one("#negative", Input).value == "fog"


async def test_what_was_typed_outlasts_a_look_at_earlier_words():
    async with on_stage(told("a man", "a dog")) as stage:
        await stage.press("e", *"gy")
        prompt, negative = stage.app.screen.query(Input)
        negative.value = "fog"
        for keys in (["down"], ["up", "down"], ["up", "up", "down"]):
            await stage.press(*keys)
            assert (prompt.value, negative.value) == ("a doggy", "fog")
        await stage.press("up", "x", "down", "up")
        assert prompt.value == "a manx"


async def test_words_of_pages_long_ago_are_not_looked_for(monkeypatch):
    monkeypatch.setattr(prompt_editor, "LOOK_BACK", 2)
    async with on_stage(told("a man", "a dog", "a dog")) as stage:
        await stage.press("e", "up")
        assert stage.app.screen.query_one("#prompt", Input).value == "a dog"


async def test_a_damaged_genome_is_a_line_in_words_settings_and_comparison():
    session = told("a man", "a cat", "a dog")
    session.archive.damage("genome", 2, "genome 2 is damaged")
    async with on_stage(session) as stage:
        await stage.press("e", "up")
        words = stage.app.screen
        prompt, error = words.query_one("#prompt", Input), words.query_one("#error")
        assert (prompt.value, str(error.render())) == ("a dog", "genome 2 is damaged")
        await stage.press("up")
        assert prompt.value == "a man"
        await stage.press("escape", "comma", "e")
        assert "genome 2 is damaged" in stage.status
        await stage.press("s")
        assert "genome 2 is damaged" in stage.app.screen.query_one("#model", TextLines).text
        await stage.press("escape", "c")
        differences = stage.app.screen.query_one("#differences", TextLines)
        await stage.until(lambda: "genome 2 is damaged" in differences.text)


async def test_words_left_alone_say_nothing(stage):
    await stage.press("e", "enter")
    await stage.press("e", "x", "escape")
    assert stage.session.archive.plans == []
    assert stage.app.screen is stage.gallery


async def test_f2_shows_what_each_word_does_to_the_picture(stage):
    await stage.press("e", "f2")
    suggestions = stage.app.screen.query_one("#suggestions", TextLines)
    await stage.until(lambda: "painting #0 without each" in suggestions.text)
    assert stage.session.weighed == [0]
    stage.session.emit(events.WordsWeighed(0, {"red hair": 0.1, "glasses": 0.4}, 1))
    await stage.until(lambda: "0.40  glasses" in suggestions.text)
    head, _, least = suggestions.text.splitlines()
    assert "#0" in head
    assert least.endswith("0.10  red hair")
    await stage.press("f2")
    assert stage.session.weighed == [0]  # it is known
    await stage.press("escape", "right", "e", "f2")
    await stage.until(lambda: stage.session.weighed == [0, 1])
    lines = stage.app.screen.query_one("#suggestions", TextLines)
    assert "painting #1 without each of its own words" in lines.text
    stage.session.emit(events.Refused("it cannot be painted", "words", 2))
    await stage.until(lambda: "not weighed" in lines.text)
    await stage.press("f2")
    stage.session.emit(events.WordsWeighed(1, {}, 3))
    await stage.until(lambda: "those typed here count from the next page" in lines.text)


async def test_words_without_sense_are_refused_in_a_line(stage):
    await stage.press("e")
    stage.app.screen.query_one("#prompt", Input).value = "a :99"
    await stage.press("enter")
    assert isinstance(stage.app.screen, PromptEditor)
    assert "weight 99" in str(stage.app.screen.query_one("#error").render())
    await stage.press("backspace")
    assert str(stage.app.screen.query_one("#error").render()) == ""


async def test_words_are_completed_from_what_the_model_knows():
    session = FakeSession()
    session.vocabulary = TOPICS
    async with on_stage(session) as stage:
        await stage.press("e")
        field = stage.app.screen.query_one("#prompt", Input)
        field.value = ""
        await stage.press(*"a zebra | cur")
        suggestions = stage.app.screen.query_one("#suggestions", TextLines)
        await stage.until(lambda: "curly hair" in suggestions.text)
        assert "unknown to this model: zebra\n" in suggestions.text  # 'cur' may become a word
        await stage.until(lambda: field._suggestion)
        await stage.press("right")
        assert field.value == "a zebra | curly hair"


async def test_a_long_warning_goes_on_in_a_second_line_of_a_small_terminal():
    session = FakeSession()
    session.vocabulary = {"what": ["a woman"]}
    async with on_stage(session, size=(80, 24)) as stage:
        await stage.press("e")
        suggestions = stage.app.screen.query_one("#suggestions", TextLines)
        strange = "artstation, masterpiece, highly detailed, unreal engine "
        stage.app.screen.query_one("#prompt", Input).value = strange
        await stage.until(lambda: "artstation" in suggestions.text)
        assert "unreal and 1 more" in suggestions.text
        width = suggestions.size.width
        assert width < len("unknown to this model: " + strange)
        assert max(map(len, suggestions.text.split("\n"))) <= width
        assert max(map(row_width, effect_lines(1, {}))) <= width


async def test_words_beyond_the_limit_and_weights_that_are_none_are_named_while_they_are_typed():
    session = FakeSession()
    session.reach = Reach(describe("portraits"), Settings(guidance_scale=1))
    async with on_stage(session) as stage:
        await stage.press("e")
        field = stage.app.screen.query_one("#prompt", Input)
        field.value = "a woman, " * 20 + "with glasses and a hat | red hair:1.4"
        suggestions = stage.app.screen.query_one("#suggestions", TextLines)
        await stage.until(lambda: "not read, beyond its limit: and a hat" in suggestions.text)
        assert "text, not a weight: hair:1.4" in suggestions.text
        field.value = "a woman" + " | a hat" * 40  # all is written into one text
        await stage.until(lambda: "not read, beyond its limit: a hat" in suggestions.text)
        long = "a woman, " * 20 + "with a scarf"
        field.value = f"{long} | glasses and a hat :-1"  # without guidance all in one text
        await stage.until(lambda: "beyond its limit: scarf, scarf, gl" in suggestions.text)
        field.value = "a woman | red hair :1.4"
        await stage.until(lambda: "not read" not in suggestions.text)
        assert "weight" not in suggestions.text


def test_completions_find_phrases_at_the_end_of_what_is_typed():
    assert completions(TOPICS, "a woman with red") == ["red hair"]
    assert completions(TOPICS, "a woman | Round gl") == ["round glasses"]
    assert completions(TOPICS, "short cu") == ["short curly hair", "curly hair"]
    assert completions(TOPICS, "a h") == []
    assert complete("Round gl", "round glasses") == "Round glasses"


async def test_words_are_edited_on_from_those_in_force_until_others_are_wanted():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("e", "ctrl+u", *"an owl", "enter")
        assert "an owl" in stage.status
        stage.gallery._unsay()
        assert "next page: new words" in stage.status
        await stage.press("e")
        field = stage.app.screen.query_one("#prompt", Input)
        assert field.value == "an owl"
        await stage.press("up")  # those of the picture under the cursor
        assert field.value == str(stage.controller.genome(stage.cursor).prompt)
        await stage.press("down", *" | hat", "enter")
        assert str(stage.session.archive.plan().prompt) == "an owl | hat"
        await stage.press("e", "enter")
        assert len(stage.session.archive.plans) == 2
        await stage.press("N", "enter")
        await stage.until(lambda: stage.cursor == 24)
        assert "new words" not in stage.status
        await stage.press("comma")
        assert "new words" not in stage.status


async def test_new_words_are_announced_until_a_page_is_bred_with_them_whatever_is_edited():
    async with on_stage(FakeSession((12,))) as stage:
        await stage.press("e", "ctrl+u", *"an owl", "enter")
        await stage.press("R", "enter")
        await stage.until(lambda: stage.cursor == 12)
        stage.gallery._unsay()
        await stage.until(lambda: "next page: new words" in stage.status)
        await stage.press("N", "enter")
        await stage.until(lambda: stage.cursor == 24)
        stage.gallery._unsay()
        assert "new words" not in stage.status


async def test_a_hint_is_whole_in_the_smallest_terminal():
    async with on_stage(size=(60, 30)) as stage:
        await stage.press("e")
        hint = stage.app.screen.query_one(".hint", Label)
        shown = [hint.render_line(y).text.strip() for y in range(hint.size.height)]
        assert " ".join(filter(None, shown)) == " ".join(PromptEditor.HINT.split())
