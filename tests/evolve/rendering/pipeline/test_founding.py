"""A picture finished by hand founds a line, on the real embedded model and its CLIP."""

from pathlib import Path

import numpy as np
from crowds import finished, paint, work
from PIL import Image, ImageDraw

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base
from evolve.genome.settings import Settings
from evolve.models.loading import LoadedModel
from evolve.models.portraits import WEIGHTS
from evolve.rendering.protocol import Encode, Encoded
from evolve.scoring.clip import Clip
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.session.archive import Picture
from populations.exchange.importing import Founding, read

SETTINGS = Settings(guidance_scale=2.0, steps=4)


def painted(model: LoadedModel, genomes: list[Genome]) -> list[Picture]:
    return [event.picture for event in finished(paint(model, genomes))]


def test_children_of_an_edited_picture_look_like_it(model: LoadedModel, tmp_path: Path) -> None:
    config = {
        "seed": 3,
        "prompt": Prompt.parse("a man").to_json(),
        "size": [128, 128],
        "latent": list(model.info.latent),
        "settings": SETTINGS.to_json(),
    }
    strangers = Search(
        seed=3, prompt=Prompt.parse("a man"), shape=model.info.latent, settings=SETTINGS
    ).ask(5)
    one, *others = painted(model, [i.genome for i in strangers])
    edited = Image.fromarray(one)
    ImageDraw.Draw(edited).rectangle((24, 8, 104, 48), fill=(20, 60, 230))  # a hat, by hand
    edited.save(tmp_path / "hat.png")

    def encode(picture: Picture) -> Base:
        (encoded,) = work(model, Encode(0, picture))
        assert isinstance(encoded, Encoded)
        return encoded.base

    founding = Founding(config, encode, depth=0.5)
    (founder,) = founding.rows([read(tmp_path / "hat.png")], first=0, generation=0)
    assert isinstance(founder, Individual)
    line = Search(
        seed=3,
        prompt=Prompt.parse("a man"),
        shape=model.info.latent,
        births=[founder],
        genome_of={0: founder.genome}.__getitem__,
    )
    children = painted(model, [i.genome for i in line.ask(3, parents=[0])])

    vectors = Clip(WEIGHTS / "clip").embed([np.asarray(edited), *children, *others])
    alike = vectors[1:] @ vectors[0]
    assert alike[:3].min() > alike[3:].max()
