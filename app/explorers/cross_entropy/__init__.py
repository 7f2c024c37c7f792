"""What a code costs that was built for another distribution."""
