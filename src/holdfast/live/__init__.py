"""Fan-out of the feed to whoever watches."""
