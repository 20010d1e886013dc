"""What faces are called: captions, the words that are known, their tokens."""
