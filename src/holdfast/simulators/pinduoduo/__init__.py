"""A strict local stand-in for the open API of Pinduoduo 拼多多."""
