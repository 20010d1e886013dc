"""Libraries are imported as in a renderer: without compilers, a tenth of the time of a start."""

from evolve.rendering.process.libraries import lighten

lighten()
