"""The parts of the Mutual Information Explorer that are too long to stand in its file."""
