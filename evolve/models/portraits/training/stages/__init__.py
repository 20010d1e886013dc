"""The stages of `train.py`, one module each, and what two of them share."""
