"""Whole shows in simulated time, through the same core and policies that run the real ones."""
