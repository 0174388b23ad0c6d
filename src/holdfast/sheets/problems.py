"""What is wrong in a sheet, said in Chinese and in English, at the cell where it is."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]

_TEXTS: dict[str, tuple[str, str]] = {
    # the file
    "file_missing": ("找不到文件，请检查路径", "there is no such file; check the path"),
    "file_unreadable": ("文件无法读取：{cause}", "the file cannot be read: {cause}"),
    "file_too_large": ("文件超过 {limit} MB，请拆分", "the file is larger than {limit} MB; split it"),
    "file_empty": ("文件中没有数据", "there is no data in the file"),
    "too_many_rows": ("超过 {limit} 行，请拆分", "there are more than {limit} rows; split the file"),
    "unknown_format": (
        "不支持的文件类型，请使用 .csv、.tsv、.txt、.xlsx 或 .xls",
        "this kind of file is not supported; use .csv, .tsv, .txt, .xlsx or .xls",
    ),
    "unknown_target": ("请写成 .xlsx 或 .csv 文件名", "name a .xlsx or a .csv file"),
    "broken_workbook": (
        "Excel 文件已损坏或有密码：{cause}。请用 Excel 打开后另存为 .xlsx",
        "the workbook is broken or has a password: {cause}; open it in Excel and save it as .xlsx",
    ),
    "unknown_sheet": (
        "没有名为“{name}”的工作表，现有：{known}",
        "there is no sheet “{name}”; there are: {known}",
    ),
    "excel_errors": (
        "有 Excel 错误值的单元格按空白处理：{cells}",
        "cells with an Excel error are read as empty: {cells}",
    ),
    "unknown_encoding": (
        "文字编码无法识别（试过 UTF-8、UTF-16、GB18030），请另存为 UTF-8 CSV 或 .xlsx",
        "the text encoding is not known (tried UTF-8, UTF-16, GB18030); save it as UTF-8 CSV or as .xlsx",
    ),
    "broken_csv": (
        "CSV 格式有误：{cause}，请检查引号是否成对",
        "the CSV is malformed: {cause}; check that quotes come in pairs",
    ),
    "other_sheets": (
        "只读取工作表“{name}”，其余未读：{others}（可用 --sheet 选择）",
        "only the sheet “{name}” is read, not: {others} (choose with --sheet)",
    ),
    # the headings
    "missing_column": (
        "缺少必需的列“{name}”；表头有：{found}",
        "the needed column “{name}” is missing; the headings are: {found}",
    ),
    "missing_name_column": (
        "缺少“商品名称”列：有 {count} 个新商品需要名称，例如 {sku}",
        "the column “name” is missing: {count} new items need a name, for example {sku}",
    ),
    "column_twice": (
        "与列“{other}”含义相同，只保留一列",
        "means the same as the column “{other}”; keep only one of them",
    ),
    "unknown_column": ("未知列，已忽略{nearest}", "this column is not known and is ignored{nearest}"),
    "unnamed_column": ("该列没有表头，已忽略", "this column has no heading and is ignored"),
    "unknown_channel": (
        "没有渠道“{name}”，请先创建；现有：{known}",
        "there is no channel “{name}”; create it first; there are: {known}",
    ),
    # a row
    "missing_value": ("不能为空", "must not be empty"),
    "duplicate_sku": ("与第 {other} 行的商品编码重复", "the same item code stands in row {other}"),
    "extra_cell": (
        "该行比表头多出内容，可能是文字中的逗号没有加引号",
        "the row has more cells than there are headings; perhaps a comma in a text is not quoted",
    ),
    "new_item_needs_name": ("新商品需要名称", "a new item needs a name"),
    # a cell
    "control_character": (
        "含有控制字符或换行（{shown}），请删除",
        "has a control character or a line break ({shown}); remove it",
    ),
    "too_long": ("超过 {limit} 个字符，请缩短", "is longer than {limit} characters; shorten it"),
    "bad_code": ("商品编码不能含有“/”", "an item code cannot contain “/”"),
    "rounded_code": (
        "Excel 已把编码变成近似数字，原编码已丢失；请将该列设为“文本”后重新填写",
        "Excel has turned this code into a rounded number and its digits are lost; "
        "format the column as text and enter it again",
    ),
    "excel_error": ("单元格是 Excel 错误值，请修正公式", "the cell is an Excel error; mend its formula"),
    "bad_image_url": (
        "不是图片网址，请填 https:// 开头的地址（插在单元格里的图片读不到），不要图片请填“无”",
        "is no address of a picture: write one that begins with https:// (a picture in the cell itself "
        "cannot be read), or “none”",
    ),
    "not_a_number": ("不是数字", "is not a number"),
    "ambiguous_number": (
        "逗号位置不明确，请写成 1234 或 1,234 或 12.34",
        "the comma is ambiguous; write 1234 or 1,234 or 12.34",
    ),
    "not_whole": ("必须是整数", "must be a whole number"),
    "negative": ("不能为负数", "must not be negative"),
    "below_one": ("至少为 1；不限购请填“无”", "must be at least 1; write “none” for no limit"),
    "too_large": ("超过上限 {limit}", "is larger than {limit}"),
    "fraction_of_cent": ("价格最多两位小数", "a price has at most two decimals"),
    # a listing
    "bad_listing": (
        "平台 ID 不能含有空格、“/”或“@”",
        "an id of a platform cannot contain a space, “/” or “@”",
    ),
    "duplicate_listing": ("与第 {other} 行的商品链接重复", "the same listing stands in row {other}"),
    "unknown_item": (
        "没有这个商品编码，请先新建或导入商品",
        "there is no such item; create or import it first",
    ),
    "not_yes_or_no": ("请填“是”或“否”", "write yes or no"),
    "maximum_below_minimum": ("上限小于下限 {minimum}", "the maximum is below the minimum, {minimum}"),
    "refused": ("服务器拒绝：{detail}", "the server would refuse it: {detail}"),
    "unknown_sku": (
        "没有这个商品编码，请先新建或导入商品",
        "there is no such item; create or import it first",
    ),
    "not_connected": ("渠道还没有连接平台", "the channel is not connected to its platform"),
    "platform_failed": (
        "平台没有给出库存（{platform_code} {vendor_code}）：请核对商品 ID 与规格 ID",
        "the platform did not tell the counter ({platform_code} {vendor_code}): check product and variant",
    ),
    "counter_beyond_pool": (
        "平台显示 {counter} 件，可分配只有 {pool} 件，还差 {missing} 件：先补货，或由系统调低平台库存",
        "the platform shows {counter}, only {pool} can be given: book {missing} more, or lower the counter",
    ),
    "channel_holds_units": (
        "渠道里有 {units} 件 {sku} 不在任何链接上：先收回到“未分配”",
        "the channel has {units} of {sku} that are on no listing: move them to unallocated first",
    ),
    "listing_has_right": (
        "这个链接还有配额 {right} 件：先把“固定”设为 0，等配额归零",
        "the listing still has a right of {right}: set fixed to 0 and wait until it is 0",
    ),
    # a rundown
    "unknown_strategy": ("没有这种策略，可填：{known}", "there is no such strategy; write one of {known}"),
    # the stock
    "bundle_has_no_stock": (
        "组合装没有自己的库存，请清空该单元格",
        "a bundle has no stock of its own; empty this cell",
    ),
    "channel_is_synced": (
        "渠道 {name} 的配额由平台同步管理，请清空该单元格，改用商品链接的规则",
        "the right of {name} moves by the sync alone; empty this cell and set a rule on the listing",
    ),
    "cannot_lower_channel": (
        "渠道配额现有 {posted}，其中 {held} 被预占，最低只能降到 {held}",
        "the channel has {posted}, of which {held} are held; it cannot go below {held}",
    ),
    "not_enough_unallocated": (
        "未分配库存不足：现有 {available}，需要 {needed}；请增加库存或减少渠道配额",
        "the unallocated stock does not suffice: there are {available}, {needed} are needed; "
        "raise the stock or lower the channels",
    ),
}

SHOWN_CHARACTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """One finding; row 0 is the file itself, and `column` is what the user called it."""

    code: str
    row: int = 0
    column: str = ""
    value: str = ""
    facts: tuple[tuple[str, str | int], ...] = ()

    def text(self, language: Language) -> str:
        """What is wrong and what to do."""
        return _TEXTS[self.code][0 if language == "zh" else 1].format(**dict(self.facts))

    def to_json(self) -> dict[str, str | int]:
        """For programs, with both languages."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.text("en"),
            "message_zh": self.text("zh"),
        }


def problem(code: str, row: int = 0, column: str = "", value: str = "", **facts: str | int) -> SheetProblem:
    """Make a finding; a long value is cut for showing."""
    if len(value) > SHOWN_CHARACTERS_MAX:
        value = value[:SHOWN_CHARACTERS_MAX] + "…"
    return SheetProblem(code, row, column, value, tuple(facts.items()))


class SheetError(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, found: SheetProblem) -> None:
        super().__init__(found.text("en"))
        self.problem = found


class CellError(Exception):
    """One cell cannot be used; its reader adds where it stands."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
