"""How much samples tell of what two variables share."""
