"""The demo: a real server, a crowd of buyers in a process of their own, a live picture, and the proof."""
