"""Questions that tell of a label, one after another."""
