"""`holdfast rehearse`: shows in simulated time."""
