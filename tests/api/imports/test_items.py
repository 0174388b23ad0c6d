"""Items and stock from a file: planned first, applied when asked, with what is wrong at its cell."""

import threading
from typing import Any

from holdfast.api.routes.skus import SkuBody
from holdfast.sheets.state import ITEM_KEYS
from tests.api.running import RunningServer


def send(server: RunningServer, text: str, code: int = 200, **query: str) -> dict[str, Any]:
    """POST a file."""
    answer = server.client.post("/v1/imports/items", content=text.encode(), params=query)
    assert answer.status_code == code, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_a_file_is_planned_applied_and_its_repeat_changes_nothing(server: RunningServer) -> None:
    channel = server.channel(name="抖音小店一")
    guard = {"period": "双11", "units_max": 600}
    kept = {"sale_opens_at": "2026-01-02T03:04:05.000006Z", "image_url": "https://img.example/old.jpg"}
    old = server.sku(name="旧名", price_cents=1000, guard=guard, **kept)
    server.move(old, "supplier", "unallocated", 5)
    text = f"商品编码,商品名称,售价,库存,渠道:抖音小店一\n{old},新名,12.5,3,\nNEW-1,马克杯,,10,4\n"
    found = send(server, text)
    assert (found["applied"], found["unchanged"], found["problems"], found["refused"]) == (False, 0, [], [])
    first, second = found["rows"]
    assert (first["sku"], first["name"], first["new"], first["row"]) == (old, "新名", False, 2)
    assert first["changes"] == [
        {"field": "name", "old": "旧名", "new": "新名"},
        {"field": "price", "old": 1000, "new": 1250},
    ]
    assert first["moves"] == [{"from": "unallocated", "to": "adjustment", "quantity": 2}]
    assert second["new"]
    assert second["moves"] == [
        {"from": "supplier", "to": "unallocated", "quantity": 10},
        {"from": "unallocated", "to": f"channel:{channel}", "quantity": 4},
    ]
    assert server.client.get("/v1/skus/NEW-1").status_code == 404, "a look changes nothing"
    done = send(server, text, apply="true", plan=found["plan"])
    assert (done["applied"], done["refused"], done["rows"]) == (True, [], found["rows"])
    assert server.client.get("/v1/stock/NEW-1").json()["on_hand"] == 10
    assert server.client.get(f"/v1/stock/{old}").json()["on_hand"] == 3
    item = server.client.get(f"/v1/skus/{old}").json()
    assert (item["name"], item["price_cents"]) == ("新名", 1250)
    assert {name: item[name] for name in kept} == kept, "what the file leaves alone stays"
    assert item["guard"]["units_max"] == 600
    again = send(server, text, apply="true")
    assert (again["rows"], again["unchanged"]) == ([], 2)


def test_what_is_wrong_is_told_by_row_and_column_and_nothing_is_applied(server: RunningServer) -> None:
    text = "sku,name,price,stock,channel:nowhere\nA,a,1.234,5,1\nB,,1,-2,\nA,a,1,1,1\n"
    found = send(server, text, apply="true")
    told = {(each["row"], each["column"], each["code"]) for each in found["problems"]}
    assert told >= {
        (0, "channel:nowhere", "unknown_channel"),
        (2, "price", "fraction_of_cent"),
        (3, "stock", "negative"),
        (4, "sku", "duplicate_sku"),
    }
    assert (found["applied"], found["rows"]) == (False, [])
    assert all(each["message"] and each["message_zh"] for each in found["problems"])
    for wrong, code in (("", "file_empty"), ("a,b\n1,2\n", "missing_column")):
        assert [each["code"] for each in send(server, wrong)["problems"]] == [code]


def test_a_picture_comes_with_a_file_and_stays_with_the_next(server: RunningServer) -> None:
    url = "https://img.example/口红.jpg"
    send(server, f"商品编码,商品名称,主图\nLIP-9,口红,{url}\n", apply="true")
    assert server.client.get("/v1/skus/LIP-9").json()["image_url"] == url
    send(server, "商品编码,商品名称,图片\nLIP-9,口红 升级,\n", apply="true")
    assert server.client.get("/v1/skus/LIP-9").json()["image_url"] == url
    wrong = send(server, "商品编码,图片\nLIP-9,c:\\口红.jpg\n", apply="true")
    assert [(each["column"], each["code"]) for each in wrong["problems"]] == [("图片", "bad_image_url")]
    send(server, "商品编码,图片\nLIP-9,无\n", apply="true")
    assert server.client.get("/v1/skus/LIP-9").json()["image_url"] is None


def test_a_plan_sends_every_field_of_an_item() -> None:
    """PUT resets what is left out: a field that the sheets do not know would be wiped by every import."""
    assert set(ITEM_KEYS) == set(SkuBody.__struct_fields__)


def test_another_plan_than_the_one_looked_at_is_not_applied(server: RunningServer) -> None:
    sku = server.sku(name="帽子")
    text = f"sku,stock\n{sku},7\n"
    seen = send(server, text)["plan"]
    server.move(sku, "supplier", "unallocated", 2)
    assert send(server, text, 409, apply="true", plan=seen)["code"] == "changed_meanwhile"
    assert server.client.get(f"/v1/stock/{sku}").json()["on_hand"] == 2


def test_two_who_send_the_same_file_at_once_move_the_stock_once(server: RunningServer) -> None:
    sku = server.sku(name="帽子")
    text = f"sku,stock\n{sku},40\n"
    both = [threading.Thread(target=send, args=(server, text), kwargs={"apply": "true"}) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert server.client.get(f"/v1/stock/{sku}").json()["on_hand"] == 40


def test_the_template_is_a_file_that_can_be_filled_in(server: RunningServer) -> None:
    template = server.client.get("/v1/items-template.csv")
    assert template.content.startswith("\ufeff商品编码,商品名称".encode())
    found = send(server, template.text + "T-1,杯子,,9.9,,3\n")
    assert ([row["sku"] for row in found["rows"]], found["problems"], found["warnings"]) == (["T-1"], [], [])


def test_who_only_reads_may_not_import(server: RunningServer) -> None:
    made = server.client.post("/v1/keys", json={"name": "reads", "role": "viewer"}).json()
    with server.client_with(made["key"]) as viewer:
        assert viewer.post("/v1/imports/items", content=b"sku\nA\n").status_code == 403
