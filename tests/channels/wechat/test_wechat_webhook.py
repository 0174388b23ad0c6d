import base64
import json
import struct

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import PushRefused
from holdfast.channels.orders import PushKind
from holdfast.channels.wechat.webhook import Webhook, decrypted, signature

TOKEN, AT, NONCE = "callbacktoken", "1700000000", "987654321"
KEY, APP = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFI", "wx0123456789abcdef"
MESSAGE = (
    '{"ToUserName":"gh_x","FromUserName":"oABC","CreateTime":1700000000,"MsgType":"event",'
    '"Event":"channels_ec_order_pay","order_info":{"order_id":3705115058471208928,"pay_time":1700000000}}'
)
ENCRYPT = (
    "biq0FzuHX35CU+X7SQru0bIOW7fleITO1Uo4fnrEXbzGzCvGqFbPqsC5Izj4KYHVKWvBni6QHYCJ+tE+Mg4SqHqRD6aioWVbIgbzbAO27NClB60"
    "ayiWsptAAfZJKFt+YDIKuT3y/J+DR6dQ3+LldHG0PySFR4CLO1sv8mZ/bPyiY9LkrG13qGM+D5VMQUIdaNMtL0xaH6lTyjNVQoGpOixt6xP/m+1c"
    "cDayuxzEOWprxkYdn3OehLkXgWYYZf7wLVABAX/4fhZzQuRT6Zt24vEcYWstJ2fG1/2cLuKUw/LE="
)
MSG_SIGNATURE = "bbc47cd53dc8f80d5449fcfa547d4c1eaa9e87d7"
CHECK_SIGNATURE = "610498d2470cfb6b0a557080db52d0b92580f881"
NOW_US = 1_700_000_000_000_000


def webhook(**changes: str) -> Webhook:
    secrets = {"callback_token": TOKEN, "encoding_aes_key": KEY}
    return Webhook(Connection("https://x", APP, "app-secret", secrets=secrets | changes))


def query(encrypt: str = ENCRYPT, **changes: str) -> dict[str, str]:
    right = signature(TOKEN, changes.get("timestamp", AT), NONCE, encrypt)
    return {"timestamp": AT, "nonce": NONCE, "encrypt_type": "aes", "msg_signature": right} | changes


def sealed(message: str, app: str = APP, padding: bytes | None = None) -> str:
    """What the platform sends, made the other way round."""
    key = base64.b64decode(KEY + "=")
    plain = b"0123456789abcdef" + struct.pack(">I", len(message.encode())) + message.encode() + app.encode()
    missing = 32 - len(plain) % 32
    plain += bytes([missing]) * missing if padding is None else padding.rjust(missing, b"\1")
    sealer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(sealer.update(plain) + sealer.finalize()).decode()


def refusal(query: dict[str, str], body: object, now_us: int = NOW_US, hook: Webhook | None = None) -> str:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(PushRefused) as refused:
        (hook or webhook()).receive(query, raw, now_us)
    return refused.value.reason


def test_the_vectors_hold() -> None:
    assert len(MESSAGE) == 185
    assert signature(TOKEN, AT, NONCE) == CHECK_SIGNATURE
    assert signature(TOKEN, AT, NONCE, ENCRYPT) == MSG_SIGNATURE
    assert decrypted(ENCRYPT, KEY, APP) == MESSAGE.encode()
    assert sealed(MESSAGE) == ENCRYPT


def test_a_push_names_its_order() -> None:
    push = webhook().receive(
        query(msg_signature=MSG_SIGNATURE), json.dumps({"Encrypt": ENCRYPT}).encode(), NOW_US
    )
    (event,) = push.events
    assert (event.kind, event.order) == (PushKind.ORDER, "3705115058471208928")
    assert event.event_at_us == NOW_US
    assert push.acknowledgement.body == b"success"


def test_the_same_message_sealed_anew_is_known_as_a_repeat() -> None:
    first, again = (
        webhook().receive(query(text), json.dumps({"Encrypt": text}).encode(), NOW_US).events[0].event
        for text in (ENCRYPT, sealed(MESSAGE))
    )
    other = sealed(MESSAGE.replace("order_pay", "order_deliver"))
    third = webhook().receive(query(other), json.dumps({"Encrypt": other}).encode(), NOW_US).events[0].event
    assert first == again != third


def test_an_after_sale_names_its_order() -> None:
    status = {"status": "MERCHANT_REFUND_SUCCESS", "after_sale_order_id": 1, "order_id": 5}
    event = {"Event": "channels_ec_aftersale_update", "finder_shop_aftersale_status_update": status}
    text = sealed(json.dumps(event))
    (found,) = webhook().receive(query(text), json.dumps({"Encrypt": text}).encode(), NOW_US).events
    assert (found.kind, found.order) == (PushKind.REFUND, "5")


def test_news_of_products_is_other_news() -> None:
    text = sealed('{"Event":"product_spu_update","CreateTime":1700000000}')
    (found,) = webhook().receive(query(text), json.dumps({"Encrypt": text}).encode(), NOW_US).events
    assert (found.kind, found.order) == (PushKind.OTHER, "")


def test_forged_pushes_are_refused() -> None:
    body = {"Encrypt": ENCRYPT}
    assert refusal(query(msg_signature="0" * 40), body) == "signature"
    assert refusal(query(nonce="1"), body) == "signature"
    assert refusal({"timestamp": AT, "nonce": NONCE}, body) == "signature"
    assert refusal(query(), {"Encrypt": sealed("{}")}) == "signature"
    assert refusal(query(), body, hook=webhook(callback_token="")) == "signature"


def test_an_old_push_is_refused() -> None:
    body = {"Encrypt": ENCRYPT}
    webhook().receive(query(), json.dumps(body).encode(), NOW_US + 13_000_000_000)
    assert refusal(query(), body, NOW_US + 15_000_000_000) == "stale"


def test_a_push_in_the_clear_is_refused_although_its_query_is_signed() -> None:
    assert (
        refusal({"timestamp": AT, "nonce": NONCE, "signature": CHECK_SIGNATURE}, MESSAGE.encode())
        == "malformed"
    )


@pytest.mark.parametrize(
    "text",
    ["AAAA", "no base64!", sealed(MESSAGE, padding=b"\0"), sealed("no json"), sealed('{"MsgType":"event"}')],
)
def test_what_is_no_message_is_refused(text: str) -> None:
    assert refusal(query(text), {"Encrypt": text}) == "malformed"


def test_a_push_for_another_app_or_key_is_refused() -> None:
    other = sealed(MESSAGE, app="wx-other")
    assert refusal(query(other), {"Encrypt": other}) == "not_for_us"
    assert refusal(query(), {"Encrypt": ENCRYPT}, hook=webhook(encoding_aes_key="")) == "malformed"
    assert refusal(query(), {"Encrypt": ENCRYPT}, hook=webhook(encoding_aes_key="A" * 43)) in (
        "malformed",
        "not_for_us",
    )


def test_the_check_of_our_address_is_echoed_only_if_signed() -> None:
    asked = {"signature": CHECK_SIGNATURE, "timestamp": AT, "nonce": NONCE, "echostr": "4711"}
    assert webhook().answer_check(asked).body == b"4711"
    with pytest.raises(PushRefused):
        webhook().answer_check(asked | {"nonce": "1"})
