"""Two Gaussians and both directions of their divergence."""
