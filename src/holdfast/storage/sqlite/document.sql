-- Documents of the operations: saved with a batch of the ledger, read beside it.

-- name: save_documents
INSERT INTO document (kind, id, body, updated_at_us) VALUES {rows 4}
ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, updated_at_us = excluded.updated_at_us;

-- name: delete_documents
WITH gone (kind, id) AS (VALUES {rows 2})
DELETE FROM document WHERE (kind, id) IN (SELECT kind, id FROM gone);

-- name: document
SELECT kind, id, body, updated_at_us FROM document WHERE kind = ? AND id = ?;

-- name: documents
SELECT kind, id, body, updated_at_us FROM document WHERE kind = ? AND id > ? ORDER BY id LIMIT ?;
