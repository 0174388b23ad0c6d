"""Shows that come with the program."""

from importlib.resources import files

from holdfast.rehearsal.scenario import Scenario, parse_scenario


def evening_show() -> Scenario:
    """Three platforms at once: one goes viral, another falls silent for a minute; all invented."""
    return parse_scenario(files(__name__).joinpath("evening.json").read_bytes(), "evening.json")
