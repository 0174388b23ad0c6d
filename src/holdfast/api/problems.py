"""Errors as `application/problem+json` (RFC 9457): one table from code to status and title."""

from typing import Any

import msgspec

from holdfast.ledger.codes import ResultCode

from .fields import Failed

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1

HTTP_CODES: dict[str, tuple[int, str]] = {
    "invalid_request": (422, "The request is not well-formed 请求格式有误"),
    "body_too_large": (413, "The body is too large 请求体过大"),
    "unauthorized": (401, "No key, or one that is not valid 密钥缺失或无效"),
    "forbidden": (403, "The key's role may not do this 权限不足"),
    "not_found": (404, "There is nothing here 未找到"),
    "gone": (410, "This address has ended 该地址已失效"),
    "method_not_allowed": (405, "This method is not known here 方法不支持"),
    "name_taken": (409, "There is one of that name 名称已被占用"),
    "not_connectable": (409, "This platform takes no connection 该平台无需或不支持连接"),
    "not_connected": (409, "The channel has no connection 渠道尚未连接平台"),
    "secret_key_unusable": (409, "The secret key does not fit 加密密钥不可用"),
    "drop_has_units": (409, "A drop has set this stock aside; cancel or close the drop 库存已锁定给分时投放"),
    "channel_is_synced": (409, "The sync moves this stock; set a rule 该渠道库存由同步管理，请设置规则"),
    "channel_has_rights": (409, "The platform may still sell 平台仍有可售配额"),
    "channel_holds_units": (409, "The channel has units that no listing has 渠道中有未归属的库存"),
    "listing_has_right": (409, "The listing may still sell 该链接仍有可售配额"),
    "counter_beyond_pool": (409, "The platform's counter shows more than there is 平台库存多于可分配库存"),
    "no_single_listing": (409, "The channel does not sell this by one listing 该渠道没有唯一的商品链接"),
    "drop_status": (409, "The drop is past this, or not there yet 该投放当前状态不允许此操作"),
    "gate_overlaps": (409, "Another drop asks for tickets of another gate then 同时段另一投放使用其他入场口"),
    "platform_failed": (409, "The platform did not do it 平台调用失败"),
    "push_refused": (401, "The push is not genuine 推送校验失败"),
    "push_malformed": (400, "The push cannot be read 推送无法解析"),
    "changed_meanwhile": (409, "Somebody else changed it; read it again 已被他人修改，请刷新后重试"),
    "id_used_before": (409, "The id was used for something else 该请求编号已用于其他操作"),
    "show_is_planned": (409, "The show has not started 场次尚未开始"),
    "show_is_live": (409, "The show is live 场次正在直播"),
    "show_is_ended": (409, "The show has ended 场次已结束"),
    "reserve_short": (409, "The stock does not cover the reserve 库存不足以预留"),
    "sold_in_another_show": (409, "Another live show sells the item 该商品正在另一场次销售"),
    "stock_moved_meanwhile": (409, "The stock moved at the same time; try again 库存同时被移动，请重试"),
    "preflight_failed": (409, "The preflight found errors 开播检查未通过"),
    "no_next_item": (409, "No item waits any more 没有待播商品"),
    "item_in_rundown": (409, "The item is in the rundown 商品已在排品中"),
    "not_in_rundown": (409, "The item is not in the rundown 商品不在排品中"),
    "item_not_waiting": (409, "The item does not wait 商品不在待播状态"),
    "nothing_to_undo": (409, "No step can be taken back 没有可撤销的操作"),
    "reserve_empty": (409, "The reserve does not have that much 弹性库存不足"),
    "proposal_settled": (409, "The proposal does not stand any more 该提案已失效或已处理"),
    "too_slow": (408, "The body came too slowly 请求体接收超时"),
    "too_many_viewers": (503, "As many viewers watch as may 观看连接已满"),
    "queue_full": (503, "Too much work is waiting; try again 系统繁忙，请稍后重试"),
    "stopping": (503, "The server is going down; try again 服务正在停止"),
    "no_worker": (503, "No server does this just now; try again 后台任务正在切换，请稍后重试"),
    "not_ready": (503, "The server is not ready 服务未就绪"),
    "internal_error": (500, "Something broke here 内部错误"),
}
STORE_CODES = (
    "store_failed",
    "store_busy",
    "store_fenced",
    "store_full",
    "store_read_only",
    "store_corrupt",
    "store_too_new",
)
HTTP_CODES |= dict.fromkeys(STORE_CODES, (503, "The store cannot be written; nothing was done 存储不可用"))


class Problem(msgspec.Struct, omit_defaults=True):
    """What went wrong; `code` is stable and meant for programs, `detail` for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    field: str | None = None
    facts: dict[str, str | int] = {}


def refusal(code: ResultCode, facts: dict[str, str | int]) -> Failed:
    """A refusal by the ledger as an answer; its facts say what stood against it."""
    words = ", ".join(f"{name} {value}" for name, value in facts.items())
    return Failed(code.value, f"{code.value.replace('_', ' ')}{': ' if words else ''}{words}", facts=facts)


def status_of(code: str) -> int:
    """The HTTP status of a code; every refusal of the ledger is 409, but unknown holds are 404."""
    if code == ResultCode.UNKNOWN_HOLD:
        return 404
    return HTTP_CODES[code][0] if code in HTTP_CODES else 409


def problem(failed: Failed, request_id: str) -> Problem:
    """The document for an answer that failed."""
    status = status_of(failed.code)
    title = HTTP_CODES[failed.code][1] if failed.code in HTTP_CODES else "Refused 已拒绝"
    return Problem(
        type=f"urn:holdfast:problem:{failed.code}",
        title=title,
        status=status,
        code=failed.code,
        detail=failed.detail,
        request_id=request_id,
        field=failed.field,
        facts=failed.facts,
    )


def encode_problem(failed: Failed, request_id: str) -> tuple[int, bytes]:
    """Status and body."""
    document: Any = problem(failed, request_id)
    return document.status, msgspec.json.encode(document)
