"""What can go wrong with a platform, in our words: each error says whether the call may have been applied."""


class ChannelError(Exception):
    """A call that did not succeed. The message is for people and never carries a secret.

    `vendor_code` is the platform's own code, for the log and the console.
    """

    code = "channel_failed"
    may_be_applied = False
    """Whether a write may have taken effect all the same."""

    def __init__(self, message: str, *, vendor_code: str = "") -> None:
        super().__init__(message)
        self.vendor_code = vendor_code


class Throttled(ChannelError):
    """Too many calls; nothing was done. `retry_after_s` is the platform's wish, if it told one."""

    code = "channel_throttled"

    def __init__(self, message: str, *, vendor_code: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, vendor_code=vendor_code)
        self.retry_after_s = retry_after_s


class TokenExpired(ChannelError):
    """The access token is no longer taken; it is refreshed once, and the call repeated."""

    code = "channel_token_expired"


class NotAuthorized(ChannelError):
    """The shop or the platform does not let us: a person has to authorize again or ask for the permission."""

    code = "channel_not_authorized"


class SignatureRefused(ChannelError):
    """The platform takes our signature for wrong: most often a wrong secret, or a clock that is off."""

    code = "channel_signature_refused"


class InsufficientStock(ChannelError):
    """A subtraction asked for more than the counter has, and nothing was done."""

    code = "channel_insufficient_stock"


class ExpectationFailed(ChannelError):
    """The counter was not what the write expected, and nothing was done."""

    code = "channel_expectation_failed"


class ListingRefused(ChannelError):
    """The item is unknown, deleted, banned or in audit: no repeat will help until a person mends it."""

    code = "channel_listing_refused"


class CallRefused(ChannelError):
    """The platform refuses the call for another reason; a repeat would be refused as well."""

    code = "channel_call_refused"


class Unavailable(ChannelError):
    """The platform was not reached, or said that it did nothing and may be asked again."""

    code = "channel_unavailable"


class UnknownOutcome(ChannelError):
    """No answer, or one that leaves open whether the call was applied."""

    code = "channel_unknown_outcome"
    may_be_applied = True


class Unsupported(ChannelError):
    """This platform cannot do that; its manifest says so."""

    code = "channel_unsupported"


class PushRefused(Exception):
    """A push that is forged, stale or no message of this platform; it is counted, not stored.

    `reason` is one of `signature`, `stale`, `malformed`, `not_for_us`.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
