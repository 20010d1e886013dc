"""What a person likes in a population, learnt from their answers to its pictures."""

from __future__ import annotations

from evolve.taste.taste import Prediction, Taste

__all__ = ["Prediction", "Taste"]
