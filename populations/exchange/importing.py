"""From picture files to founders.

A PNG of fancier brings its genome back exactly, and its picture if it is unchanged. What other
programs record of a picture becomes the nearest genome. Any other picture, also one of fancier that
was painted over, becomes what a founder starts from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evolve.errors import ArchiveError, FancierError, ModelError
from evolve.genome import Genome, Prompt, noise
from evolve.genome.edit import Base, Edit
from evolve.genome.settings import Settings
from evolve.models.catalog import ModelCard, describe
from evolve.models.files.fingerprint import is_recorded
from evolve.models.words.reach import beyond_remark
from evolve.models.words.vocabulary import strangers_remark
from evolve.search.individual import Individual, Origin
from evolve.search.operators.newcomers import with_variety
from evolve.session.archive import Note, Picture, Render, Row
from evolve.text import one_line
from populations.core import notes
from populations.exchange.foreign import founder as nearest
from populations.exchange.foreign import programs
from populations.exchange.foreign.foreign_recipe import ForeignRecipe, concepts_of
from populations.exchange.picture_file import MALFORMED, Outside, fitted, read_picture
from populations.exchange.recipe import Recipe, recipe_of

NAMED = 5
"""Files that an error names."""

Encode = Callable[[Picture], Base]


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture file, and its metadata."""

    file: Path
    outside: Outside
    recipe: Recipe | None = None
    foreign: ForeignRecipe | None = None
    unread: str = ""
    """Names of texts in it that look like a recipe and are not understood."""

    @property
    def prompt(self) -> Prompt | None:
        """Its prompt, if it carries one."""
        if self.recipe:
            return self.recipe.genome.prompt
        if self.foreign and self.foreign.prompt:
            return Prompt(
                concepts_of(self.foreign.prompt),
                concepts_of(self.foreign.negative),
            )
        return None

    @property
    def kind(self) -> str:
        """Whose recipe it carries; empty if it is only a picture."""
        if self.recipe:
            return "fancier"
        return self.foreign.tool if self.foreign else ""


def read(file: Path, *, plainly: bool = False) -> PictureSource:
    """Read a picture file, `plainly` without its metadata.

    Raises:
        ArchiveError: It cannot be read, or its metadata is damaged.
    """
    outside = read_picture(file)
    if plainly:
        return PictureSource(file, outside)
    recipe = recipe_of(file, outside)
    if recipe is not None:
        return PictureSource(file, outside, recipe=recipe)
    try:
        found = programs.read(outside.texts)
        unread = "" if found else programs.unread(outside.texts)
    except MALFORMED as error:
        raise ArchiveError(
            f"the metadata of '{file}' is damaged ({type(error).__name__}: {error}): "
            "import only the picture"
        ) from error
    return PictureSource(file, outside, foreign=found, unread=unread)


def read_all(files: Sequence[Path], *, plainly: bool = False) -> list[PictureSource]:
    """Read picture files.

    Raises:
        ArchiveError: Some cannot be read.
    """
    sources: list[PictureSource] = []
    refused: list[str] = []
    for file in files:
        try:
            sources.append(read(file, plainly=plainly))
        except ArchiveError as error:
            refused.append(str(error))
    _refuse(refused, len(files))
    return sources


def _refuse(refused: Sequence[str], count: int) -> None:
    """Raise one error for all files that are refused, if there are any."""
    if not refused:
        return
    if count == 1:
        raise ArchiveError(refused[0])
    more = f"; and {len(refused) - NAMED} more" if len(refused) > NAMED else ""
    raise ArchiveError(
        f"{'; '.join(refused[:NAMED])}{more}: {len(refused)} of {count} files cannot be "
        "imported, so nothing is imported; leave them out"
    )


