"""Shows 场次 from the terminal."""
