"""A strict local stand-in for the open API of the WeChat Channels shop 微信小店."""
