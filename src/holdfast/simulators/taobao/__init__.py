"""Taobao and Tmall (淘宝/天猫): the TOP gateway at `eco.taobao.com/router/rest`, for stock and trades.

No source settles these, so a choice was made; `PUT /_sim/misbehave` can change what has a name here:
what `tmall.item.quantity.update` does beyond zero (`tmall_under_run`, refuse); how long tokens live (a
day, and thirty); when an unconfirmed message comes again (`redeliver_s`, 330, times `retry_scale`);
that refunds before shipping return their units; the texts after `isv.` and `isp.` in `sub_code`. The
shop has permitted all topics of this simulator at the start. Only the HTTP pull pair of the message
service is offered, not its WebSocket; and of the stock methods not `taobao.inventory.merchant.adjust`.
"""
