"""The ticket office: signs entry tickets, checks them, and hashes what must not be stored in plain words."""

import base64
import binascii
import hmac

import msgspec

from holdfast.ledger.guard.rules import FORGED, Signals, Ticket
from holdfast.sealing import Sealer

ID_CHARACTERS = 32
HASH_CHARACTERS = 32

_decode = msgspec.json.Decoder(tuple[str, str, str, int]).decode


class TicketOffice:
    """Tickets and hashes by keys that come from the server's secret key; all methods raise SealingError.

    After a change of the secret key tickets of the old one are good as long as it stands behind the new one;
    hashes change at once, so what was counted under the old ones is not found again.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._ticket_keys: list[bytes] = []
        self._hash_key = b""

    def issue(self, gate: str, buyer: str, number: int, expires_at_us: int) -> str:
        """A ticket as text. Gate, buyer and number make its id, so a repeat gives no second go."""
        key = self._keys()[0]
        id = hmac.digest(key, msgspec.json.encode(("id", gate, buyer, number)), "sha256").hex()
        body = _encode(msgspec.json.encode((id[:ID_CHARACTERS], gate, buyer, expires_at_us)))
        return f"{body}.{_encode(hmac.digest(key, body.encode(), 'sha256'))}"

    def read(self, text: str) -> Ticket:
        """The ticket of a text, or FORGED for one that we did not sign."""
        body, _, signature = text.rpartition(".")
        try:
            given = base64.urlsafe_b64decode(f"{signature}=")
        except (binascii.Error, ValueError):
            return FORGED
        if _encode(given) != signature:
            return FORGED
        genuine = [
            hmac.compare_digest(hmac.digest(key, body.encode(), "sha256"), given) for key in self._keys()
        ]
        if not any(genuine):
            return FORGED
        return Ticket(*_decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))

    def signals(self, device: str, address: str, payment: str, account_created_at_us: int | None) -> Signals:
        """What the shop told of the buyer, hashed; what was not told stays empty."""
        return Signals(
            self.hashed("device", device),
            self.hashed("address", address),
            self.hashed("payment", payment),
            account_created_at_us,
        )

    def hashed(self, kind: str, text: str) -> str:
        """What is kept of a device, an address or a payment (`kind`); empty for nothing."""
        if not text:
            return ""
        if not self._hash_key:
            self._hash_key = self._sealer.derive("holdfast signals")[0]
        plain = f"{kind}\0{text.strip()}".encode()
        return hmac.digest(self._hash_key, plain, "sha256").hex()[:HASH_CHARACTERS]

    def _keys(self) -> list[bytes]:
        if not self._ticket_keys:
            self._ticket_keys = self._sealer.derive("holdfast tickets")
        return self._ticket_keys


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
