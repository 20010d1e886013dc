"""What a person likes in a population, learnt from their answers to its pictures."""
