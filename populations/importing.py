"""From picture files to founders.

A PNG of ours brings its genome back exactly, and its picture if nobody touched it. What other
programs say of a picture becomes the nearest genome. Any other picture, also one of ours that was
painted over, becomes what a founder starts from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evolve import noise
from evolve.archive import Note, Picture, Render, Row
from evolve.edit import Base, Edit
from evolve.errors import ArchiveError, FancierError
from evolve.genome import Genome, Prompt
from evolve.individual import Individual, Origin
from evolve.settings import Settings
from populations import invokeai, notes, parameters, told
from populations.outside import MALFORMED, Outside, fitted, read_picture
from populations.recipe import Recipe, recipe_of

Encode = Callable[[Picture], Base]


@dataclass(frozen=True, slots=True)
class Source:
    """A picture file, and what it says of itself."""

    file: Path
    outside: Outside
    recipe: Recipe | None = None
    told: told.Told | None = None

    @property
    def prompt(self) -> Prompt | None:
        """What it shows, if it says so."""
        if self.recipe:
            return self.recipe.genome.prompt
        if self.told and self.told.prompt:
            return self.told.words
        return None


def read(file: Path, *, plainly: bool = False) -> Source:
    """Read a picture file.

    Args:
        file: PNG, JPEG or WebP.
        plainly: Take only the picture, whatever the file says of itself.

    Raises:
        ArchiveError: It cannot be read, or what it says of itself is damaged.
    """
    outside = read_picture(file)
    if plainly:
        return Source(file, outside)
    recipe = recipe_of(file, outside)
    if recipe is not None:
        return Source(file, outside, recipe=recipe)
    try:
        told.require_short(outside.texts, (*invokeai.KEYS, parameters.KEY))
        said = invokeai.read(outside.texts)
        if said is None and parameters.KEY in outside.texts:
            said = parameters.read(outside.texts[parameters.KEY])
    except MALFORMED as error:
        raise ArchiveError(
            f"what {file} says of itself is damaged ({type(error).__name__}: {error}): "
            "take only the picture with --picture"
        ) from error
    return Source(file, outside, told=said)


class Founding:
    """Turns sources into founders of one population."""

    def __init__(
        self,
        config: Mapping[str, Any],
        encode: Encode,
        *,
        prompt: Prompt | None = None,
        depth: float,
    ) -> None:
        """Prepare.

        Args:
            config: How the population was set up.
            encode: Brings a picture of the population's size into the model's latents.
            prompt: What founders show that are not of our own making; else what the file says, or
                the population's own prompt.
            depth: Where painting begins, for founders that start from a picture.
        """
        self.notes: list[str] = []
        """What is not as it was, one line each."""
        self._config = config
        self._encode = encode
        self._prompt = prompt
        self._depth = depth
        self._bases: dict[Path, Base] = {}
        channels, height, width = config["latent"]
        self._shape = (channels, height, width)

    def rows(self, sources: Sequence[Source], *, first: int, generation: int) -> list[Row]:
        """Return the founders from individual `first` on, with the pictures they bring.

        Raises:
            ArchiveError: One of them does not fit the population; says which.
        """
        rows: list[Row] = []
        for i, source in enumerate(sources, start=first):
            try:
                genome, origin = self._founder(i, source)
            except ArchiveError:
                raise
            except FancierError as error:
                raise ArchiveError(f"{source.file} cannot found anything: {error}") from error
            rows.append(Individual(id=i, genome=genome, origin=origin, generation=generation))
            recipe = source.recipe
            if recipe and recipe.untouched:
                rows.append(Render(individual=i, picture=recipe.picture, record=recipe.record))
            if recipe and recipe.note:
                if wrong := notes.problem(recipe.note):
                    self.notes.append(f"{source.file}: its note is left out: {wrong}")
                else:
                    rows.append(Note(individual=i, text=recipe.note, by="import"))
        return rows

    def _founder(self, i: int, source: Source) -> tuple[Genome, Origin]:
        file = source.file.name
        recipe, said = source.recipe, source.told
        if recipe and recipe.untouched is not False:
            self._require_fit(source.file, recipe)
            came = {"population": recipe.population, "individual": recipe.individual}
            return recipe.genome, Origin("import", {"file": file, **came})
        prompt = self._prompt or source.prompt or Prompt.from_json(self._config["prompt"])
        settings = Settings.from_json(self._config["settings"])
        if said:
            genome, notes = told.founder(said, prompt, self._shape, settings)
            self.notes += [f"{source.file}: {note}" for note in notes]
            return genome, Origin("import", {"file": file, "tool": said.tool, "seed": said.seed})
        if recipe:
            self.notes.append(f"{source.file}: the picture was changed since its export")
        rng = noise.stream(int(self._config["seed"]), i, "found")
        genome = Genome(
            noise=noise.stored(noise.draw(rng, self._shape)),
            prompt=prompt,
            settings=settings,
            edit=Edit(self._base(source), self._depth),
        )
        return genome, Origin("import", {"file": file, "depth": self._depth})

    def _require_fit(self, file: Path, recipe: Recipe) -> None:
        from evolve.models.catalog import describe

        model, shape = self._config["model"], recipe.genome.noise.shape
        guided = recipe.genome.settings.cut_guidance is not None
        if recipe.model != model and not self._paints_like(recipe):
            what = f"was painted by model '{recipe.model}', and the population has '{model}'"
        elif shape != self._shape:
            what = f"has noise of shape {shape}, and the population has {self._shape}"
        elif guided and describe(model).clip is None:
            what = f"was guided by cuts, and model '{model}' brings no CLIP to guide by"
        else:
            return
        raise ArchiveError(
            f"{file} {what}: import it into a new population, or only its picture with --picture"
        )

    def _paints_like(self, recipe: Recipe) -> bool:
        """Return whether the model is the same under another name, in another folder."""
        from evolve.models.catalog import describe
        from evolve.models.fingerprint import is_recorded

        return is_recorded(recipe.record, describe(self._config["model"]))

    def _base(self, source: Source) -> Base:
        if source.file not in self._bases:
            width, height = self._config["size"]
            self._bases[source.file] = self._encode(fitted(source.outside.image, width, height))
        return self._bases[source.file]
