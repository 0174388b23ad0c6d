"""The simulator's own signing against every vector that is known for the TOP gateway."""

import pytest

from holdfast.simulators.taobao.signing import sign


@pytest.mark.parametrize(
    ("method", "signature"),
    [
        ("md5", "66987CB115214E59E6EC978214934FB8"),
        ("hmac", "D56D7858309C31B6251083A874D48273"),
        ("hmac-sha256", "04DB15AD0774D5CFCE2C837DE43E3FCEA9011ED74F3038FB6AB5F3C4CEA119E8"),
    ],
)
def test_signatures(method: str, signature: str) -> None:
    parameters = {
        "app_key": "12345678",
        "fields": "num_iid,title,nick,price,num",
        "format": "json",
        "method": "taobao.item.seller.get",
        "num_iid": "11223344",
        "session": "test",
        "sign_method": method,
        "timestamp": "2016-01-01 12:00:00",
        "v": "2.0",
    }
    assert sign(parameters, "helloworld") == signature
    assert sign({**parameters, "sign": "anything"}, "helloworld") == signature
