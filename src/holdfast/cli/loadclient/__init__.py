"""An honest load client: every request waits for its own answer, every failure is counted."""

from holdfast.cli.loadclient.request import Answer, Request, RequestBuilder
from holdfast.cli.loadclient.result import LoadResult
from holdfast.cli.loadclient.run import OnAnswer, ServerUnreachableError, run_blocking, run_load
from holdfast.cli.loadclient.schedule import LoadOptions

__all__ = [
    "Answer",
    "LoadOptions",
    "LoadResult",
    "OnAnswer",
    "Request",
    "RequestBuilder",
    "ServerUnreachableError",
    "run_blocking",
    "run_load",
]
