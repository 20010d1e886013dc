"""The real program in a terminal: how fast it starts, answers and shows pictures."""
