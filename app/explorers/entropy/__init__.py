"""How surprising a source is on average, and the codes that show it."""
