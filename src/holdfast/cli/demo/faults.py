"""What ends a demo before there is anything to prove."""


class DemoFailed(Exception):
    """The demo could not be played to its end; the message says why."""
