"""Calls that plan and run shows 场次."""

from . import manage, steps

OPERATIONS = [*manage.OPERATIONS, *steps.OPERATIONS]
