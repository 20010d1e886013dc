"""A population that is open, with what changes one thing in one of its pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evolve.errors import GenomeError
from evolve.genome.masks import Mask, located
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import WordChange, phrasings
from evolve.models.words.vocabulary import require_known
from evolve.rendering.process import paint_one
from evolve.rendering.protocol import Locate, RenderEvent, Stepped
from evolve.scoring.looks.distance import Distances
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.session.weighing import weigh
from populations.studio.breeding.edit import (
    COUNT,
    Edited,
    EditRequest,
    Where,
    mask_of_edit,
    places_of,
    planned,
    remarks_on,
)
from populations.studio.breeding.locate import LocatedPlace
from populations.studio.opening import require, search_on
from populations.studio.studio_painting import StudioPainter, id_of


class StudioEditor(StudioPainter):
    """Edits pictures of one branch of a population, and finds places in them."""

    def edit(
        self,
        individual: Individual | int,
        *,
        add: str = "",
        remove: str = "",
        swap: tuple[str, str] | None = None,
        take: Individual | int | None = None,
        words: str = "",
        where: Sequence[Where] | Where = (),
        depth: float | None = None,
        strength: float | None = None,
        count: int = COUNT,
    ) -> list[Individual]:
        """Make children that differ from one picture in one thing, in one place, and save them.

        Outside that place latent and pixels stay what they are, byte for byte.

        Args:
            individual: Whose children.
            add: What is to be there: `"glasses"`.
            remove: What is not to be there.
            swap: What is there, and what takes its place: `("red hair", "blue hair")`.
            take: Another individual, whose place is taken.
            words: With `take`: what is taken, to find the place by.
            where: One place or several: boxes (left, top, right, bottom, in shares of the picture
                or, where one is above 1, in pixels), masks of the latent's cells, grey pictures;
                nothing to find it by the words.
            depth: How far back to noise, above 0 up to 1; None for several over the page.
            strength: Degrees by which the noise turns there, 0 to 90; None for near and far.
            count: How many.

        Raises:
            GenomeError: It is invalid, or no place was found.
            ModelError: The model is not on this machine.
            RenderError: The picture could not be painted again.
        """
        if swap and (add or remove):
            raise GenomeError("a swap adds and removes: leave out swap, or add and remove")
        request = EditRequest(
            individual=id_of(individual),
            add=swap[1] if swap else add,
            remove=swap[0] if swap else remove,
            take=None if take is None else id_of(take),
            words=words,
            where=places_of(where),
            depth=depth,
            strength=strength,
            count=count,
        )
        return self.carry_out_edit(request).individuals

    def take_off(self, individual: Individual | int) -> list[Individual]:
        """Make a child of one picture without its latest edit, and save it.

        Raises:
            GenomeError: It has none.
            RenderError: The picture could not be painted again.
        """
        request = EditRequest(individual=id_of(individual), take_off=True)
        return self.carry_out_edit(request).individuals

    def edit_remarks(self, request: EditRequest) -> list[str]:
        """Return lines about what the model does not know of an edit, before it is carried out."""
        return remarks_on(self.population, request, lambda: self.card)

    def carry_out_edit(
        self,
        request: EditRequest,
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Edited:
        """Make the children of a request, and save them.

        `on_progress` receives how many times was looked for the place, and how many will be.
        """

        def place_of(change: WordChange, place: Mask | None) -> LocatedPlace:
            tries = request.take is None
            return self.locate(
                request.individual, change, tries=tries, place=place, on_progress=on_progress
            )

        alteration, mask, remark = planned(self.population, request, lambda: self.card, place_of)
        search = search_on(self.population.config, self.population, base_of=self.base_of)
        rows = search.bear(lambda s: Search.alter(s, request.individual, alteration, request.count))
        self.archive.append(rows)
        born = [row for row in rows if isinstance(row, Individual)]
        return Edited(
            individuals=born, mask=mask_of_edit(born[0]) if mask is None else mask, remark=remark
        )

    def locate(
        self,
        individual: Individual | int,
        change: WordChange,
        *,
        tries: bool = False,
        place: Mask | None = None,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> LocatedPlace:
        """Return where the picture of an individual changes with its words.

        Args:
            individual: Which; it has a picture.
            change: The words.
            tries: Whether to try out how much weight the words need.
            place: Where to try that, (height, width) of the latent, if it is known: nothing is
                looked for.
            on_progress: Receives how many times was looked, and how many times will be.

        Raises:
            ArchiveError: It has no picture.
            GenomeError: There is no such individual, the words change nothing, or the model sees no
                difference.
            RenderError: The renderer cannot work.
        """
        i = id_of(individual)
        require(self.population, [i])
        if place is None:
            self.population.painted(i)  # refused before anything is loaded
        require_known(self.card, change.thing)
        genome = self.population.genome(i)
        wordings = phrasings(genome.prompt, change, meanings_of(self.card))
        wordings = wordings if tries else wordings.plain
        base = self.base_of(i)
        task = Locate(id=0, genome=genome, latent=base.latent, phrasings=wordings, place=place)

        def report(event: RenderEvent) -> None:
            if isinstance(event, Stepped):
                on_progress(event.step, event.steps)

        self._stop()
        with self._rendering():
            seen = paint_one.locate(self.renderer, task, report)
        try:
            mask = located(seen.difference) if place is None else place
        except GenomeError:
            raise GenomeError(
                f"{self.card.name} sees no difference in picture {i} between "
                f"'{wordings.before}' and '{wordings.after}': use other words"
            ) from None
        return LocatedPlace(
            individual=i,
            base=base,
            phrasings=wordings.found(focused=seen.focused, look=seen.look),
            difference=seen.difference,
            mask=mask,
            cost=seen.cost,
            remark=seen.remark,
            chances=seen.chances,
            near=seen.near,
            guidance=seen.guidance,
        )

    def word_effects(self, individual: Individual | int) -> dict[str, float]:
        """Return how far a picture is from the one without each text behind a bar.

        It is painted once without each of them; nothing of that is saved. 1 is the distance of two
        founders, if enough of them are painted.

        Raises:
            GenomeError: There is no such individual.
            RenderError: The renderer cannot work, or one of them cannot be painted.
        """
        i = id_of(individual)
        require(self.population, [i])
        genome = self.population.genome(i)
        measure = Distances(self.population.births(), self.population.sight).measure
        self._stop()
        with self._rendering():
            return weigh(self.renderer, genome, measure)
