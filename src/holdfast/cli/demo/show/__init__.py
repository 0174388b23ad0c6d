"""Act two: a live show on three simulated platforms and the shop, each selling from its own counter."""
