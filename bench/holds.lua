-- wrk script: every request places one unit for a buyer of its own under an id of its own.
-- arguments: PATH SKUS IDS, where IDS is "ordered" (as UUIDv7 would be), "random" (as UUIDv4), or
-- "guarded": ordered, of the guarded item, with a device, an address and a payment of the buyer's own.
local n, tag, path, skus, ids = 0, '', '/v1/holds', 1, 'ordered'
function init(args)
  if args[1] then path = args[1] end
  if args[2] then skus = tonumber(args[2]) end
  if args[3] then ids = args[3] end
  math.randomseed(os.time())
  -- Several servers of one database are loaded at once: the port keeps their ids apart.
  tag = string.format('%x%04x%x', os.time(), math.random(0, 65535), wrk.port)
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/json'
  wrk.headers['Authorization'] = 'Bearer bench-key'
end
function request()
  n = n + 1
  local name = ids == 'random' and string.format('%08x%08x', math.random(0, 2 ^ 31 - 1), n) or tag .. n
  if ids == 'guarded' then
    return wrk.format(nil, path, nil, '{"id":"k' .. name .. '","channel":"shop","buyer":"u' .. name ..
      '","lines":[{"sku":"GUARDED","quantity":1}],"signals":{"device":"d' .. name .. '","address":"a' .. name ..
      '","payment":"p' .. name .. '"}}')
  end
  local sku = skus > 1 and math.random(0, skus - 1) or 0
  return wrk.format(nil, path, nil, '{"id":"k' .. name .. '","channel":"shop","buyer":"u' .. name ..
    '","lines":[{"sku":"SKU-' .. sku .. '","quantity":1}]}')
end
