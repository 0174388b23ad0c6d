"""The words of a warning in Chinese and English, made from its figures alone."""

from dataclasses import dataclass
from typing import Literal

from .digest import Digest
from .model import Advice, Figures, Kind, Level, StockWarning, Tier

Language = Literal["zh", "en"]

_LEVELS = {
    "zh": {Level.NOTICE: "提醒", Level.WARNING: "预警", Level.CRITICAL: "紧急"},
    "en": {Level.NOTICE: "Notice", Level.WARNING: "Warning", Level.CRITICAL: "Critical"},
}
_KINDS = {
    "zh": {Kind.ESCALATED: "（无人确认，升级）", Kind.EASED: "（缓解）"},
    "en": {Kind.ESCALATED: " (not acknowledged, escalated)", Kind.EASED: " (eased)"},
}
_ADVICE = {
    "zh": {
        Advice.OPEN_RESERVE: "打开弹性库存 {reserve} 件",
        Advice.HOST_SPEECH: "控场话术：报剩余数量，放慢节奏",
        Advice.NEXT_ITEM: "切换下一个商品：{next_item}",
        Advice.RESTOCK: "补货，或从其他仓调入",
    },
    "en": {
        Advice.OPEN_RESERVE: "Open the reserve of {reserve}",
        Advice.HOST_SPEECH: "Host: tell how many are left, and slow down",
        Advice.NEXT_ITEM: "Go on to the next item: {next_item}",
        Advice.RESTOCK: "Restock, or move stock here",
    },
}
_SECONDS_ONLY_BELOW = 600


@dataclass(frozen=True, slots=True)
class Message:
    """A title of one line, and the lines below it."""

    title: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Title and lines as plain text."""
        return "\n".join((self.title, *self.lines))


def warning_message(warning: StockWarning, language: Language) -> Message:
    """One warning in full."""
    level = _LEVELS[language][warning.level]
    zh = language == "zh"
    if warning.kind is Kind.CLEARED:
        figures = warning.figures
        if zh:
            return Message(
                f"【解除】{warning.name}：{_state(warning, language)}", (_stock(figures, language),)
            )
        return Message(f"[Cleared] {warning.name}: {_state(warning, language)}", (_stock(figures, language),))
    kind = _KINDS[language].get(warning.kind, "")
    state = _state(warning, language)
    title = f"【{level}】{warning.name}：{state}{kind}" if zh else f"[{level}] {warning.name}: {state}{kind}"
    return Message(title, tuple(_body(warning, language)))


def digest_message(digest: Digest, language: Language) -> Message:
    """One warning in full, or many counted with a line for each that is named."""
    if digest.count == 1:
        return warning_message(digest.named[0], language)
    zh = language == "zh"
    level = ("好转" if zh else "Better") if digest.better else _LEVELS[language][digest.level]
    title = f"【{level}】{digest.count} 个商品" if zh else f"[{level}] {digest.count} items"
    lines = [
        f"{each.name}：{_state(each, language)}" if zh else f"{each.name}: {_state(each, language)}"
        for each in digest.named
    ]
    rest = digest.count - len(digest.named)
    if rest:
        lines.append(f"另有 {rest} 个，见控制台" if zh else f"and {rest} more, see the console")
    return Message(title, tuple(lines))


def duration(seconds: float, language: Language) -> str:
    """A time left, rounded down: seconds only while they matter."""
    whole = int(max(0.0, seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    units = ("小时", "分", "秒") if language == "zh" else (" h", " min", " s")
    if hours >= 100:
        return f"100{units[0]}以上" if language == "zh" else f"over 100{units[0]}"
    if whole >= _SECONDS_ONLY_BELOW:
        rest = 0
    parts = [f"{number}{unit}" for number, unit in zip((hours, minutes, rest), units, strict=True) if number]
    joined = parts or ["不到1秒" if language == "zh" else "under 1 s"]
    return ("" if language == "zh" else " ").join(joined)


def _state(warning: StockWarning, language: Language) -> str:
    """The heart of it in a few words."""
    figures, zh = warning.figures, language == "zh"
    if warning.kind is Kind.CLEARED:
        return "已恢复" if zh else "back to normal"
    if warning.tier is Tier.OVERSOLD:
        return f"超卖 {figures.debt} 件" if zh else f"oversold by {figures.debt}"
    if warning.tier is Tier.SOLD_OUT:
        return _sold_out(figures, language)
    if warning.tier in (Tier.EMPTY_SOON, Tier.EMPTY_NOW) and figures.empty_in_s is not None:
        left = duration(figures.empty_in_s, language)
        return f"还能卖 {left}" if zh else f"empty in {left}"
    if figures.percent is None:
        share = ""
    else:
        share = f"（{int(figures.percent)}%）" if zh else f" ({int(figures.percent)}%)"
    return f"只剩 {figures.available} 件{share}" if zh else f"{figures.available} left{share}"


def _sold_out(figures: Figures, language: Language) -> str:
    if figures.available <= 0:
        return "已售罄" if language == "zh" else "sold out"
    only = figures.available
    return f"已售罄，仅回流 {only} 件" if language == "zh" else f"sold out, only {only} came back"


def _body(warning: StockWarning, language: Language) -> list[str]:
    figures, zh = warning.figures, language == "zh"
    lines = [_stock(figures, language)]
    if figures.empty_in_s is not None and figures.available > 0:
        lines.append(_time_left(figures, figures.empty_in_s, language))
    if figures.channels_empty:
        names = ("、" if zh else ", ").join(figures.channels_empty)
        lines.append(f"已无配额的渠道：{names}" if zh else f"Channels without a right left: {names}")
    words = _ADVICE[language]
    advised = [
        words[advice].format(reserve=figures.reserve, next_item=figures.next_item)
        for advice in warning.advice
    ]
    if advised:
        lines.append(("建议：" if zh else "Advice: ") + ("；" if zh else "; ").join(advised))
    return lines


def _stock(figures: Figures, language: Language) -> str:
    if language == "zh":
        of = f"（计划 {figures.peak}）" if figures.peak > 0 else ""
        return f"可售 {figures.available} 件{of}，弹性库存 {figures.reserve} 件"
    of = f" of {figures.peak}" if figures.peak > 0 else ""
    return f"Available {figures.available}{of}, reserve {figures.reserve}"


def _time_left(figures: Figures, empty_in_s: float, language: Language) -> str:
    left, speed = duration(empty_in_s, language), f"{figures.taken_per_minute:.0f}"
    covers = figures.reserve_lasts_s if figures.reserve > 0 else None
    if language == "zh":
        more = f"，备用可再撑 {duration(covers, language)}" if covers is not None else "，没有备用"
        return f"还能卖 {left}{more}（每分钟 {speed} 件）"
    more = f"; the reserve covers {duration(covers, language)}" if covers is not None else "; no reserve"
    return f"Empty in {left}{more} ({speed} a minute)"
