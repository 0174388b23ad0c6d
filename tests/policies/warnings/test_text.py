"""The words of a warning, with its figures, in both languages."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from holdfast.policies.warnings import (
    Channel,
    Language,
    Lines,
    State,
    View,
    duration,
    evaluate,
    warning_message,
)
from tests.policies.warnings.shows import sku, watch

DURATIONS = [
    (0, "不到1秒", "under 1 s"),
    (1, "1秒", "1 s"),
    (70, "1分10秒", "1 min 10 s"),
    (220.9, "3分40秒", "3 min 40 s"),
    (599, "9分59秒", "9 min 59 s"),
    (754, "12分", "12 min"),
    (3_600, "1小时", "1 h"),
    (5_400, "1小时30分", "1 h 30 min"),
    (1e9, "100小时以上", "over 100 h"),
]


@pytest.mark.parametrize(("seconds", "chinese", "english"), DURATIONS)
def test_a_time_is_told_as_finely_as_it_matters(seconds: float, chinese: str, english: str) -> None:
    assert duration(seconds, "zh") == chinese
    assert duration(seconds, "en") == english


def told(view: View, language: Language) -> str:
    """The text of the first warning about a SKU."""
    warning = evaluate(view, Lines(), State(), 0.0).warning
    assert warning is not None
    return warning_message(warning, language).text


FAST = View(
    "A1",
    220,
    1_000,
    name="可乐",
    reserve=70,
    taken_per_minute=60,
    channels=(Channel("抖音", 0), Channel("快手", 220)),
    next_item="雪碧",
)


def test_a_fast_sale_in_chinese() -> None:
    assert told(FAST, "zh") == (
        "【预警】可乐：还能卖 3分40秒\n"
        "可售 220 件（计划 1000），弹性库存 70 件\n"
        "还能卖 3分40秒，备用可再撑 1分10秒（每分钟 60 件）\n"
        "已无配额的渠道：抖音\n"
        "建议：打开弹性库存 70 件；控场话术：报剩余数量，放慢节奏；切换下一个商品：雪碧"
    )


def test_a_fast_sale_in_english() -> None:
    assert told(FAST, "en") == (
        "[Warning] 可乐: empty in 3 min 40 s\n"
        "Available 220 of 1000, reserve 70\n"
        "Empty in 3 min 40 s; the reserve covers 1 min 10 s (60 a minute)\n"
        "Channels without a right left: 抖音\n"
        "Advice: Open the reserve of 70; Host: tell how many are left, and slow down; "
        "Go on to the next item: 雪碧"
    )


TITLES = [
    (sku(190), "【提醒】可乐：只剩 190 件（19%）", "[Notice] 可乐: 190 left (19%)"),
    (sku(90), "【预警】可乐：只剩 90 件（9%）", "[Warning] 可乐: 90 left (9%)"),
    (sku(0), "【紧急】可乐：已售罄", "[Critical] 可乐: sold out"),
    (sku(5, debt=3), "【紧急】可乐：超卖 3 件", "[Critical] 可乐: oversold by 3"),
]


@pytest.mark.parametrize(("view", "chinese", "english"), TITLES)
def test_the_title_says_the_heart_of_it(view: View, chinese: str, english: str) -> None:
    assert told(view, "zh").splitlines()[0] == chinese
    assert told(view, "en").splitlines()[0] == english


def test_escalated_eased_and_cleared_say_so() -> None:
    looks = [(0.0, sku(0)), (120.0, sku(2)), (130.0, sku(90)), (140.0, sku(900))]
    _, warnings = watch(looks)
    assert [warning_message(each, "zh").title for each in warnings] == [
        "【紧急】可乐：已售罄",
        "【紧急】可乐：已售罄，仅回流 2 件（无人确认，升级）",
        "【预警】可乐：只剩 90 件（9%）（缓解）",
        "【解除】可乐：已恢复",
    ]
    assert [warning_message(each, "en").title for each in warnings] == [
        "[Critical] 可乐: sold out",
        "[Critical] 可乐: sold out, only 2 came back (not acknowledged, escalated)",
        "[Warning] 可乐: 90 left (9%) (eased)",
        "[Cleared] 可乐: back to normal",
    ]


@example(190, 1_000, 1e-307, 0)
@given(st.integers(-5, 3_000), st.integers(0, 3_000), st.floats(0, 1e6), st.integers(0, 9))
def test_no_figures_break_the_words(available: int, peak: int, speed: float, debt: int) -> None:
    warning = evaluate(sku(available, speed, peak, debt=debt), Lines(), State(), 0.0).warning
    for language in ("zh", "en"):
        text = warning_message(warning, language).text if warning else "-"
        assert "None" not in text
        assert "{" not in text
