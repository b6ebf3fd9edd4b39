-- What a replica asks: the handshake, its streams, their proof, history, and what it does not hold.

CREATE FUNCTION hello(p_device text, p_protocol integer, p_schema integer, p_program text)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    who text := me();
    h hub := (SELECT hub FROM hub);
    d device;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'no account' USING ERRCODE = 'CK004';
    END IF;
    IF p_protocol < h.protocol OR p_schema < h.schema_min THEN
        RAISE EXCEPTION 'this program is too old' USING ERRCODE = 'CK001';
    END IF;
    IF p_protocol > h.protocol OR p_schema > h.schema_max THEN
        RAISE EXCEPTION 'this program is too new' USING ERRCODE = 'CK002';
    END IF;
    IF p_device !~ '^[0-9a-f-]{36}$' THEN
        RAISE EXCEPTION 'not a device' USING ERRCODE = 'CK003';
    END IF;
    INSERT INTO device (id, clerk_id, schema, program) VALUES (p_device, who, p_schema, left(p_program, 40))
    ON CONFLICT (id) DO UPDATE SET schema = excluded.schema, program = excluded.program, seen = now()
        WHERE device.clerk_id = excluded.clerk_id
    RETURNING * INTO d;
    IF d IS NULL THEN
        PERFORM incident(p_device, 'device.foreign');
        RETURN jsonb_build_object('refused', 'device.foreign');
    END IF;
    RETURN jsonb_build_object('epoch', h.epoch, 'protocol', h.protocol, 'schema_min', h.schema_min,
        'schema_max', h.schema_max, 'clerk_id', who, 'scopes', to_jsonb(my_scopes()),
        'clerk_name', coalesce((SELECT data ->> 'name' FROM record WHERE tbl = 'clerks' AND id = who), ''),
        'high_water', d.last, 'now', now_ms());
END $$;

