"""Surprise: what one event of probability p tells, −log p, and why surprises add."""
