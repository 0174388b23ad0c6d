"""Act one: a crowd in a process of its own reaches for the units of one item on the shop's API."""
