"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "all-equal": [("slide", "p:0", 0.25)],
    "half-and-nine": [("slide", "p:0", 0.5)],
    "largest-area": [("slide", "p:0", 0.368)],
    "temperature": [("slide", "temperature", 0.5)],
    "nothing-wasted": [("slide", "p:2", 0.125)],
}
