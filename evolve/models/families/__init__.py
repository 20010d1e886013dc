"""What follows from the family of a model: its pipeline, its configurations, its name."""
