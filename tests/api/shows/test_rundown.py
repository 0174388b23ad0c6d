"""A rundown from a file: planned first, applied when asked, with what is wrong at its cell."""

from tests.api.running import RunningServer

from .test_shows import plan


def test_a_file_is_planned_and_then_applied(server: RunningServer) -> None:
    one, two = server.sku(), server.sku()
    show = plan(server, {"sku": one, "planned": 1})
    template = server.client.get("/v1/rundown-template.csv")
    assert template.content.startswith("\ufeff商品编码,计划数量".encode())
    text = template.text + f'{two},"1,200",预留+弹性,15%,,2,,买它,5\n'
    path = f"/v1/shows/{show}/rundown"
    found = server.client.post(path, content=text.encode()).json()
    assert (found["applied"], found["added"], found["removed"], found["problems"]) == (
        False,
        [two],
        [one],
        [],
    )
    assert server.client.get(f"/v1/shows/{show}").json()["items"][0]["sku"] == one
    done = server.client.post(path, content=text.encode("gb18030", "ignore"), params={"apply": "true"}).json()
    (item,) = done["show"]["items"]
    assert (item["sku"], item["planned"], item["strategy"], item["minutes"]) == (two, 1_200, "reserve", 5)
    assert (item["reserve_percent"], item["limits"], item["script"]) == (15, {"per_buyer": 2}, "买它")


def test_what_is_wrong_is_told_by_row_and_nothing_is_applied(server: RunningServer) -> None:
    sku = server.sku()
    show = plan(server, {"sku": sku, "planned": 1})
    path = f"/v1/shows/{show}/rundown"
    rows = b"sku,planned,strategy\nA,,\nA,0,magic\n,5,\n"
    found = server.client.post(path, content=rows, params={"apply": "true"}).json()
    told = [(each["row"], each["code"]) for each in found["problems"]]
    assert told == [
        (2, "missing_value"),
        (3, "below_one"),
        (3, "unknown_strategy"),
        (3, "duplicate_sku"),
        (4, "missing_value"),
    ]
    assert not found["applied"]
    for wrong, code in (
        (b"", "file_empty"),
        (b"a,b\n1,2\n", "missing_column"),
        (b"sku,planned\n", "file_empty"),
    ):
        problems = server.client.post(path, content=wrong).json()["problems"]
        assert [each["code"] for each in problems] == [code]
    unknown = server.client.post(path, content=b"sku,planned\nnobody,1\n", params={"apply": "true"})
    assert unknown.json()["code"] == "unknown_sku"
