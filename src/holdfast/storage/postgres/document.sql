-- Documents of the operations: saved with a batch of the ledger, read beside it.

-- name: save_documents
INSERT INTO document (kind, id, body, updated_at_us)
SELECT * FROM {rows text text text bigint} AS r
ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, updated_at_us = excluded.updated_at_us;

-- name: delete_documents
DELETE FROM document AS d USING {rows text text} AS gone (kind, id)
WHERE d.kind = gone.kind AND d.id = gone.id;

-- name: document
SELECT kind, id, body, updated_at_us FROM document WHERE kind = %s AND id = %s;

-- name: documents
SELECT kind, id, body, updated_at_us FROM document WHERE kind = %s AND id > %s ORDER BY id LIMIT %s;
