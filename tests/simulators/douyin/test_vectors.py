"""The simulator's own signing against every vector that is known for Douyin shop."""

import pytest

from holdfast.simulators.douyin.signing import canonical, event_sign, parse, sign

KEY, SECRET = "6839996111728888888", "dd-secret-0123456789"
WRITE = (
    '{"idempotent_id":"res-0001","incremental":true,"product_id":3409409348479354011,'
    '"sku_id":1736502463777799123,"stock_num":-2}'
)
SEARCH = (
    '{"create_time_end":1700000000,"create_time_start":1699990000,"page":0,'
    '"product":"红色 A&B <1>/2","size":50}'
)


@pytest.mark.parametrize(
    ("key", "secret", "method", "body", "timestamp", "algorithm", "signature"),
    [
        (KEY, SECRET, "sku.syncStock", WRITE, "1700000000", "hmac-sha256",
         "012882a49dec8acdc4e8b01cd5d78159a6ea69c9374736a257e5a2304d5f5cdd"),
        (KEY, SECRET, "sku.syncStock", WRITE, "1700000000", "md5", "315b87b0edf1747e24c7187db0e89bec"),
        (KEY, SECRET, "order.searchList", SEARCH, "1700000000", "hmac-sha256",
         "921e09b1c781c300e5f6bf118310c0aa0505b447213de6d640e8d29dc01ad0ea"),
        ("testkey", "testsecret", "order.searchList", '{"page":1,"size":1}', "2026-10-07 10:00:00", "md5",
         "bcbe4f6368301b55d50341541e746126"),
        ("testkey", "testsecret", "order.searchList", '{"page":1,"size":1}', "2026-10-07 10:00:00",
         "hmac-sha256", "48ac4a6dc41632b0701934502e6da1ac4dd9341d3b07763be3543d395a2ff070"),
    ],
)  # fmt: skip
def test_signatures_of_calls(
    key: str, secret: str, method: str, body: str, timestamp: str, algorithm: str, signature: str
) -> None:
    assert sign(secret, key, method, body, timestamp, algorithm) == signature
    assert canonical(parse(body)) == body


def test_signature_of_a_push() -> None:
    body = (
        rb'[{"tag":"101","msg_id":"m-1","data":"{\"p_id\":4800000000000000001,'
        rb'\"s_ids\":[4800000000000000001],\"shop_id\":123,\"order_status\":2}"}]'
    )
    assert event_sign(SECRET, KEY, body) == "4488d78e08016fee60ed24bed5199f99"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"b":1,"a":{"d":2,"c":[3,1]}}', '{"a":{"c":[3,1],"d":2},"b":1}'),
        ('{"a": 1}', '{"a":1}'),
        (r'{"a":"红\/"}', '{"a":"红/"}'),
        ('{"a":1.0,"b":1.5}', '{"a":1,"b":1.5}'),
        ("{}", "{}"),
    ],
)
def test_canonical_json(text: str, told: str) -> None:
    assert canonical(parse(text)) == told
