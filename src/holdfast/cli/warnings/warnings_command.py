"""`holdfast warnings`: what stands, and that somebody has seen it."""

from urllib.parse import quote

import click

from holdfast.cli.output import Language, Output, client_for, output_options, server_options


@click.group()
def warnings() -> None:
    """Look at the warnings that stand, and acknowledge them. 库存预警。"""


@warnings.command("list")
@server_options
@output_options
def list_warnings(url: str, key: str | None, as_json: bool, language: Language | None) -> None:
    """List the warnings that stand, worst first. 查看预警。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        items = client.get("/v1/warnings")["items"]
    if not items:
        output.say("没有预警。", "no warning stands.")
    else:
        words = output.words
        columns = [words("商品编码", "sku"), words("预警", "warning"), words("确认", "acknowledged")]
        rows = [
            (item["sku"], item[output.language]["title"], item["acknowledged_by"] or "-") for item in items
        ]
        output.table(words("预警", "Warnings"), columns, rows)
    output.emit({"items": items})


@warnings.command()
@click.argument("sku")
@server_options
@output_options
def ack(sku: str, url: str, key: str | None, as_json: bool, language: Language | None) -> None:
    """Acknowledge the warning of SKU: quiet until it gets worse. 确认预警。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        found = client.call("POST", f"/v1/warnings/{quote(sku, safe='')}/acknowledge").body
    output.say(f"已确认：{sku}", f"acknowledged: {sku}")
    output.emit(found)
