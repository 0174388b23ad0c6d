"""An item frozen through the API leaves a real platform's counter, and comes back when it is freed."""

from tests.api.platforms.shops import connected, counter, listing, shop
from tests.api.running import RunningServer, put, wait_for


def test_a_frozen_item_leaves_the_counter_and_comes_back(server: RunningServer) -> None:
    with shop() as simulator:
        channel, name, sku = connected(server, simulator), listing(simulator, 0), server.sku()
        server.move(sku, "supplier", "unallocated", 20)
        put(server.client, f"/v1/channels/{channel}/listings/{name}", {"sku": sku})
        wait_for(lambda: counter(simulator, name) > 0)

        def stop() -> str:
            found = server.client.get(f"/v1/channels/{channel}/sync").json()["listings"]
            said: str = found[0]["stop"]
            return said

        put(server.client, f"/v1/skus/{sku}", {"name": sku, "frozen": True})
        wait_for(lambda: counter(simulator, name) == 0 and stop() == "stopped")
        put(server.client, f"/v1/skus/{sku}", {"name": sku, "frozen": False})
        wait_for(lambda: counter(simulator, name) > 0 and stop() == "")
