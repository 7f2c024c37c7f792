"""Tables and figures of explorers that are too long for one file."""
