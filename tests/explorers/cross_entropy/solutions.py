"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "too-sure": [("slide", "q:0", 0.98)],
    "below-own-entropy": [("slide", "q:0", 0.5)],
    "same-cost": [("slide", "q:0", 0.333)],
    "smoothed-label": [("press", "train", "end")],
}
