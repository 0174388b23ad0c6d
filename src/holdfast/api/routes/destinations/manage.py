"""Destinations: listed with how they stand, set, tested, removed."""

from holdfast.api.fields import DestinationId, Failed, check_path
from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.destinations.address import place_of
from holdfast.operations.destinations.desk import Found
from holdfast.operations.destinations.model import Destination, DestinationError
from holdfast.operations.notices import Verdict, webhook
from holdfast.policies.warnings import Level
from holdfast.sealing import SealingError

from .bodies import DestinationBody, DestinationDocument, DestinationPage, TestDocument, document

_SECRETS = ("address", "secret", "old_secret", "password")


def _id(request: Request) -> str:
    id: str = check_path(DestinationId, request.path["destination"], "destination")
    return id


def _found(request: Request) -> Found:
    id = _id(request)
    found = request.holdfast.destinations.get(id)
    if found is None:
        raise Failed("not_found", f"there is no destination {id}", field="destination")
    return found


def _shown(request: Request, found: Found) -> DestinationDocument:
    try:
        kept = request.holdfast.destinations.secrets(found.destination)
    except SealingError:
        # A lost key must not hide how the delivery stands; the state has the words.
        kept = {}
    return document(found, [name for name in _SECRETS if kept.get(name)])


async def list_all(request: Request) -> Answer:
    """All of them."""
    found = request.holdfast.destinations.all()
    return Answer(DestinationPage([_shown(request, each) for each in found], None))


async def put(request: Request) -> Answer:
    """Set a destination."""
    id, desk = _id(request), request.holdfast.destinations
    body: DestinationBody = request.body
    before = desk.get(id)
    try:
        same = before is not None and before.destination.kind == body.kind
        old = desk.secrets(before.destination) if same and before is not None else {}
        secrets = _mail(body, old) if body.kind == "email" else _robot(body, old)
        sealed = desk.seal(secrets)
        host = secrets.get("host") or place_of(secrets["address"], private=desk.private).host
    except SealingError as error:
        raise Failed("secret_key_unusable", str(error)) from error
    except DestinationError as error:
        raise Failed("invalid_request", str(error), field=error.field) from None
    if secrets.get("security") == "plain" and not desk.private:
        words = "mail without TLS is for a private network alone; use starttls or tls"
        raise Failed("invalid_request", words, field="mail.security")
    level = Level[body.level.upper()]
    kept = Destination(
        body.name, body.kind, sealed, host, body.language, level, tuple(body.skus), body.enabled
    )
    await desk.put(id, kept, request.principal.actor, request.request_id)
    return Answer(_shown(request, _found(request)))


def _robot(body: DestinationBody, old: dict[str, str]) -> dict[str, str]:
    if body.mail is not None:
        raise Failed("invalid_request", "mail belongs to the kind email alone", field="mail")
    given = {"address": body.address, "secret": body.secret, "old_secret": body.old_secret}
    if body.secret:
        # A new secret ends the change before it.
        old = {name: value for name, value in old.items() if name != "old_secret"}
    found = {**old, **{name: value for name, value in given.items() if value}}
    if "address" not in found:
        raise Failed("invalid_request", "say the robot's address; it is kept sealed", field="address")
    if body.kind != "webhook":
        return found
    if "secret" not in found:
        raise Failed("invalid_request", "a webhook signs: give a secret, whsec_ and base64", field="secret")
    for name in ("secret", "old_secret"):
        try:
            if name in found:
                webhook.check(found[name])
        except ValueError as error:
            raise Failed("invalid_request", str(error), field=name) from None
    return found


def _mail(body: DestinationBody, old: dict[str, str]) -> dict[str, str]:
    mail = body.mail
    if mail is None:
        if not old:
            raise Failed("invalid_request", "say the mail server and who writes to whom", field="mail")
        return old
    password = mail.password or (old.get("password", "") if old.get("host") == mail.host else "")
    return {
        "host": mail.host,
        "port": str(mail.port),
        "security": mail.security,
        "user": mail.user,
        "password": password,
        "sender": mail.sender,
        "to": ", ".join(mail.to),
    }


async def remove(request: Request) -> Answer:
    """Forget one, and what waits for it."""
    found = _shown(request, _found(request))
    await request.holdfast.destinations.remove(found.destination, request.principal.actor, request.request_id)
    return Answer(found)


async def test(request: Request) -> Answer:
    """Send a test message."""
    id = _found(request).id
    try:
        tested = await request.holdfast.destinations.test(id, request.principal.actor, request.request_id)
    except SealingError as error:
        raise Failed("secret_key_unusable", str(error)) from error
    answer, words = tested.answer, tested.words
    ok = answer.verdict is Verdict.TAKEN
    return Answer(TestDocument(ok, answer.verdict.value, answer.code, answer.text, words.zh, words.en))


OPERATIONS = [
    Operation(
        "GET",
        "/v1/destinations",
        list_all,
        summary="List the destinations of warnings, and how each delivery stands",
        role=Role.OPERATOR,
        gives=DestinationPage,
    ),
    Operation(
        "PUT",
        "/v1/destinations/{destination}",
        put,
        summary="Set a destination: a robot, a webhook or mailboxes",
        role=Role.ADMINISTRATOR,
        takes=DestinationBody,
        gives=DestinationDocument,
        codes=("secret_key_unusable",),
    ),
    Operation(
        "DELETE",
        "/v1/destinations/{destination}",
        remove,
        summary="Remove a destination and what waits for it",
        role=Role.ADMINISTRATOR,
        gives=DestinationDocument,
        codes=("not_found",),
    ),
    Operation(
        "POST",
        "/v1/destinations/{destination}/test",
        test,
        summary="Send a test message, and say what the robot answered",
        role=Role.ADMINISTRATOR,
        gives=TestDocument,
        codes=("not_found", "secret_key_unusable"),
    ),
]
"""Calls about destinations."""
