"""What only a trial shows of a model on this machine."""