class Founding:
    """Turns sources into founders of one population."""

    def __init__(
        self,
        config: Mapping[str, Any],
        encode: Encode,
        *,
        prompt: str = "",
        negative: str = "",
        depth: float,
        card: ModelCard | None = None,
    ) -> None:
        """Found what `config` sets up; `encode` brings pictures of its size into latents.

        The prompt is that of files that carry none; default: the population's own. The negative one
        is added to those of files; pictures of fancier come back as they were. Founders that start
        from a picture are painted from `depth` on. The card is that of the model, if it is known.
        """
        self._remarks: list[tuple[str, str]] = []  # by the names of files
        self._general: list[str] = []
        self._config = config
        self._encode = encode
        self._default = (
            Prompt.typed(prompt, negative) if prompt else Prompt.from_json(config["prompt"])
        )
        self._prompt_used = not prompt
        self._negative = Prompt.typed("-", negative).negative
        self._depth = depth
        self.depth_used = False
        """Whether any founder starts from a picture."""
        self._bases: dict[Path, Base] = {}
        self._card = card
        channels, height, width = config["latent"]
        self._shape = (channels, height, width)

    def rows(self, sources: Sequence[PictureSource], *, first: int, generation: int) -> list[Row]:
        """Return the founders from individual `first` on, with the pictures they bring.

        Raises:
            ArchiveError: One of them does not fit the population.
        """
        rows: list[Row] = []
        refused: list[str] = []
        for i, source in enumerate(sources, start=first):
            try:
                genome, origin, lost = self._founder(i, source)
            except ArchiveError as error:
                refused.append(str(error))
                continue
            except FancierError as error:
                refused.append(
                    f"'{source.file}' cannot start a population: {error}: import only the picture"
                )
                continue
            remarks = [*_unread(source), *lost]
            rows.append(Individual(id=i, genome=genome, origin=origin, generation=generation))
            recipe = source.recipe
            if recipe and recipe.untouched:
                rows.append(Render(individual=i, picture=recipe.picture, record=recipe.record))
            if recipe and recipe.note:
                if wrong := notes.problem(recipe.note):
                    remarks.append(f"its note is left out: {wrong}")
                else:
                    rows.append(Note(individual=i, text=recipe.note, by="import"))
            if remarks:
                remark = one_line("; ".join(remarks))
                self._remarks.append((one_line(str(source.file)), remark))
        _refuse(refused, len(sources))
        if not self._prompt_used:
            self._general.append("the prompt is not used: every file carries its own")
        return rows

    @property
    def notes(self) -> list[str]:
        """What is not as it was: a line for each file, then those about all."""
        return [*(f"{file}: {remark}" for file, remark in self._remarks), *self._general]

    @property
    def brief(self) -> list[str]:
        """The same, with what is so of several files stated once, behind the first of them."""
        files_of: dict[str, list[str]] = {}
        for file, remark in self._remarks:
            files_of.setdefault(remark, []).append(file)
        lines = [
            f"{first}{f' and {len(others)} more' * bool(others)}: {remark}"
            for remark, (first, *others) in files_of.items()
        ]
        return [*lines, *self._general]

    def _founder(self, i: int, source: PictureSource) -> tuple[Genome, Origin, list[str]]:
        file, lost = one_line(source.file.name), []  # a name need not be UTF-8
        params: dict[str, Any]
        recipe, foreign = source.recipe, source.foreign
        if recipe and recipe.untouched is not False:
            self._require_fit(source.file, recipe)
            came = {"population": recipe.population, "individual": recipe.individual}
            if self._negative:
                lost.append("it is restored as it was, without the negative prompt")
            return recipe.genome, Origin("import", {"file": file, **came}), lost
        prompt = self._words(source)
        settings = Settings.from_json(self._config["settings"])
        rng = noise.stream(int(self._config["seed"]), i, "found")
        if foreign:
            genome, remark = nearest.founder(
                foreign,
                prompt,
                self._shape,
                settings,
                model=str(self._config["model"]),
                spare_seed=int(rng.integers(1 << 32)),
            )
            lost += [line for line in (remark, *self._of_words(genome)) if line]
            params = {"file": file, "tool": foreign.tool}
            if foreign.seed is not None:
                params["seed"] = foreign.seed
            return with_variety(rng, genome), Origin("import", params), lost
        if recipe:
            lost.append("the picture was changed since its export")
        genome = Genome(
            noise=noise.stored(noise.draw(rng, self._shape)),
            prompt=prompt,
            settings=settings,
            edit=Edit(self._base(source), self._depth),
        )
        self.depth_used = True
        params = {"file": file, "depth": self._depth}
        return with_variety(rng, genome), Origin("import", params), lost

    def _words(self, source: PictureSource) -> Prompt:
        """Return the prompt of a file: its own comes first."""
        if not source.prompt:
            self._prompt_used = True
        prompt = source.prompt or self._default
        if not source.prompt and source.foreign:
            prompt = source.foreign.words(prompt)
        added = tuple(concept for concept in self._negative if concept not in prompt.negative)
        return replace(prompt, negative=(*prompt.negative, *added))

    def _of_words(self, genome: Genome) -> list[str]:
        """Return which words of a file do nothing; nothing if its model is not on this machine."""
        try:
            card = self._describe()
        except ModelError:
            return []
        lines = (
            strangers_remark(card, genome.prompt),
            beyond_remark(card, genome.prompt, genome.settings),
        )
        return [line for line in lines if line]

    def _describe(self) -> ModelCard:
        """Return the card of the population's model."""
        if self._card is None:
            self._card = describe(str(self._config["model"]))
        return self._card

    def _require_fit(self, file: Path, recipe: Recipe) -> None:
        model, shape = self._config["model"], recipe.genome.noise.shape
        guided = recipe.genome.settings.cut_guidance is not None
        if recipe.model != model and not self._paints_like(recipe):
            what = f"was painted by model '{recipe.model}', and the population has '{model}'"
        elif shape != self._shape:
            what = f"has noise of shape {shape}, and the population has {self._shape}"
        elif guided and self._describe().clip is None:
            what = f"was guided by cuts, and model '{model}' brings no CLIP to guide by"
        else:
            return
        raise ArchiveError(
            f"'{file}' {what}: import it into a new population, or import only the picture"
        )

    def _paints_like(self, recipe: Recipe) -> bool:
        """Return whether the model is the same under another name, in another folder."""
        try:
            return is_recorded(recipe.record, self._describe())
        except ModelError:  # it is not on this machine
            return False

    def _base(self, source: PictureSource) -> Base:
        if source.file not in self._bases:
            width, height = self._config["size"]
            self._bases[source.file] = self._encode(fitted(source.outside.image, width, height))
        return self._bases[source.file]


def _unread(source: PictureSource) -> list[str]:
    """Return what of a file was not read."""
    lost = []
    if source.outside.bare:
        lost.append(
            "its texts and colour profile are too large to be read: only its picture is used"
        )
    if source.unread:
        lost.append(f"its recipe ({source.unread}) is not understood: only its picture is used")
    return lost
