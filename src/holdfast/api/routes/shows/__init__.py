"""Calls that plan and run shows 场次."""

from . import manage, reserve, rundown, start, steps

OPERATIONS = [
    *manage.OPERATIONS,
    *start.OPERATIONS,
    *steps.OPERATIONS,
    *rundown.OPERATIONS,
    *reserve.OPERATIONS,
]
