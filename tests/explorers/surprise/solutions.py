"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "ten-flips": [("slide", "p", 0.001)],
    "three-bits": [("slide", "p", 0.125)],
    "twice-the-surprise": [("slide", "p", 0.04)],
    "two-events": [("slide", "p_2", 0.25)],
}
