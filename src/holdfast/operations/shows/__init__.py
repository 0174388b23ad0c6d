"""Shows 场次: what is sold when and where, in which order, and what happens to the stock for it."""
