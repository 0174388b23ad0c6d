"""Notices for people: what chat robots and webhooks are sent, one file for each kind; nothing here sends."""

from .answers import Answer, Verdict
from .notice import Notice, Post, notice_of

__all__ = ["Answer", "Notice", "Post", "Verdict", "notice_of"]
