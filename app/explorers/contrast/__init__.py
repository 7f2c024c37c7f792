"""Contrast: what this chapter is about, in a line."""
