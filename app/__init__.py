"""The explorers of Bits & Nats, served by Panel or exported as pages that need no server."""
