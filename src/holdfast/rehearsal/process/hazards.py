"""What can befall our own process; the gentle default is that nothing does."""

from enum import StrEnum


class Step(StrEnum):
    """The moments at which the driver asks whether the process dies."""

    HEARD = "heard"
    """Something is on file, and the core has not been told."""
    DECIDED = "decided"
    """The core has decided, and nothing of it is on file."""
    COMMITTED = "committed"
    """A commit is on file, and none of its calls was made."""
    CALLED = "called"
    """A call was made, and its answer will find nobody."""


class Crash(Exception):
    """The process is dead at this point; whatever was not on file is lost."""


class Hazards:
    """Nothing happens; `chaos` has the other kind."""

    restart_after_s = 1.0

    def step(self, step: Step) -> None:
        """Raises `Crash` when the process is to die here."""

    def refuses_commit(self) -> bool:
        """Whether the store is too busy for this commit."""
        return False
