"""The genome: noise, prompt, settings and edits, and the algebra of noise."""

from evolve.genome.edit import Base, Edit
from evolve.genome.genome import Genome
from evolve.genome.noise import Noise
from evolve.genome.prompt import MAX_PROMPT, Concept, Prompt
from evolve.genome.settings import Settings

__all__ = ["MAX_PROMPT", "Base", "Concept", "Edit", "Genome", "Noise", "Prompt", "Settings"]
