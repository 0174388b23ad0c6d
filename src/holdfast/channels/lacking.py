"""What many platforms lack, said once: an adapter takes the parts that are true of its platform."""

from collections.abc import Mapping, Sequence

from .errors import PushRefused, Unsupported
from .manifest import Manifest
from .orders import Acknowledgement, Push, PushEvent


class NoQueue:
    """For platforms without a queue of messages to empty."""

    manifest: Manifest

    async def pull(self) -> list[PushEvent]:
        """Raises `Unsupported`."""
        raise Unsupported(f"{self.manifest.title} has no queue to pull.")

    async def confirm(self, events: Sequence[str]) -> None:
        """Raises `Unsupported`."""
        raise Unsupported(f"{self.manifest.title} has no queue to confirm.")


class NoAddressCheck:
    """For platforms that do not check our address before they push."""

    manifest: Manifest

    def answer_check(self, query: Mapping[str, str]) -> Acknowledgement:
        """Raises `PushRefused`."""
        raise PushRefused("not_for_us", f"{self.manifest.title} does not check addresses.")


class NoPush(NoAddressCheck):
    """For platforms that push nothing to an address of ours."""

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Raises `PushRefused`."""
        raise PushRefused("not_for_us", f"{self.manifest.title} does not push to an address.")
