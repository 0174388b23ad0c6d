"""The simulated world: customers, and platforms that sell from their own counters behind flaky calls."""

from .words import Controller, News, NewsKind, Reply, ReplyStatus, Request
from .world import World

__all__ = ["Controller", "News", "NewsKind", "Reply", "ReplyStatus", "Request", "World"]
