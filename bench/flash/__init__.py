"""A flash sale under scripts: who gets the units, and what a guard costs."""
