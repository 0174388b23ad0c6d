"""Whole shows in simulated time, through the production sync core and its policies."""
