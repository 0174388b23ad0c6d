"""Our own process in simulated time: the durable book, the driver between core and world, and its hazards."""

from .book import Book, Entry
from .driver import Core, Driver
from .hazards import Crash, Hazards

__all__ = ["Book", "Core", "Crash", "Driver", "Entry", "Hazards"]
