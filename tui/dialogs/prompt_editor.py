"""Editing the prompt of the pages to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Label, Static

from evolve.errors import FancierError, GenomeError
from evolve.genome import Prompt
from evolve.genome.prompt_syntax import read
from evolve.text import clean
from tui import keys
from tui.controller.population_controller import PopulationController
from tui.dialogs.dialog import Dialog, say_in
from tui.dialogs.word_completion import Completion, completions, unknown, unweighted
from tui.drawing.cells import wrapped
from tui.widgets.text_lines import Span, TextLine, TextLines

LINES = 6
"""Lines of suggestions."""
MOST = 2
"""Of these for one warning."""
BAR = 12
"""Cells of the largest effect of a word."""
WAIT_S = 0.2
"""Seconds between two looks for the effects of words."""
LOOK_BACK = 200
"""Pages whose prompts are read at most: each is read while a key waits."""


def earlier(controller: PopulationController) -> Iterator[Prompt]:
    """Read the prompt of the first picture of each of the last pages, the latest first.

    One that cannot be read raises a `FancierError`; the next call goes on with the page before.
    """
    ids = controller.pages.everyone  # a generation may have members in other branches, too
    generations = controller.pages.cards.births.generations[ids]

    def prompt_of(page: int) -> Prompt:
        first = int(ids[(generations == page).argmax()])
        return controller.genome(first).prompt

    return map(prompt_of, controller.pages.generations[: -1 - LOOK_BACK : -1])


def phrases_of(prompt: Prompt) -> tuple[str, ...]:
    """Return the concepts without their weights, which vary from child to child."""
    return tuple(concept.text for concept in (*prompt.concepts, *prompt.negative))


def _typed(prompt: Prompt) -> tuple[str, str]:
    """Return a prompt as it stands in the fields: a stranger may have written it."""
    return clean(str(prompt)), clean(prompt.unwanted)


def effect_lines(individual: int, effects: Mapping[str, float]) -> list[TextLine]:
    """Return what the words of an individual do as lines, the largest effect first."""
    if not effects:
        own = "the picture's own words have no bar: none can be left out"
        typed = "those typed here count from the next page"
        return [(Span(line, "label"),) for line in (own, typed)]
    largest = max(effects.values()) or 1.0
    order = sorted(effects.items(), key=lambda effect: -effect[1])
    head = f"without each of its words #{individual} would be this far away"
    return [
        (Span(head, "label"),),
        *(
            (
                Span("█" * max(1, round(BAR * far / largest)) + " ", "accent"),
                Span(f"{far:.2f}  {text}", "text"),
            )
            for text, far in order[: LINES - 1]
        ),
    ]


class PromptEditor(Dialog[bool]):
    """Edits the prompt of the pages to come; dismissed with whether it changed."""

    TITLE_LINE = "Words from here on"
    HINT = (
        "a woman | red hair :1.4 | hat :-0.5 · → completes\n"
        "↑ ↓ words of other pages · F2 what the picture's words do\n"
        "enter takes them for all children to come · escape goes back"
    )
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.WORDS]

    def __init__(self, controller: PopulationController, individual: int, pointed: Prompt) -> None:
        """Begin with the prompt in force, else with `pointed`, that of the individual."""
        super().__init__(controller)
        prompt = controller.plan.prompt or pointed
        self._individual = individual
        """The picture whose words are weighed."""
        self._reach = controller.source.reach
        self._prompt = prompt
        self._topics = controller.source.vocabulary
        self._texts = [_typed(prompt)]
        """The texts of the fields that were shown, with the changes made there."""
        self._meant = {self._texts[0]: prompt}
        """The prompts of texts that are left unchanged, whatever their rule of weights."""
        self._place = 0
        self._known = {phrases_of(prompt)}
        self._earlier = chain([pointed], earlier(controller))

    def content(self) -> ComposeResult:
        completion = Completion(self._topics)
        yield Label("paint")
        prompt, negative = self._texts[0]
        yield Input(
            prompt,
            id="prompt",
            compact=True,
            suggester=completion,
            select_on_focus=False,
        )
        yield Label("without")
        yield Input(
            negative,
            id="negative",
            compact=True,
            suggester=completion,
            select_on_focus=False,
        )
        suggestions = TextLines(id="suggestions")
        suggestions.styles.height = LINES
        yield suggestions
        yield Static(id="error", markup=False)

    def draw(self) -> None:
        """Put the cursor behind the words, unless it is in a field already."""
        if self.focused is None:
            self.set_focus(self.query_one("#prompt", Input))

    @on(Input.Changed)
    def _suggest(self, event: Input.Changed) -> None:
        say_in(self, "")  # it was about the text before
        rows = self.query_one("#suggestions", TextLines)
        phrases = completions(self._topics, event.value)
        width = max(8, rows.size.width)
        lines = wrapped(" · ".join(phrases), width) or [
            f"{topic.replace('_', ' ')}: {', '.join(words)}"
            for topic, words in self._topics.items()
        ]
        hints: list[TextLine] = [(Span(line, "label"),) for line in lines]
        warnings: list[TextLine] = [
            (Span(line, "warning"),)
            for warning in self._warnings(event.value)
            for line in wrapped(warning, width, MOST)
        ]
        rows.show([*warnings, *hints][:LINES])

    def _warnings(self, typed: str) -> list[str]:
        """Return which parts of a typed text have no effect, as lines."""
        lines = []
        texts = [text for text, _ in read(typed)]
        if unread := unweighted(texts):
            lines.append(unread)
        if beyond := self._unread(typed, texts):
            lines.append(f"not read, beyond its limit: {', '.join(dict.fromkeys(beyond))}")
        if strange := unknown(self._topics, texts):
            lines.append(strange)
        return lines

    def _unread(self, typed: str, texts: Sequence[str]) -> list[str]:
        """Return the words of a typed prompt, of these texts, that the model does not read."""
        if self._reach is None:
            return []
        with suppress(GenomeError):  # not yet typed to the end
            texts = self._reach.texts(Prompt.typed(typed))
        return [words for text in texts for _, words in self._reach.beyond(text)]

    @on(Input.Submitted)
    def _submit(self) -> None:
        try:
            prompt, negative = (field.value for field in self._fields)
            wanted = self._meant.get((prompt, negative)) or Prompt.typed(prompt, negative)
        except GenomeError as error:
            say_in(self, str(error))
            return
        since, plan = len(self.controller.pages.cards), self.controller.plan
        self.dismiss(
            wanted != self._prompt
            and self.controller.replan(replace(plan, prompt=wanted, since=since))
        )

    def action_turn(self, by: int) -> None:
        """Put the prompt of an earlier page (1) into the fields, or of a later one (-1)."""
        place = self._place + by
        if place < 0 or (place == len(self._texts) and not self._read_earlier()):
            return
        prompt, negative = self._fields
        self._texts[self._place] = prompt.value, negative.value
        self._place = place
        prompt.value, negative.value = self._texts[place]
        prompt.action_end()

    def _read_earlier(self) -> bool:
        """Read the next different prompt of an earlier page; return whether there is one."""
        try:
            prompt = next((p for p in self._earlier if phrases_of(p) not in self._known), None)
        except FancierError as error:
            say_in(self, str(error))
            return False
        if prompt is None:
            return False
        self._known.add(phrases_of(prompt))
        self._texts.append(_typed(prompt))
        self._meant[self._texts[-1]] = prompt
        return True

    @property
    def _fields(self) -> tuple[Input, Input]:
        return self.query_one("#prompt", Input), self.query_one("#negative", Input)

    def action_weigh(self) -> None:
        """Paint the picture again without each of its words, and show what that changes."""
        if self._individual in self.controller.effects or self.controller.weigh(self._individual):
            self._weighed()

    def _weighed(self) -> None:
        """Show what words do, or that this is being measured."""
        if (effects := self.controller.effects.get(self._individual)) is None:
            waits = self.controller.weighing is not None
            line = (
                f"painting #{self._individual} without each of its own words…"
                if waits
                else "not weighed"
            )
            self.query_one("#suggestions", TextLines).show([(Span(line, "label"),)])
            if waits:
                self.set_timer(WAIT_S, self._weighed)
            return
        self.query_one("#suggestions", TextLines).show(effect_lines(self._individual, effects))

    def action_cancel(self) -> None:
        self.dismiss(False)
