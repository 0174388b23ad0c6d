"""What the burst came to, for people and for programs."""

from typing import Any

from rich.console import Console
from rich.text import Text

from ..checks import print_checks, print_figures, print_verdict
from .picture import cause_words
from .play import Outcome


def document(outcome: Outcome, seed: int, connections: int) -> dict[str, Any]:
    """For `--json`."""
    return {
        "ok": outcome.proof.passed,
        "seed": seed,
        "connections": connections,
        "items": outcome.items,
        "took_s": round(outcome.took_s, 3),
        "fsync_ms": round(outcome.fsync_ms, 3),
        "feed_events": outcome.feed_events,
        "proof": outcome.proof.to_json(),
        **outcome.report,
        "verify": outcome.verify,
    }


def show(console: Console, outcome: Outcome) -> None:
    """The figures and the proof, for people."""
    proof, report, rush = outcome.proof, outcome.report, outcome.report["rush"]
    book, latency = report["book"], rush["latency_ms"]
    figures = [
        (
            "decided and durable 已判定并落盘",
            f"{rush['answered']:,} requests 请求, {report['buyers']:,} buyers 买家",
        ),
        ("load time 用时", f"{rush['wall_s']:.3f} s"),
        ("decisions per second 每秒判定", f"{rush['rate_per_s']:,.0f}"),
        (
            "latency 延迟",
            f"p50 {latency['p50']:.1f} ms, p99 {latency['p99']:.1f} ms, max {latency['max']:.1f} ms",
        ),
        ("sold 已售", f"{proof.sold:,} of {proof.stock:,} units 件 in {book['confirmed']:,} orders 订单"),
        ("given back 退回再售", f"{book['released']:,} cancelled 取消, {book['expired']:,} expired 超时"),
        ("repeats answered alike 重复请求", f"{book['replayed']:,}"),
    ]
    causes = sorted(book["refused"].items(), key=lambda pair: -pair[1])
    figures += [(f"refused 拒绝: {cause_words(code)}", f"{count:,}") for code, count in causes]
    figures += [("oversold 超卖", str(proof.oversold)), ("undersold 少卖", str(proof.undersold))]
    console.print("\nThe proof 证明", style="bold")
    print_figures(console, figures)
    console.print()
    print_checks(console, proof.checks)
    for surprise in book["surprises"]:
        console.print(Text(f"    {surprise}", style="red"), soft_wrap=True)
    if "error" in outcome.verify:
        console.print(Text(f"    verify: {outcome.verify['error']}", style="red"), soft_wrap=True)
    print_verdict(console, passed=proof.passed, took_s=outcome.took_s)
