"""From a chapter in a state to a picture of its first screen, SVG or PNG, without a browser."""
