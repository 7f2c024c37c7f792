"""One link for many readers: the ASGI application, its addresses and its guards."""
