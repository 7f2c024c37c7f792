"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "best-cut": [("slide", "threshold", -0.32)],
    "useless-alone": [("choose", "second", "the disturbance"), ("slide", "cut_left", 0.0),
                      ("slide", "cut_right", 0.0)],
    "twice-the-same": [("slide", "cut_left", 0.0), ("slide", "cut_right", 0.0)],
}  # fmt: skip
