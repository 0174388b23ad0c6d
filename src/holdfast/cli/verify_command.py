"""`holdfast verify`: rebuild every balance from the records alone, and compare."""

import json
import sys
from time import perf_counter

import click

from holdfast.app import StoreFactory
from holdfast.storage.contract import StoreError

from .common import EXIT_FAILED, EXIT_OK, settings_from, store_option

_WORDS = {
    "posted": "balances from the transfers 余额与流水",
    "held": "held units from the open holds 预占与未结单",
    "zero_sum": "every item's accounts add up to zero 每个商品合计为零",
    "bounds": "nothing below zero, nothing held that is not there 无负数",
    "confirmed": "confirmed holds and their transfers 已确认与流水",
    "counts": "buyers' counters from their holds 限购计数",
    "exposure": "exposure and used tickets from their holds 敞口与用过的入场券",
    "tickets": "no ticket placed two holds 入场券不重用",
    "rights": "rights of listings within what their channels have 渠道配额",
    "integrity": "the file itself 文件完整性",
}


@click.command()
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(store: str | None, as_json: bool) -> None:
    """Check the store; exit 0 if all is well, 1 if something differs. 核对全部账目。

    May run beside a server: it reads one consistent state and writes nothing.
    """
    settings = settings_from(store=store)
    started = perf_counter()

    def progress(check: str) -> None:
        if not as_json:
            click.echo(f"  checking {_WORDS[check]} …", err=True)

    try:
        reader = StoreFactory(settings.store_url()).reader()
        head = reader.head()
        differences = reader.verify(progress)
        reader.close()
    except (StoreError, ValueError) as error:
        if as_json:
            click.echo(json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False))
        else:
            click.echo(f"verify could not look: {error}", err=True)
        sys.exit(EXIT_FAILED)
    took_s = round(perf_counter() - started, 3)
    if as_json:
        document = {
            "ok": not differences,
            "commit_number": head.commit_number,
            "took_s": took_s,
            "differences": [difference._asdict() for difference in differences],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        for found in differences:
            click.echo(f"{found.check}: {found.subject}: expected {found.expected}, found {found.found}")
        words = "all is well 账目一致" if not differences else f"{len(differences)} differences 账目有差异"
        click.echo(f"{words} (commit {head.commit_number}, {took_s} s)")
    sys.exit(EXIT_FAILED if differences else EXIT_OK)
