"""One explorer a module."""
