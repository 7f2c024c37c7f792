"""Long texts of explorers."""
