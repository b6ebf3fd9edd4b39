-- Bytes by their hash. They are named by a record of one's own scopes, never asked for by hash alone.

CREATE FUNCTION content_put(p_data bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    hash text := encode(sha256(p_data), 'hex');
BEGIN
    IF me() IS NULL THEN
        RAISE EXCEPTION 'no account' USING ERRCODE = 'CK004';
    END IF;
    INSERT INTO content (sha256, data) VALUES (hash, p_data) ON CONFLICT DO NOTHING;
    RETURN hash;
END $$;

CREATE FUNCTION content_missing(p_sha256s text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT h FROM unnest(p_sha256s) h
    WHERE me() IS NOT NULL AND NOT EXISTS (SELECT 1 FROM content c WHERE c.sha256 = h)
$$;

CREATE FUNCTION content_get(p_tbl text, p_ids text[], p_field text)
RETURNS TABLE (id text, sha256 text, data bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT DISTINCT ON (r.id) r.id, c.sha256, c.data
    FROM record r JOIN content c ON c.sha256 = r.data ->> p_field
    WHERE r.tbl = p_tbl AND r.id = ANY (p_ids[1:500]) AND NOT r.gone
      AND p_field IN ('text_sha256', 'raw_sha256', 'content_sha256')
      AND r.scope = ANY (my_scopes())
$$;
