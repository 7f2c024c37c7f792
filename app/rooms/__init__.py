"""Rooms: a teacher's page that others follow, and questions that they answer."""
