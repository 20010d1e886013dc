"""Groundwork: what aiming needs to know of a population and its model."""

from __future__ import annotations

from functools import partial

from evolve.rendering.protocol import Describe, Described, Finished, Job, ModelInfo
from evolve.rendering.tuning.size_curves import Curves, SizeTrial, keep, recall
from evolve.scoring.looks.distance import Measure, founders
from evolve.scoring.looks.sight import Sight, shared
from evolve.search import Search
from evolve.search.sized.brood import Brood
from evolve.session.archive import Archive
from evolve.session.sizing.errands import End, Errands


class Groundwork:
    """Finds out the looks of parents and founders, and the size curves of the model."""

    def __init__(
        self, search: Search, archive: Archive, brood: Brood, errands: Errands, info: ModelInfo
    ) -> None:
        """Begin with nothing known; pictures are painted and described by errands."""
        self._search, self._archive, self._brood = search, archive, brood
        self._errands, self._info = errands, info
        self.looks: dict[int, Sight | None] = {}
        """Sights of parents and founders; None where unknown."""
        self.curves: Curves | None = None
        """Size curves of the model; None until they are known."""
        self.is_measuring = False
        """Whether curves are being measured, which is done once for each model."""
        self._kinds: tuple[str, ...] = ()
        """The embedders that count."""
        self._renewed = False
        """Whether all pictures were described again."""

    def proceed(self) -> bool:
        """Return whether all is known; ask for what is missing."""
        return not self._errands.ids and self._has_looked() and self._has_curves()

    @property
    def measure(self) -> Measure:
        """The measure of distances, once all is known."""
        assert self.curves is not None
        return Measure.of(self._founders(), self._kinds) or self.curves.measure

    def _has_looked(self) -> bool:
        """Return whether all sights are known; ask for what is missing."""
        wanted = founders(self._search.births)
        wanted += [child.main for child in self._brood.children if child.size]
        for individual in dict.fromkeys(wanted):
            if individual not in self.looks:
                self._look(individual)
        if self._errands.ids:
            return False
        self._kinds = shared(look for look in self.looks.values() if look is not None)
        if not self._renewed and self._kinds != shared(self._founders()):
            self._renewed = True  # some were painted by an older version, or seen by another CLIP
            for individual in list(self.looks):
                self._look(individual, again=True)
        return not self._errands.ids

    def _founders(self) -> list[Sight]:
        looks = [self.looks[i] for i in founders(self._search.births)]
        return [look for look in looks if look is not None]

    def _look(self, individual: int, *, again: bool = False) -> None:
        known = None if again else self._archive.sight(individual)
        if known is not None:
            self.looks[individual] = known
            return

        def learn(event: End) -> None:
            look = None
            if isinstance(event, Described):
                look = event.sight
            elif isinstance(event, Finished):
                look = Sight.from_record(event.record)
            self.looks[individual] = look

        picture = self._archive.picture(individual)
        if picture is None:
            genome = self._search.genome(individual)
            self._errands.add(lambda id: Job(id, genome), learn)
        else:
            self._errands.add(lambda id: Describe(id, picture), learn)

    def _has_curves(self) -> bool:
        """Return whether the curves are known; have them measured if not."""
        if self.curves is not None:
            return True
        kinds, founding = self._kinds, self._search.founding
        self.curves = recall(self._info, founding, kinds) if kinds else Curves()
        if self.curves is not None:
            return True
        trial = SizeTrial(founding)
        self.is_measuring = True
        for place, genome in enumerate(trial.genomes):

            def learn(event: End, place: int = place) -> None:
                if isinstance(event, Finished):
                    trial.take(place, Sight.from_record(event.record))
                if not self._errands.ids:
                    self.curves = keep(self._info, founding, kinds, trial.curves(kinds))
                    self.is_measuring = False

            self._errands.add(partial(Job, genome=genome), learn)
        return False
