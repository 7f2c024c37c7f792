"""The last chapter: what each loss of machine learning is."""
