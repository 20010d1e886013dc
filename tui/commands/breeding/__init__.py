"""Commands that breed: found, open, paint, rate, run."""
