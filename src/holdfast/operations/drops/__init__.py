"""Drops 分时投放: a quantity locked until its time, opened to the moment, the rest given back."""
