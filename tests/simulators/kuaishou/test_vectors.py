"""The simulator's own signing and encryption against every vector that is known for Kuaishou."""

import pytest

from holdfast.simulators.kuaishou.signing import encrypt, sign

MESSAGE_SECRET = "AAECAwQFBgcICQoLDA0ODw=="
STOCK = '{"kwaiItemId":1001,"skuId":2002,"skuChangeStock":3,"changeType":2}'
ORDERS = (
    '{"orderViewStatus":1,"pageSize":50,"sort":1,"queryType":2,"beginTime":1699996400000,'
    '"endTime":1700000000000,"cursor":""}'
)


@pytest.mark.parametrize(
    ("method", "param", "timestamp", "how", "signature"),
    [
        ("open.seller.order.list", '{"title":"短袖"}', "1583271919000", "MD5",
         "6005da269b372ff10945e565ef37a4c6"),
        ("open.seller.order.list", '{"title":"短袖"}', "1583271919000", "HMAC_SHA256",
         "ZpPrG0oB1g/T93FyyVD+VCzRey41yqxZoCqcGg7upYM="),
        ("open.item.sku.stock.update", STOCK, "1700000000000", "HMAC_SHA256",
         "ZOnzhBfQNp+H+0tDebBaPpAbwF+yU3yc6avuxFZ9WyA="),
        ("open.item.sku.stock.update", STOCK, "1700000000000", "MD5", "bf6044434604e4446958b6886c66bf71"),
        ("open.order.cursor.list", ORDERS, "1700000000000", "HMAC_SHA256",
         "0WrWbTQAf4xLTFQa3hJLRVAAKMYpqfxI7BzAjUzXhHI="),
    ],
)  # fmt: skip
def test_signatures(method: str, param: str, timestamp: str, how: str, signature: str) -> None:
    parameters = {
        "access_token": "token",
        "appkey": "ks123",
        "method": method,
        "param": param,
        "signMethod": how,
        "timestamp": timestamp,
        "version": "1",
    }
    assert sign(parameters, "sign-secret") == signature


def test_the_probe_is_encrypted_as_known() -> None:
    assert encrypt(b'{"test":true}', MESSAGE_SECRET) == b"vftmsTE4kncTlrYRCUwCMg=="


def test_a_message_is_encrypted_as_known() -> None:
    plain = (
        rb'{"eventId":"e1","msgId":"m1","bizId":2500100001,"userId":88,"openId":"o88","appKey":"ks123",'
        rb'"event":"kwaishop_order_paySuccess","info":"{\"oid\":2500100001,\"sellerId\":88,\"status\":30,'
        rb'\"updateTime\":1700000000000}","createTime":1700000000000,"updateTime":1700000000000}'
    )
    assert encrypt(plain, MESSAGE_SECRET) == (
        b"9W0qL4lKtoMHzsdgWNBIZaN5BsfhGucpxMNIfdBVmKRcpq1vosAirPG1Ak3fu/1ISn7AXqxqoK+1CQzsoGXewB+Adf5SBfozUh9e"
        b"Rt0tzmjgz9grX9UkOAUg/LafRNYem9SkwUW+2x2L3oOS4nGMXhRQZfl0N0Zk4HouOhW9d88lFkF4v2fjvxpJaaN3tNUsdDzeYvYG"
        b"m5PyzHL4LrTsTOZUvGwNUQknQQ79hJ3fgQcw9Jrcn5H5Vl4ozJ4Xw0NelIwSqKy2aLaYQqk5/1+GNqFgZFNrmAGLGmW72fCJJX0j"
        b"JcnhHgPV9464UpyNqc8SStZ69J6BnHSlxRfjpeR36arC3pbyxLzewtYzY1LPyKo="
    )
