"""`holdfast sync status`: how the sync with the platforms stands, in a table that people can read."""

from datetime import UTC, datetime
from typing import Any

import click

from holdfast.cli.output import Language, Output, client_for, output_options, server_options


@click.group()
def sync() -> None:
    """Look at the sync with the platforms. 平台同步。"""


@sync.command()
@click.option("--listings", is_flag=True, help="Show the right of each listing too.")
@server_options
@output_options
def status(listings: bool, url: str, key: str | None, as_json: bool, language: Language | None) -> None:
    """Show how the sync stands. 查看同步状态。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        items = client.get("/v1/sync")["items"]
    if not items:
        output.say(
            "尚未连接任何平台（holdfast connect）。", "no platform is connected yet (`holdfast connect`)."
        )
    else:
        _show(output, items, listings=listings)
    output.emit({"items": items})


def _show(output: Output, items: list[dict[str, Any]], *, listings: bool) -> None:
    words, now = output.words, datetime.now(UTC)
    # Short headings: eight columns have to fit a terminal of 80 characters.
    columns = [
        words("渠道", "channel"),
        words("状态", "state"),
        words("最近消息", "last news"),
        words("延迟p95", "lag p95"),
        words("往返p95", "call p95"),
        words("未决", "open"),
        words("未映射", "unmapped"),
        words("超卖", "oversold"),
    ]
    rows = [
        (
            item["channel"],
            words("正常", "up") if item["up"] else words("中断", "DOWN"),
            _ago(max(filter(None, (item["last_push_at"], item["last_poll_at"])), default=None), now),
            _seconds(item["message_lag"]["p95"]),
            _seconds(item["round_trip"]["p95"]),
            str(len(item["open_writes"])),
            str(item["unmapped_orders"]),
            str(sum(debt["units"] for debt in item["debts"])),
        )
        for item in items
    ]
    output.table(words("平台同步", "Sync with the platforms"), columns, rows)
    for item in items:
        if item["problem"]:
            line = f"{item['channel']}: {item['problem']}"
            output.say(line, line, "bold red")
    if listings:
        _show_listings(output, items)


def _show_listings(output: Output, items: list[dict[str, Any]]) -> None:
    words = output.words
    columns = [
        words("渠道", "channel"),
        words("商品链接", "listing"),
        words("商品编码", "sku"),
        words("配额", "right"),
        words("规则", "rule"),
    ]
    rows = []
    for item in items:
        for row in item["listings"]:
            fixed = words("固定", "fixed") + f" {row['fixed']}" if row["fixed"] is not None else ""
            rule = words("暂停", "paused") if row["paused"] else fixed
            right = "…" if row["right"] is None else str(row["right"])
            rows.append((item["channel"], row["listing"], row["sku"], right, rule))
    output.table(words("商品链接", "Listings"), columns, rows)


def _ago(text: str | None, now: datetime) -> str:
    if text is None:
        return "–"
    return _seconds(max(0.0, (now - datetime.fromisoformat(text)).total_seconds()))


def _seconds(value: float | None) -> str:
    """Short enough for a table: 80 ms, 3.2 s, 5 min."""
    if value is None:
        return "–"
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} s" if value < 90 else f"{value / 60:.0f} min"
