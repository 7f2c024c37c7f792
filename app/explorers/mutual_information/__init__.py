"""What two variables share."""
