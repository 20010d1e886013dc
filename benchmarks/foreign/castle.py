"""The recipe that every program writes: one castle."""

PROMPT, NEGATIVE = "a castle, red roof", "people"
SEED, STEPS, GUIDANCE, SIZE, MODEL = 12345, 28, 6.5, (512, 512), "dreamshaper_8"
