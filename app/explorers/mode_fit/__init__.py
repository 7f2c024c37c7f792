"""One Gaussian for a target with two modes."""
