"""Which features of a picture tell best about a taste that is hardly known yet?

    python -m benchmarks.portraits.taste_features [--pictures 400] [--tastes 100] [--noise 0.3]

A taste is a random utility: every value of ten attributes, as the first judge reads them in painted
pictures, is worth a draw from N(0, 1). In a second kind of taste a fifth of the variance comes from
how a picture looks as a whole, which its appearance measures (`evolve.scoring.looks`); in a third
half of it from what nothing here measures: how much lighter it is above, on the left and in
the middle, and how much more colourful there. A person of this taste rates pages of 12 unrelated
pictures from 1 to 5, each page by itself (what is worth the mean of its page gets a 3), with noise.
From 24, 48 and 96 ratings a Gaussian process

    y_i = f(x_i) + b_page(i) + e_i,  f ~ GP(0, exp(-|x_i - x_j|^2 / l^2)),  b ~ N(0, 2^2),
    e ~ N(0, 0.5^2),  l^2 the median of |x_i - x_j|^2

predicts the pictures that were not rated; the table shows Spearman's correlation with their true
utility, the mean over tastes and its 95 % interval. Features are centred on all pictures and scaled
to unit length; joined ones are each so first. `reader` is what the reader of `--fitness words`
finds (`Words.embed`); the appearance counts half; in the last row a taste of a new population
learns, in which each property counts as much as it matters (`evolve.taste.process.relevance`). The
pictures are of as many held-out prompts, or all founders of one prompt. A fourth kind of taste is
of two of the ten attributes alone, a fifth of strong colours for six tenths.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.portraits.held_out import held_out
from benchmarks.portraits.judges import load_judge
from benchmarks.portraits.painting import SHIPPED, genome, paint
from benchmarks.scripting.command_line import parser_of
from evolve import Clip, describe
from evolve.scoring.looks.appearance import NAME, appearance_of
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.reading import meanings_read
from evolve.scoring.words import Words
from evolve.search.individual import Birth, Origin, Verdict
from evolve.search.operators import FOUND
from evolve.taste.attributes import Attributes
from evolve.taste.embeddings import Embeddings
from evolve.taste.foresight import spearman
from evolve.taste.learning import Learning
from evolve.taste.taste import Taste

Array = npt.NDArray[np.float64]
Pictures = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Learner = Callable[[Places, Array], Array]
"""Returns how much all pictures are expected to be liked, from those that were rated, and how."""

ATTRIBUTES = (
    *("style", "hair", "hair_colour", "skin", "mouth", "glasses", "beard", "hat"),
    *("background", "eyes"),
)
PAGE, RATED = 12, (24, 48, 96)
SPREAD = 1.3
"""Grades that a deviation of utility is worth."""
OFFSET, DOUBT = 2.0, 0.5
PARTS = ("clip", "reader", NAME)
ONE_PROMPT = "a portrait of a person"


def unit(features: Array) -> Array:
    """Centred on all pictures, each row of unit length."""
    centred = features - features.mean(0)
    scaled: Array = centred / np.linalg.norm(centred, axis=1, keepdims=True).clip(1e-9)
    return scaled


def joined(*features: Array, last: float = 1.0) -> Array:
    """Several features as one, each with the same weight but for the last."""
    units = [unit(one) for one in features]
    units[-1] = units[-1] * last
    return np.concatenate(units, 1)


def kernel(features: Array) -> Array:
    """(n, n): how much alike the pictures are, by their features."""
    square = (features**2).sum(1)
    apart = (square[:, None] + square - 2 * features @ features.T).clip(0)
    scale = np.median(apart[np.triu_indices(len(apart), 1)])
    alike: Array = np.exp(-apart / scale)
    return alike


def predicted(alike: Array, rated: Places, ratings: Array) -> Array:
    """The posterior mean of f for all pictures, from `ratings` of pages of `PAGE`."""
    pages = np.arange(len(rated)) // PAGE
    covariance = alike[np.ix_(rated, rated)] + OFFSET**2 * (pages[:, None] == pages)
    covariance += DOUBT**2 * np.eye(len(rated))
    mean: Array = alike[:, rated] @ np.linalg.solve(covariance, ratings - 3)
    return mean


def by_kernel(features: Array) -> Learner:
    """Learn by features that count alike."""
    alike = kernel(features)
    return lambda rated, ratings: predicted(alike, rated, ratings)


def by_taste(clip: Array, chances: Array, looks: Array) -> Learner:
    """Learn as the taste of a new population: each property counts as much as it matters."""
    attributes = Attributes.of("reader", meanings_read(describe(SHIPPED)).phrases)
    vectors = np.concatenate([clip, chances, looks], 1).astype(np.float16)
    known = [
        tuple(Embedding(of, part.astype(np.float16)) for of, part in zip(PARTS, each, strict=True))
        for each in zip(clip, chances, looks, strict=True)
    ]

    def learn(rated: Places, ratings: Array) -> Array:
        births = [
            Birth(id=k, origin=Origin(FOUND.name), generation=k // PAGE) for k in range(len(rated))
        ]
        verdicts = {k: Verdict(rating=int(rating)) for k, rating in enumerate(ratings)}
        shown = Embeddings(lambda k: known[rated[k]])
        taste = Taste(shown, births, verdicts, learning=Learning(attributes=attributes))
        return taste.predict(vectors).mean

    return learn


def standard(values: Array) -> Array:
    """Mean 0, deviation 1."""
    scaled: Array = (values - values.mean()) / values.std().clip(1e-9)
    return scaled


def utility(
    read: Sequence[dict[str, str]], rng: np.random.Generator, of: int = len(ATTRIBUTES)
) -> Array:
    """What each picture is worth to a taste of the ten attributes, or of some of them."""
    worth: dict[tuple[str, str], float] = {}
    which = ATTRIBUTES if of == len(ATTRIBUTES) else rng.choice(ATTRIBUTES, of, replace=False)
    total = np.zeros(len(read))
    for k, seen in enumerate(read):
        for attribute in which:
            key = attribute, seen[attribute]
            if key not in worth:
                worth[key] = rng.normal()
            total[k] += worth[key]
    return standard(total)


def unknown(pictures: Pictures) -> Array:
    """(n, 4): what nothing measures: where pictures are light, and where they are colourful."""
    values = pictures.astype(np.float64) / 255
    grey, colourful = values.mean(3), values.max(3) - values.min(3)
    half, side = grey.shape[1] // 2, grey.shape[2] // 2
    inside = (slice(None), slice(half // 2, -half // 2), slice(side // 2, -side // 2))
    columns = (
        grey[:, :half].mean((1, 2)) - grey[:, half:].mean((1, 2)),
        grey[:, :, :side].mean((1, 2)) - grey[:, :, side:].mean((1, 2)),
        grey[inside].mean((1, 2)) - grey.mean((1, 2)),
        colourful[inside].mean((1, 2)) - colourful.mean((1, 2)),
    )
    return np.stack([standard(one) for one in columns], 1)


def looks(pictures: Pictures) -> Array:
    """(n, traits): how pictures look as a whole."""
    return np.stack([appearance_of(picture).vector for picture in pictures]).astype(np.float64)


def rate(worth: Array, noise: float, rng: np.random.Generator) -> Array:
    """Ratings 1 to 5 of consecutive pages, each page by itself."""
    pages = worth.reshape(-1, PAGE)
    relative = pages - pages.mean(1, keepdims=True)
    heard = 3 + SPREAD * (relative + noise * rng.normal(size=relative.shape))
    return np.rint(heard).clip(1, 5).ravel()


def learners(pictures: Pictures, read: Sequence[dict[str, str]]) -> dict[str, Learner]:
    """Every kind of features to learn by."""
    card = describe(SHIPPED)
    assert card.clip is not None
    clip, chances = Clip(card.clip).embed(list(pictures)), Words(card).embed(list(pictures))
    small = pictures.reshape(len(pictures), 16, 8, 16, 8, 3).mean((2, 4)).reshape(len(pictures), -1)
    known = sorted({(a, seen[a]) for seen in read for a in ATTRIBUTES})
    exact = np.array([[float(seen[a] == value) for a, value in known] for seen in read])
    kinds = {
        "16x16 pixels": unit(small),
        "CLIP": unit(clip),
        "reader": unit(chances),
        "CLIP + reader": joined(clip, chances),
        "CLIP + reader + appearance": joined(clip, chances, looks(pictures), last=0.5),
        "the judge's own verdicts": unit(exact),
    }
    found = {kind: by_kernel(one) for kind, one in kinds.items()}
    return found | {"the same, what decides": by_taste(clip, chances, looks(pictures))}


def main() -> None:
    """Paint, rate, learn, and print a table for every kind of pictures and tastes."""
    parser = parser_of(__doc__)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--tastes", type=int, default=100)
    parser.add_argument("--one-prompt", action="store_true", help="founders of one prompt alone")
    parser.add_argument("--noise", type=float, default=0.3)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep painted pictures here")
    args = parser.parse_args()
    settings, judge = describe(SHIPPED).settings, load_judge()
    prompts = {
        "held-out prompts": [face.prompt for face in held_out()[: args.pictures]],
        f"'{ONE_PROMPT}'": [ONE_PROMPT] * args.pictures,
    }
    if args.one_prompt:
        del prompts["held-out prompts"]
    for name, texts in prompts.items():
        genomes = [genome(text, settings, 7, k) for k, text in enumerate(texts)]
        pictures = paint(genomes, SHIPPED, args.keep)
        read = judge.read(pictures)
        by = learners(pictures, read)
        kinds = (
            ("ten attributes", unknown(pictures), 0.0, 10),
            ("attributes, and light and colours for a fifth", looks(pictures), 0.2, 10),
            ("attributes, and what nothing measures for half", unknown(pictures), 0.5, 10),
            ("two attributes", unknown(pictures), 0.0, 2),
            ("attributes, and strong colours for six tenths", looks(pictures)[:, 2:3], 0.6, 10),
        )
        for kind, other, share, of in kinds:
            found = simulated(by, read, other, share, args.tastes, args.noise, of)
            print(f"\n{len(pictures)} pictures of {name}, {args.tastes} tastes of {kind}")
            show(found)


def simulated(
    by: dict[str, Learner],
    read: Sequence[dict[str, str]],
    columns: Array,
    share: float,
    tastes: int,
    noise: float,
    of: int,
) -> dict[str, Array]:
    """Spearman's correlations of every kind of features, (tastes, len(RATED))."""
    found = {kind: np.zeros((tastes, len(RATED))) for kind in by}
    for taste in range(tastes):
        rng = np.random.default_rng([48, taste])
        worth = utility(read, rng, of)
        other = standard(columns @ rng.normal(size=columns.shape[1]))
        worth = standard(np.sqrt(1 - share) * worth + np.sqrt(share) * other)
        order = rng.permutation(len(worth))
        ratings = rate(worth[order[: max(RATED)]], noise, rng)
        unseen = order[max(RATED) :]
        for kind, learn in by.items():
            for column, count in enumerate(RATED):
                guess = learn(order[:count], ratings[:count])
                found[kind][taste, column] = spearman(guess[unseen], worth[unseen]) or 0.0
    return found


def show(found: dict[str, Array]) -> None:
    """Print the means with their intervals, and what is won over the CLIP at 48 ratings."""
    heads = "".join(f"{count:>18}" for count in RATED)
    print(f"{'ratings':<30}{heads}{'over CLIP at 48':>24}")
    for kind, values in found.items():
        cells = "".join(f"{interval(values[:, k]):>18}" for k in range(len(RATED)))
        gain = values[:, 1] - found["CLIP"][:, 1]
        print(f"{kind:<30}{cells}{interval(gain) if kind != 'CLIP' else '':>24}")


def interval(values: Array) -> str:
    """The mean and the 95 % interval of the mean."""
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.2f} [{values.mean() - half:.2f}, {values.mean() + half:.2f}]"


if __name__ == "__main__":
    main()
