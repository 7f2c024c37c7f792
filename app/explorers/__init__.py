"""The chapters, a folder each: declaration, model in two languages, figures and texts."""
