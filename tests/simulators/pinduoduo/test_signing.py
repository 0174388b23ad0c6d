"""Pinduoduo's signature, against the vectors of the facts."""

from holdfast.simulators.pinduoduo.signing import request_signature, signed_text


def test_the_official_vector() -> None:
    parameters = {
        "access_token": "asd78172s8ds9a921j9qqwda12312w1w21211",
        "client_id": "1",
        "data_type": "XML",
        "order_status": "1",
        "page": "1",
        "page_size": "10",
        "timestamp": "1480411125",
        "type": "pdd.order.number.list.get",
        "sign": "takes no part",
    }
    assert request_signature("testSecret", parameters) == "E4DE3ED21002510DED352819E7AE6775"


def test_the_computed_vector_with_numbers_as_json_sends_them() -> None:
    parameters = {
        "access_token": "tok",
        "client_id": "cid",
        "data_type": "JSON",
        "goods_id": 100,
        "quantity": -1,
        "sku_id": 200,
        "timestamp": 1700000000,
        "type": "pdd.goods.quantity.update",
        "update_type": 2,
        "version": "V1",
    }
    assert request_signature("sec", parameters) == "65323EEC45354E8D95AD28891EC6D347"


def test_what_is_not_text_is_signed_as_compact_json() -> None:
    assert signed_text({"a": [1, True, "红"]}) == '{"a":[1,true,"红"]}'
