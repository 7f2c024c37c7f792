"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "close-modes": [("slide", "mu", 0.0), ("slide", "sigma", 2.05)],
    "forward-fit": [("press", "descend_forward", "end")],
    "tie": [("slide", "d", 2.8)],
    "leave-one-out": [("slide", "mu", -4.0), ("slide", "sigma", 1.0)],
}
