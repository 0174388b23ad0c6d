"""Rights on lagging platforms: a core without I/O, and what carries its calls to the world."""
