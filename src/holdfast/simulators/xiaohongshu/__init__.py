"""A strict local stand-in for the open API of Xiaohongshu 小红书 (ark)."""
