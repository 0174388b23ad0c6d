"""The signature of Shopify's webhooks, on the platform's side (facts 7)."""

import base64
import hashlib
import hmac


def webhook_signature(client_secret: str, body: bytes) -> str:
    """The header `X-Shopify-Hmac-SHA256`: base64 of the HMAC over the raw body."""
    return base64.b64encode(hmac.new(client_secret.encode(), body, hashlib.sha256).digest()).decode()
