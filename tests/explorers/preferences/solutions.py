"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "halved-price": [("slide", "beta", 0.1)],
    "half-the-gain": [("slide", "beta", 0.2344)],
    "one-answer": [("slide", "beta", 0.03)],
    "never-said": [("slide", "beta", 0.02)],
    "before-training": [("slide", "push", 1.5)],
}
