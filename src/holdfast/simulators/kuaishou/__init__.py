"""Kuaishou e-commerce (快手小店): the open API at `openapi.kwaixiaodian.com`, for stock and orders.

No source settles these, so a choice was made; `PUT /_sim/misbehave` can change what has a name
here: how far the timestamp may be off (`timestamp_tolerance_s`, 600; 0 turns the check off); the
result code of an expired token (`expired_result`, 24); the published caps (`calls_per_s`, 100 for
each API; `order_lists_per_s`, 300; 0 is none); when units are taken (`deducts`, on order) and given
back; that a repeated `idempotentId` of the SCM path gets the first answer again. Result 13 stands
for a wrong parameter or an unknown item: its real code is not known. A push address that keeps
failing is not paused, only tried again by the ladder.
"""
