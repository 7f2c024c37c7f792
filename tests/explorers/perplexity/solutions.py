"""Moves that solve each task of the chapter, see ``tests/solving.py``."""

SOLUTIONS = {
    "guess-the-letters": [("letters", "guess", "the_snow_h")],
    "two-tokens": [("scene", "Sure, then one in a hundred", None)],
    "weather": [("scene", "The weather message", None)],
    "words-or-letters": [("choose", "model", "trigram"), ("choose", "tokens", "characters")],
    "more-context": [("scene", "The same words, shuffled", None), ("choose", "model", "bigram")],
}
