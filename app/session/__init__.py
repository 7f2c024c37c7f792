"""One reader's explorer: state, sources, long work, and what travels to and from the page."""
