"""Guards: what a sale must not become (scalped, shared out by robots, sold below cost without end)."""
