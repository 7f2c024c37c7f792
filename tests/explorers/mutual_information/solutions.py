"""Moves that solve each task of the chapter, see ``tests/solving.py``."""


def divided(*cells):
    """Return the moves that bring p(y|x) of each cell to a value, in its row."""
    return [
        move
        for cell, value in cells
        for move in (("go to", f"joint:{cell}", None), ("slide", f"division:{cell}", value))
    ]


SOLUTIONS = {
    "x-squared": divided((0, 0.0), (6, 0.0), (10, 0.0)),
    "disagree": divided((0, 0.1), (6, 0.1)),
    "less-sure": [("choose", "observed", "2")],
    "function": divided((1, 0.0), (5, 0.0), (10, 0.0)),
}
