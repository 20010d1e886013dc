"""A population being bred, in the background for a person or by a score."""
