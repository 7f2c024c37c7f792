"""A text, token by token, under a language model."""
