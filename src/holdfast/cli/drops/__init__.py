"""Drops 分时投放 from the terminal."""
