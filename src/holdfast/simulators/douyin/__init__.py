"""Douyin shop (抖店): the open API at `openapi-fxg.jinritemai.com`, as far as stock and orders need it.

No source settles these, so a choice was made, which `PUT /_sim/misbehave` can change: how far the timestamp
may be off (`timestamp_tolerance_s`, 600; 0 turns the check off); the sub_code of a single write that asks for
too much (`shortage_sub_code`, that of the batch method); whether a push carries `data` as text, the choice,
or as an object (`push_data`); the status of a paid order (`paid_status`, 2 or 105). Units of an unpaid order
leave `stock_num` and show in `prehold_stock_num`; units refunded before shipping return. Waits between pushes
are made up. Live rooms and the SPI direction are not simulated.
"""