CREATE FUNCTION readable(p_device text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    who text;
    mine text[];
BEGIN
    SELECT a.clerk_id, CASE WHEN d.id IS NULL THEN '{}'::text[] ELSE ARRAY['device:' || d.id] END
        INTO who, mine
        FROM account a LEFT JOIN device d ON d.id = p_device AND d.clerk_id = a.clerk_id
        WHERE a.role_name = session_user;
    RETURN scopes_of(who) || mine;
END $$;

-- Whole entries in the order of their numbers: within a scope that is the order of its stream.
CREATE FUNCTION pull(p_device text, p_cursors jsonb, p_most integer)
RETURNS TABLE (scope text, n bigint, no bigint, id text, device text, dseq bigint, clerk_id text,
    on_behalf_of text, action text, kind text, undoes text, undoable integer, claim integer,
    schema integer, device_at bigint, at bigint, patches jsonb, digest bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
SET enable_seqscan = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    scopes text[] := readable(p_device);
    most integer := least(p_most, 5000);
BEGIN
    RETURN QUERY
    WITH news AS MATERIALIZED (
        SELECT s.* FROM jsonb_each_text(p_cursors) c
        CROSS JOIN LATERAL (
            SELECT * FROM stream s WHERE s.scope = c.key AND s.n > c.value::bigint ORDER BY s.n
            LIMIT most) s
        WHERE c.key = ANY (scopes)
    ),
    -- Where a stream was cut, entries behind the cut wait in all of them.
    cut AS (
        SELECT min(last) AS no FROM (
            SELECT max(no) AS last FROM news GROUP BY scope HAVING count(*) >= most) c
    )
    SELECT w.scope, w.n, w.no, e.id, e.device, e.dseq, e.clerk_id, e.on_behalf_of, e.action, e.kind,
           e.undoes, e.undoable, e.claim, e.schema, e.device_at, e.at, w.patches, w.digest
    FROM news w
    -- LIMIT 1: by the index; a join would read the whole journal for a few new rows.
    CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.no = w.no LIMIT 1) e
    WHERE w.no <= coalesce((SELECT no FROM cut), 9223372036854775807)
    ORDER BY w.no, w.scope;
END $$;

CREATE FUNCTION compare(p_device text, p_cursors jsonb)
RETURNS TABLE (scope text, last bigint, digest bigint, horizon bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT c.key, coalesce(s.last, 0),
           CASE WHEN c.value::bigint = 0 THEN 0
                ELSE (SELECT x.digest FROM stream x WHERE x.scope = c.key AND x.n = c.value::bigint) END,
           coalesce(s.horizon, 0)
    FROM jsonb_each_text(p_cursors) c LEFT JOIN scope s ON s.id = c.key
    WHERE c.key = ANY (readable(p_device))
$$;

-- Where the streams stand; the first thing of a bootstrap's snapshot.
CREATE FUNCTION marks(p_device text) RETURNS TABLE (scope text, last bigint, digest bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT x, coalesce(s.last, 0), coalesce(s.digest, 0)
    FROM unnest(readable(p_device)) x LEFT JOIN scope s ON s.id = x
$$;

-- A case or an item with everything that hangs on it; a person in each of the scopes it lies in.
CREATE FUNCTION matter(p_tbl text, p_id text)
RETURNS TABLE (tbl text, id text, scope text, data jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    WITH RECURSIVE kin (tbl, id) AS (
        SELECT r.tbl, r.id FROM record r WHERE r.tbl = p_tbl AND r.id = p_id AND NOT r.gone
            AND r.scope = ANY (my_scopes())
        UNION
        SELECT r.tbl, r.id FROM kin y JOIN record r ON NOT r.gone AND (
            (y.tbl = 'cases' AND r.case_id = y.id)
            OR (y.tbl = 'items' AND r.item_id = y.id))
        WHERE y.tbl IN ('cases', 'items')
    ),
    rows AS (SELECT r.* FROM kin JOIN record r USING (tbl, id) WHERE r.scope = ANY (my_scopes())),
    everyone AS (
        SELECT * FROM rows
        UNION
        SELECT p.* FROM rows JOIN record p ON p.tbl = 'persons' AND p.id = rows.data ->> 'person_id'
        WHERE NOT p.gone AND p.scope = ANY (my_scopes())
    )
    SELECT tbl, id, scope, data FROM everyone ORDER BY tbl, id, scope
$$;

CREATE FUNCTION history(p_device text, p_tbl text, p_id text, p_most integer)
RETURNS TABLE (scope text, n bigint, no bigint, id text, device text, dseq bigint, clerk_id text,
    on_behalf_of text, action text, kind text, undoes text, undoable integer, claim integer,
    schema integer, device_at bigint, at bigint, patches jsonb, digest bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    WITH RECURSIVE kin AS MATERIALIZED (SELECT DISTINCT tbl, id FROM matter(p_tbl, p_id)),
    past (tbl, id, no, steps) AS (
        SELECT r.tbl, r.id, r.no, 1 FROM kin JOIN record r USING (tbl, id)
        UNION
        SELECT y.tbl, y.id, s.before[p.i], y.steps + 1 FROM past y JOIN stream s USING (no)
        CROSS JOIN LATERAL jsonb_array_elements(s.patches) WITH ORDINALITY p (v, i)
        WHERE p.v ->> 0 = y.tbl AND p.v ->> 1 = y.id AND y.steps < least(p_most, 1000)
    ),
    mine AS MATERIALIZED (SELECT unnest(my_scopes()) AS scope),
    nos AS (SELECT DISTINCT no FROM past ORDER BY 1 DESC LIMIT least(p_most, 1000)),
    -- Only what is about these rows: the entry may have touched others that are not theirs to see.
    -- Its place is that in a stream of theirs where it stands in one.
    shown AS (
        SELECT s.no, (array_agg(s.scope ORDER BY m.scope))[1] AS scope,
               (array_agg(s.n ORDER BY m.scope))[1] AS n, jsonb_agg(DISTINCT p.v) AS patches
        FROM nos JOIN stream s USING (no) LEFT JOIN mine m USING (scope)
        CROSS JOIN LATERAL jsonb_array_elements(s.patches) p (v)
        WHERE p.v ->> 2 <> 'leave'
          AND EXISTS (SELECT 1 FROM kin WHERE kin.tbl = p.v ->> 0 AND kin.id = p.v ->> 1)
        GROUP BY s.no
    )
    SELECT w.scope, w.n, w.no, e.id, e.device, e.dseq, e.clerk_id, e.on_behalf_of, e.action, e.kind,
           e.undoes, e.undoable, e.claim, e.schema, e.device_at, e.at, w.patches, 0::bigint
    FROM shown w JOIN entry e USING (no) ORDER BY w.no
$$;

-- Rows and their digest, for the proof that what a replica holds is what stands here: rows by id, or
-- what hangs on cases, or on items that are in no case.
CREATE FUNCTION digest_rows(p_tbl text, p_by text, p_ids text[])
RETURNS TABLE (rows bigint, digest bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT count(*), coalesce(
        bit_xor(('x' || left(md5(r.id || ' ' || r.data::text), 16))::bit(64)::bigint), 0)
    FROM (
        SELECT DISTINCT ON (x.id) x.id, x.data FROM record x
        WHERE x.tbl = p_tbl AND NOT x.gone AND x.scope = ANY (my_scopes())
          AND CASE p_by WHEN 'id' THEN x.id = ANY (p_ids)
                        WHEN 'case_id' THEN x.case_id = ANY (p_ids)
                        WHEN 'item_id' THEN x.case_id IS NULL AND x.item_id = ANY (p_ids) END
    ) r
$$;
