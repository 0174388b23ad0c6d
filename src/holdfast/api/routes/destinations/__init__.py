"""Calls about destinations 通知渠道."""

from . import manage

OPERATIONS = manage.OPERATIONS
