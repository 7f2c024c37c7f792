"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "bins-lose": [("slide", "noise", 0.0)],
    "sampling-adds": [("choose", "feature", "noise"), ("slide", "bins", 1000)],
    "out-of-chance": [("slide", "n", 1000)],
}
