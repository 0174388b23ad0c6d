"""Destinations 通知渠道: where warnings are sent, and the workers that send them."""
