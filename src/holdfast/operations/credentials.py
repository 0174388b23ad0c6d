"""Connections and tokens between their sealed rows and what an adapter is given."""

from holdfast.channels.adapter import Connection, Tokens
from holdfast.sealing import Sealer
from holdfast.storage.records import ConnectionRow, TokensRow

_APP_SECRET = "app_secret"  # noqa: S105 - the name of one
_ACCESS, _REFRESH = "access", "refresh"
_OWN = "secrets."
"""In front of the names of a platform's own secrets, so that none is taken for the app's."""


def connection_row(channel: str, connection: Connection, sealer: Sealer, now_us: int) -> ConnectionRow:
    """What is stored of a connection; raises SealingError."""
    secrets = {_OWN + name: secret for name, secret in connection.secrets.items()}
    sealed = sealer.seal({_APP_SECRET: connection.app_secret, **secrets})
    return ConnectionRow(
        channel,
        connection.base_url,
        connection.app_key,
        connection.shop,
        dict(connection.settings),
        sealed,
        now_us,
    )


def connection_of(row: ConnectionRow, sealer: Sealer) -> Connection:
    """The opposite of `connection_row`; raises SealingError."""
    opened = sealer.open(row.sealed)
    return Connection(
        base_url=row.base_url,
        app_key=row.app_key,
        app_secret=opened.pop(_APP_SECRET),
        shop=row.shop,
        secrets={name.removeprefix(_OWN): secret for name, secret in opened.items()},
        settings=dict(row.settings),
    )


def tokens_row(channel: str, tokens: Tokens, sealer: Sealer) -> TokensRow:
    """What is stored of a pair of tokens; raises SealingError."""
    sealed = sealer.seal({_ACCESS: tokens.access, _REFRESH: tokens.refresh})
    return TokensRow(channel, sealed, tokens.access_expires_at_us, tokens.refresh_expires_at_us)


def tokens_of(row: TokensRow, sealer: Sealer) -> Tokens:
    """The opposite of `tokens_row`; raises SealingError."""
    opened = sealer.open(row.sealed)
    return Tokens(opened[_ACCESS], opened[_REFRESH], row.access_expires_at_us, row.refresh_expires_at_us)
