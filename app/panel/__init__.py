"""Explorers under Panel."""
