"""Tests of the engine import libraries as a renderer does, without the compiler: it is sooner."""

from evolve.rendering.process.libraries import lighten

lighten()
