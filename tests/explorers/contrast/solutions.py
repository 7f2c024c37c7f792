"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "ceiling": [("slide", "candidates", 60)],
    "strangers": [("slide", "rho", 0.0)],
    "how-many": [("slide", "candidates", 100)],
    "one-round": [("press", "next_round", None), ("press", "next_round", None)],
    "too-sure": [("slide", "temperature", 1.0)],
}
