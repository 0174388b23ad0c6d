"""The callbacks' signatures and encryption, against the vectors of the facts."""

import base64

from holdfast.simulators.wechat.encryption import callback_signature, encrypt

MESSAGE = (
    b'{"ToUserName":"gh_x","FromUserName":"oABC","CreateTime":1700000000,"MsgType":"event",'
    b'"Event":"channels_ec_order_pay","order_info":{"order_id":3705115058471208928,"pay_time":1700000000}}'
)
ENCRYPTED = (
    "biq0FzuHX35CU+X7SQru0bIOW7fleITO1Uo4fnrEXbzGzCvGqFbPqsC5Izj4KYHVKWvBni6QHYCJ+tE+Mg4SqHqRD6aioWVbIgbzbAO27N"
    "ClB60ayiWsptAAfZJKFt+YDIKuT3y/J+DR6dQ3+LldHG0PySFR4CLO1sv8mZ/bPyiY9LkrG13qGM+D5VMQUIdaNMtL0xaH6lTyjNVQoGpO"
    "ixt6xP/m+1ccDayuxzEOWprxkYdn3OehLkXgWYYZf7wLVABAX/4fhZzQuRT6Zt24vEcYWstJ2fG1/2cLuKUw/LE="
)


def test_the_signature_of_the_address_check() -> None:
    assert callback_signature("callbacktoken", "1700000000", "987654321") == (
        "610498d2470cfb6b0a557080db52d0b92580f881"
    )


def test_an_encrypted_event_and_its_signature() -> None:
    assert len(MESSAGE) == 185
    sealed = encrypt(
        MESSAGE, "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFI", "wx0123456789abcdef", b"0123456789abcdef"
    )
    assert sealed == ENCRYPTED
    assert callback_signature("callbacktoken", "1700000000", "987654321", sealed) == (
        "bbc47cd53dc8f80d5449fcfa547d4c1eaa9e87d7"
    )


def test_messages_are_filled_to_32_bytes() -> None:
    key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFI"
    sealed = encrypt(b"12345", key, "wx0123456789abcdef", b"0123456789abcdef")
    assert len(base64.b64decode(sealed)) == 64, "43 bytes would be 48 in AES's own blocks"
