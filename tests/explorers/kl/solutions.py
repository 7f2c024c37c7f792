"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "twice-as-far": [("slide", "mu_q", 2.0)],
    "best-width": [("slide", "sigma_q", 1.414)],
    "both-ways": [("slide", "sigma_q", 0.9)],
    "triangle": [("slide", "mu_q", 4.0)],
    "same-area": [("choose", "integrand", "non-negative")],
}
