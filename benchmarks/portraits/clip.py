"""How well does the embedded CLIP know which caption belongs to which picture?

Real held-out pictures, in four hundreds, against 100 captions each: captions that tell all they can
("full") and captions as in training, many of them short. Short ones are true of several pictures:
below them stands how often a reader would be right who sees all that is there, and takes the true
caption that says most, or any of the pictures that a caption is true of. Then captions in which one
attribute is made wrong and nothing else changes: how often the score falls.

    python -m benchmarks.portraits.clip
"""

import difflib
import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import torch
from transformers import CLIPModel, CLIPTokenizer

from benchmarks.portraits.held_out import Held, held_out, meant, pictures
from evolve.models.portraits import WEIGHTS
from evolve.models.portraits.training.faces.attributes import WORDS
from evolve.models.portraits.training.words.captions import caption

EVERYTHING = 2.0


def embedded(texts: list[str]) -> torch.Tensor:
    """(n, width) unit vectors."""
    tokens = TOKENIZER(texts, padding=True, truncation=True, max_length=LENGTH, return_tensors="pt")
    return torch.nn.functional.normalize(
        CLIP.text_projection(CLIP.text_model(input_ids=tokens["input_ids"]).pooler_output), dim=-1
    )


def falsified(seen: dict[str, str], attribute: str, rng: random.Random) -> tuple[str, str] | None:
    """A full caption and the same with another value of `attribute`; None if more would change.

    The other caption is false, not only silent ("a man" is true of a bearded one) and not the same
    in other words ("a shirt" is true of a t-shirt).
    """
    others = [v for v in WORDS[attribute] if v != seen[attribute]]
    wrong = {**seen, attribute: rng.choice(others)}
    own, other = (WORDS[attribute][values[attribute]] for values in (seen, wrong))
    for attempt in range(30):
        key = f"{rng.random()} {attempt}"
        one, in_one = caption(random.Random(key), seen, fullness=EVERYTHING)
        two, in_two = caption(random.Random(key), wrong, fullness=EVERYTHING)
        changes = difflib.SequenceMatcher(None, one.split(), two.split()).get_opcodes()
        if attribute not in in_one & in_two or sum(c[0] != "equal" for c in changes) != 1:
            continue
        if set(own).isdisjoint(other) or any(w in two for w in other if w not in own):
            return one, two
    return None


def seeing_all(faces: Sequence[Held]) -> tuple[float, float]:
    """How often who sees all is right about captions as trained: for pictures, and for captions."""
    every = held_out()
    attributes = {attribute for face in every for attribute in face.seen}
    seen = {a: Counter(face.seen.get(a) for face in every) for a in attributes}
    asked = [meant(face) for face in faces]

    def rare(attribute: str, values: frozenset[str]) -> float:
        """How much it says that one of these is there: minus the logarithm of their share."""
        return -math.log(max(1, sum(seen[attribute][v] for v in values)) / len(every))

    information = np.array([sum(rare(a, values) for a, values in one.items()) for one in asked])
    true = np.array(
        [
            [all(face.seen.get(a) in values for a, values in one.items()) for one in asked]
            for face in faces
        ]
    )
    right, chance = list[bool](), list[float]()
    for k in range(0, len(faces), 100):
        block = true[k : k + 100, k : k + 100]
        says_most = np.where(block, information[k : k + 100], -1).argmax(1)
        right += (says_most == np.arange(len(block))).tolist()
        chance += (1 / np.maximum(1, block.sum(0))).tolist()
    return float(np.mean(right)), float(np.mean(chance))


@torch.no_grad()
def main() -> None:
    """Measure and print two tables."""
    faces, images = held_out()[: len(pictures())], pictures()
    pixels = torch.from_numpy(images).permute(0, 3, 1, 2).float().div(127.5).sub(1)
    vision = torch.cat([CLIP.vision_model(pixel_values=p).pooler_output for p in pixels.split(50)])
    seen = torch.nn.functional.normalize(CLIP.visual_projection(vision), dim=-1)

    print(f"{'captions':<12}{'right caption of 100':>22}{'right picture of 100':>22}")
    full = [
        caption(random.Random(k), face.seen, fullness=EVERYTHING)[0] for k, face in enumerate(faces)
    ]
    for name, texts in (("full", full), ("as trained", [face.prompt for face in faces])):
        similar = (seen @ embedded(texts).T).numpy()
        blocks = [similar[k : k + 100, k : k + 100] for k in range(0, len(faces), 100)]
        by_picture = np.mean([b.argmax(1) == np.arange(100) for b in blocks])
        by_caption = np.mean([b.argmax(0) == np.arange(100) for b in blocks])
        print(f"{name:<12}{by_picture:22.1%}{by_caption:22.1%}")

    by_picture, by_caption = seeing_all(faces)
    print(f"{'seeing all':<12}{by_picture:22.1%}{by_caption:22.1%}")

    whose: list[tuple[int, str]] = []
    texts = []
    for k, face in enumerate(faces):
        rng = random.Random(k)
        for attribute in face.seen:
            if (pair := falsified(face.seen, attribute, rng)) is not None:
                whose.append((k, attribute))
                texts += pair
    vectors = torch.cat([embedded(texts[k : k + 200]) for k in range(0, len(texts), 200)])
    falls: dict[str, list[bool]] = defaultdict(list)
    for (k, attribute), (right, wrong) in zip(
        whose, vectors.reshape(len(whose), 2, -1), strict=True
    ):
        falls[attribute].append(float(seen[k] @ right) > float(seen[k] @ wrong))
    print(f"\n{'made wrong':<16}{'score falls':>12}{'of':>7}")
    for attribute, fell in sorted(falls.items()):
        print(f"{attribute:<16}{np.mean(fell):12.1%}{len(fell):7d}")
    every = [fell for values in falls.values() for fell in values]
    print(f"{'all':<16}{np.mean(every):12.1%}{len(every):7d}")


if __name__ == "__main__":
    CLIP = CLIPModel.from_pretrained(WEIGHTS / "clip", dtype=torch.float32).eval()
    TOKENIZER = CLIPTokenizer.from_pretrained(WEIGHTS / "tokenizer")
    LENGTH = CLIP.config.text_config.max_position_embeddings
    main()
