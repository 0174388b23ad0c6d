"""Strict local stand-ins for the platforms' open APIs; they share nothing with `channels`, on purpose."""
