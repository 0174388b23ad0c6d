"""An import taken back: fields as they were, stock by the opposite transfers; what changed since stays."""

from typing import Any

import pytest

from holdfast.api.routes.imports import record, undo
from tests.api.imports.test_items import send
from tests.api.running import RunningServer, put


def done(server: RunningServer, text: str) -> str:
    """Apply a file; the import's id."""
    found = send(server, text, apply="true")
    assert (found["applied"], found["refused"]) == (True, [])
    id: str = found["import_id"]
    return id


def take_back(server: RunningServer, id: str, *, apply: bool = True) -> dict[str, Any]:
    """Undo an import, or look at it."""
    answer = server.client.post(f"/v1/imports/items/{id}/undo", params={"apply": str(apply).lower()})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def accounts(server: RunningServer, sku: str) -> dict[str, int]:
    """What each account has, those that are empty left out."""
    found = server.client.get(f"/v1/stock/{sku}").json()["accounts"]
    return {each["account"]: each["posted"] for each in found if each["posted"]}


def test_an_import_is_taken_back_once_and_stands_in_the_trail(server: RunningServer) -> None:
    channel = server.channel(name="撤销小店")
    limits = {"period": "双11", "per_buyer": 3}
    kept = {"sale_opens_at": "2026-01-02T03:04:05.000006Z", "image_url": "https://img.example/old.jpg"}
    old = server.sku(name="旧名", price_cents=1000, limits=limits, **kept)
    server.move(old, "supplier", "unallocated", 5)
    before = server.client.get(f"/v1/skus/{old}").json()
    headings = "商品编码,商品名称,售价,每人限购,图片,库存,渠道:撤销小店"
    text = f"{headings}\n{old},新名,12.5,无,无,3,\nU-NEW,马克杯,,,,10,4\n"
    assert send(server, text)["import_id"] is None
    id = done(server, text)
    look = take_back(server, id, apply=False)
    wanted = {"restored": 1, "moves": 3, "kept": ["U-NEW"], "done_before": 0, "refused": []}
    assert look == {"applied": False, **wanted}
    now = server.client.get(f"/v1/skus/{old}").json()
    assert (now["name"], now["image_url"]) == ("新名", None), "a look changes nothing"
    assert take_back(server, id) == {"applied": True, **wanted}
    after = server.client.get(f"/v1/skus/{old}").json()
    assert {**after, "updated_at": ""} == {**before, "updated_at": ""}
    assert accounts(server, old) == {"supplier": -5, "unallocated": 5}
    assert accounts(server, "U-NEW") == {}
    assert server.client.get("/v1/skus/U-NEW").json()["name"] == "马克杯", "an item stays"
    again = take_back(server, id)
    assert (again["restored"], again["moves"], again["kept"], again["done_before"]) == (0, 0, [], 2)
    trail = server.client.get("/v1/audit", params={"target": id}).json()["items"]
    assert [(each["action"], each["result"]) for each in trail] == [
        ("item_import.undo", "saved"),
        ("item_import.apply", "saved"),
    ]
    assert trail[0]["detail"] == {"restored": 1, "moves": 3, "refused": 0}
    moved = server.client.get("/v1/transfers", params={"sku": "U-NEW"}).json()["items"]
    assert [(each["from"], each["to"], each["quantity"]) for each in moved[:2]] == [
        (f"channel:{channel}", "unallocated", 4),
        ("unallocated", "supplier", 10),
    ][::-1]
    assert {(each["reason"], each["reference"]) for each in moved[:2]} == {("undo import", id)}
    assert done(server, text) != id, "the file can be imported anew, and that is another import"
    assert accounts(server, "U-NEW")[f"channel:{channel}"] == 4


def test_rows_that_changed_since_are_left_alone_and_the_rest_is_taken_back(server: RunningServer) -> None:
    channel = server.channel(name="撤销二店")
    named, sold, other, plain = (server.sku(name="甲") for _ in range(4))
    text = f"sku,name,stock,channel:撤销二店\n{named},乙,,\n{sold},乙,6,6\n{other},乙,,\n{plain},,8,\n"
    id = done(server, text)
    put(server.client, f"/v1/skus/{named}", {"name": "丙"})
    put(server.client, f"/v1/skus/{other}", {"name": "乙", "price_cents": 700})
    hold = server.hold(channel, sold, 2).json()["id"]
    found = take_back(server, id)
    assert (found["restored"], found["moves"]) == (1, 1)
    assert [(each["sku"], each["code"], each["field"]) for each in found["refused"]] == [
        (named, "changed_meanwhile", "name"),
        (sold, "insufficient_available", None),
    ]
    assert server.client.get(f"/v1/skus/{named}").json()["name"] == "丙"
    item = server.client.get(f"/v1/skus/{other}").json()
    assert (item["name"], item["price_cents"]) == ("甲", 700), "what others changed beside it stays"
    assert (server.client.get(f"/v1/skus/{sold}").json()["name"], accounts(server, plain)) == ("乙", {})
    assert accounts(server, sold)[f"channel:{channel}"] == 6, "a row is taken back whole or not"
    assert server.client.post(f"/v1/holds/{hold}/release").status_code == 200
    later = take_back(server, id)
    assert (later["restored"], later["moves"], later["done_before"]) == (1, 2, 2)
    assert accounts(server, sold) == {}


def test_what_is_sold_in_between_stops_a_row_and_can_be_tried_again(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = server.channel(name="撤销三店")
    sku = server.sku(name="甲")
    id = done(server, f"sku,name,stock,channel:撤销三店\n{sku},乙,5,5\n")
    hold = server.hold(channel, sku, 1).json()["id"]

    with monkeypatch.context() as blind:
        blind.setattr(undo, "_obstacle", lambda *_: None)
        found = take_back(server, id)
    assert [each["code"] for each in found["refused"]] == ["insufficient_available"]
    assert (accounts(server, sku)[f"channel:{channel}"], found["moves"]) == (5, 0)
    server.client.post(f"/v1/holds/{hold}/release")
    assert take_back(server, id)["moves"] == 2
    assert accounts(server, sku) == {}


def test_only_the_newest_imports_can_be_taken_back(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = server.sku(name="甲")
    monkeypatch.setattr(record, "KEPT_MAX", 2)
    ids = [done(server, f"sku,name\n{sku},名{n}\n") for n in range(3)]
    answer = server.client.post(f"/v1/imports/items/{ids[0]}/undo")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert take_back(server, ids[1], apply=False)["refused"][0]["code"] == "changed_meanwhile"
    assert take_back(server, ids[2])["restored"] == 1
    assert server.client.get(f"/v1/skus/{sku}").json()["name"] == "名1"


def test_who_only_reads_may_not_take_back(server: RunningServer) -> None:
    made = server.client.post("/v1/keys", json={"name": "reads-undo", "role": "viewer"}).json()
    with server.client_with(made["key"]) as viewer:
        assert viewer.post("/v1/imports/items/0/undo").status_code == 403
