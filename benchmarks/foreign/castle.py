"""The recipe that every program writes: one castle, and what a population for it is founded on."""

from evolve.genome.settings import Settings

PROMPT, NEGATIVE = "a castle, red roof", "people"
SEED, STEPS, GUIDANCE, SIZE, MODEL = 12345, 28, 6.5, (512, 512), "dreamshaper_8"

STABLE_DIFFUSION = {
    "model": "/models/sd15",
    "prompt": {"concepts": [["a house", 1.0]], "negative": [["fog", 1.0]]},
    "seed": 1,
    "page": 12,
    "size": [512, 512],
    "latent": [4, 64, 64],
    "settings": Settings().to_json(),
}
