"""What a robot said, in plain words: what happened, and what to do about it."""

from holdfast.operations.notices import Answer, Verdict

from .model import RobotKind, Words

_KNOWN = {
    ("dingtalk", "310000"): Words(
        "钉钉拒绝：加签密钥、关键词或 IP 白名单不符，请核对机器人的安全设置",
        "DingTalk refused: signing secret, keyword or IP list do not match; compare the robot's settings",
    ),
    ("dingtalk", "300001"): Words(
        "钉钉拒绝：access_token 无效，请重新复制 Webhook 地址",
        "DingTalk refused: the access token is not valid; copy the webhook's address again",
    ),
    ("feishu", "19021"): Words(
        "飞书拒绝：签名校验失败，或本机时间相差超过 1 小时",
        "Feishu refused: the signature does not match, or this server's clock is off by more than an hour",
    ),
    ("feishu", "19024"): Words(
        "飞书拒绝：消息不含设定的关键词，请改用签名校验",
        "Feishu refused: the robot wants a keyword; use its signature check instead",
    ),
    ("feishu", "19022"): Words(
        "飞书拒绝：本机 IP 不在白名单", "Feishu refused: this server is not on the robot's list of addresses"
    ),
    ("wecom", "93000"): Words(
        "企业微信拒绝：Webhook 地址无效，请重新复制",
        "WeCom refused: the webhook's address is not valid; copy it again",
    ),
    ("email", "535"): Words(
        "邮件服务器拒绝登录：请核对用户名和授权码",
        "The mail server refused the login: compare user and password (often an app password is needed)",
    ),
}


def explain(kind: RobotKind, answer: Answer) -> Words:
    """One sentence in each language; it repeats the robot's code and words where they help."""
    if answer.verdict is Verdict.TAKEN:
        return Words("对方已收下", "It was taken")
    if answer.code == "address":
        return Words(f"地址不可用：{answer.text}", f"The address cannot be used: {answer.text}")
    if answer.code == "sealed":
        return Words(f"密钥无法解开：{answer.text}", f"The secrets cannot be opened: {answer.text}")
    if answer.code == "timeout":
        return Words("对方没有及时回应", "It did not answer in time")
    if answer.code == "unreachable":
        return Words(
            f"连不上对方（{answer.text}）：请检查网络和地址",
            f"It cannot be reached ({answer.text}): check network and address",
        )
    said = f"{answer.code} {answer.text}".strip()
    known = _KNOWN.get((kind, answer.code))
    if known is not None:
        return Words(f"{known.zh}（{said}）", f"{known.en} ({said})")
    if answer.verdict is Verdict.THROTTLED:
        return Words(
            f"发送太频繁，对方要求稍后再发（{said}）", f"Too many messages, it wants us to wait ({said})"
        )
    if answer.verdict is Verdict.REFUSED:
        return Words(f"对方拒绝：{said}", f"It refused: {said}")
    return Words(f"对方出错，稍后重试：{said}", f"It has trouble, and is tried again: {said}")
