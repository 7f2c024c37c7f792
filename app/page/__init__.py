"""From a chapter to HTML: the one page, its scripts, and files that need no server."""
