"""Viewer overlays: a few items' stock for a live picture, at an address that can be changed."""
