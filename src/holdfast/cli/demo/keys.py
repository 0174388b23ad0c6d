"""Keys for those who play a part in the demo."""

from holdfast.cli.client import ApiClient

BUYERS_KEY = "demo-buyers"
WATCHER_KEY = "demo-watcher"


def make_key(client: ApiClient, name: str, role: str) -> str:
    """A key that may do no more than its holder must."""
    return str(client.post("/v1/keys", {"name": name, "role": role}).body["key"])
