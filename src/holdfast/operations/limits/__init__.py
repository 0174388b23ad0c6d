"""Limits that come and go with shows and drops, and what an item had before, over any restart."""
