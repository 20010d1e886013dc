"""The genome: noise, words, settings and edits, and the algebra of noise."""

from evolve.genome.edit import Base, Edit
from evolve.genome.genome import MAX_PROMPT, Concept, Genome, Noise, Prompt
from evolve.genome.settings import Settings

__all__ = ["MAX_PROMPT", "Base", "Concept", "Edit", "Genome", "Noise", "Prompt", "Settings"]
