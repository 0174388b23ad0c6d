"""The webhook signature, against the vector of the facts."""

from holdfast.simulators.shopify.signing import webhook_signature


def test_the_vector() -> None:
    body = (
        b'{"inventory_item_id":271878346596884015,"location_id":24826418,"available":5,'
        b'"updated_at":"2026-01-01T00:00:00Z"}'
    )
    assert webhook_signature("hush", body) == "22B8ia2dPrdanrKMMtvkwRkc+UoEG5Qyb8n6wn9SLrw="
