"""A population being bred, by a person in the background or by a score."""
