"""A strict local stand-in for TikTok Shop's open API."""
