"""The explorers under Panel, and what they need there."""
