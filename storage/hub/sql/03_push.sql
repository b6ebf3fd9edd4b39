-- Entries come in: batches of a device, in its order, exactly once, each wholly or not at all.
--
-- A batch goes through few statements, each for all of its entries (docs/decisions/0014). What
-- passes from one to the next is jsonb or plain columns, never arrays of rows: these are taken apart
-- and put together again by each statement that sees them, which took nine tenths of the time.

-- Whose entries they are and what these may do.
CREATE TYPE rights AS (
    who text,
    trusted boolean,                     -- the administration: nothing is asked but what is whole
    readable text[],                     -- scopes
    leads text[],                        -- scopes where they may take items from others
    actions jsonb,                       -- {action: {"tables": [], "places": [scopes]}}
    schema integer                       -- the newest that is known here
);

CREATE FUNCTION texts(p jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY(SELECT jsonb_array_elements_text(p)) $$;

CREATE FUNCTION digest_of(p_id text, p_n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
AS $$ SELECT ('x' || left(md5(p_id || ':' || p_n::text), 16))::bit(64)::bigint $$;

CREATE FUNCTION incident(p_device text, p_code text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$ INSERT INTO incident (by_role, device, code) VALUES (session_user, left(p_device, 80), p_code) $$;

-- The records that concern the whole town.
CREATE FUNCTION is_town(p_tbl text) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$ SELECT p_tbl IN ('offices', 'clerks', 'memberships', 'absences', 'services',
                       'service_versions', 'service_steps') $$;

-- Locks on streams come before locks on rows, in one order for everybody. Returns what is locked:
-- every stream that the entries can come to write to.
CREATE FUNCTION lock_scopes(p_entries jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    wanted text[];
    stood numeric;
    k bigint;
BEGIN
    SELECT w.scopes, w.stand INTO wanted, stood FROM scopes_touched(p_entries) w;
    FOR k IN SELECT DISTINCT hashtextextended(s, 4711) FROM unnest(wanted) s ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(k);
    END LOOP;
    -- A row that moves while we wait writes to the stream that it leaves.
    IF stood <> (SELECT coalesce(sum(s.last), 0) FROM scope s WHERE s.id = ANY (wanted))
       AND NOT (SELECT w.scopes FROM scopes_touched(p_entries) w) <@ wanted THEN
        RAISE EXCEPTION 'try again' USING ERRCODE = '40001';
    END IF;
    RETURN wanted;
END $$;

-- ... and how far these streams have come, in the same snapshot.
CREATE FUNCTION scopes_touched(p_entries jsonb, OUT scopes text[], OUT stand numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    WITH p AS MATERIALIZED (
        SELECT p.v ->> 0 AS tbl, p.v ->> 1 AS id, p.v ->> 2 AS op, p.v -> 3 AS new, p.v -> 5 AS cleared
        FROM jsonb_array_elements(p_entries) e (v)
        CROSS JOIN LATERAL jsonb_array_elements(e.v -> 'patches') p (v)
    ),
    -- OFFSET 0: by the index, one by one, however many rows the planner expects.
    standing AS MATERIALIZED (
        SELECT r.scope, CASE WHEN p.cleared ?| '{office_id,case_id,item_id}' THEN r.data END AS data
        FROM p CROSS JOIN LATERAL (
            SELECT r.scope, r.data FROM record r WHERE r.tbl = p.tbl AND r.id = p.id OFFSET 0) r
    ),
    referred (tbl, id) AS (
        SELECT 'cases', new ->> 'case_id' FROM p WHERE new ? 'case_id'
        UNION SELECT 'items', new ->> 'item_id' FROM p WHERE new ? 'item_id'
        UNION SELECT 'persons', new ->> 'person_id' FROM p WHERE new ? 'person_id'
        -- What no longer lies with its case may fall back to what else it hangs on.
        UNION SELECT 'cases', data ->> 'case_id' FROM standing WHERE data ? 'case_id'
        UNION SELECT 'items', data ->> 'item_id' FROM standing WHERE data ? 'item_id'
    ),
    found (scope) AS (
        SELECT scope FROM standing
        UNION SELECT r.scope FROM referred f CROSS JOIN LATERAL (
            SELECT r.scope FROM record r WHERE r.tbl = f.tbl AND r.id = f.id OFFSET 0) r
        UNION SELECT new ->> 'office_id' FROM p WHERE new ? 'office_id'
        UNION SELECT data ->> 'office_id' FROM standing WHERE data ? 'office_id'
        UNION SELECT 'town' FROM p WHERE is_town(tbl)
        UNION SELECT 'inbox' FROM p WHERE cleared ?| '{office_id,case_id,item_id}'
            OR (op = 'add' AND NOT is_town(tbl) AND NOT new ?| '{office_id,case_id,item_id}')
    )
    SELECT coalesce(array_agg(f.scope), '{}'), coalesce(sum(s.last), 0) INTO scopes, stand
    FROM found f LEFT JOIN scope s ON s.id = f.scope;
END $$;

-- What no honest program sends.
CREATE FUNCTION check_batch(p_entries jsonb) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    bad boolean;
    twice boolean;
    waves boolean;
BEGIN
    SELECT bool_or(e.v ->> 'id' IS NULL OR e.v ->> 'action' IS NULL OR e.v ->> 'schema' IS NULL
                   OR e.v ->> 'at' IS NULL OR e.v ->> 'clerk_id' IS NULL OR e.v ->> 'wave' IS NULL
                   OR coalesce(e.v ->> 'kind' NOT IN ('do', 'undo', 'redo'), true)
                   OR coalesce((e.v ->> 'dseq')::bigint
                               <> (p_entries -> 0 ->> 'dseq')::bigint + e.i - 1, true)),
           min((e.v ->> 'wave')::integer) <> max((e.v ->> 'wave')::integer)
        INTO bad, waves
        FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i);
    IF bad THEN
        RAISE EXCEPTION 'an entry is not whole or out of order' USING ERRCODE = 'CK011';
    END IF;
    WITH p AS (
        SELECT (e.v ->> 'wave')::integer AS wave, p.v ->> 0 AS tbl, p.v ->> 1 AS id, p.v
        FROM jsonb_array_elements(p_entries) e (v)
        CROSS JOIN LATERAL jsonb_array_elements(e.v -> 'patches') p (v)
    ),
    rows AS (
        SELECT count(*) AS n, bool_or(coalesce(
                   jsonb_array_length(v) <> 7 OR v ->> 2 NOT IN ('add', 'set', 'drop')
                   OR v ->> 0 IS NULL OR length(v ->> 1) NOT BETWEEN 1 AND 80 OR v ->> 1 ~ '[^0-9A-Za-z_@.:/-]'
                   OR jsonb_typeof(v -> 3) <> 'object' OR jsonb_typeof(v -> 4) <> 'object'
                   OR jsonb_typeof(v -> 5) <> 'array' OR jsonb_typeof(v -> 6) <> 'array'
                   OR v @? 'strict $[5 to 6][*] ? (@.type() != "string")', true)) AS bad
        FROM p GROUP BY tbl, id, wave
    )
    SELECT bool_or(r.n > 1), bool_or(r.bad) INTO twice, bad FROM rows r;
    IF waves AND NOT twice AND NOT bad THEN
        SELECT bool_or(w.before >= w.wave) INTO twice FROM (
            SELECT wave, lag(wave) OVER (PARTITION BY p.v ->> 0, p.v ->> 1 ORDER BY e.i, p.ord) AS before
            FROM (SELECT (x.v ->> 'wave')::integer AS wave, x.v -> 'patches' AS patches, x.i
                  FROM jsonb_array_elements(p_entries) WITH ORDINALITY x (v, i)) e
            CROSS JOIN LATERAL jsonb_array_elements(e.patches) WITH ORDINALITY p (v, ord)) w;
    END IF;
    IF twice OR bad THEN
        RAISE EXCEPTION 'a patch is malformed, or the waves are not' USING ERRCODE = 'CK011';
    END IF;
END $$;

-- The entries of each wave, in their order.
CREATE FUNCTION waves_of(p_entries jsonb) RETURNS SETOF jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF (SELECT min(v ->> 'wave') = max(v ->> 'wave') FROM jsonb_array_elements(p_entries) e (v)) THEN
        RETURN NEXT p_entries;
    ELSE
        RETURN QUERY SELECT jsonb_agg(v ORDER BY i)
            FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i)
            GROUP BY (v ->> 'wave')::integer ORDER BY (v ->> 'wave')::integer;
    END IF;
END $$;

-- The settings: every lookup of a record goes by an index, and plans are made once a session.
CREATE FUNCTION push(p_device text, p_entries jsonb)
RETURNS TABLE (dseq bigint, outcome text, code text, detail jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
SET enable_seqscan = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    who text := me();
    mark bigint;
    till bigint;
    first bigint;
    entries jsonb := p_entries;
    locked text[];
    rights rights;
    wave jsonb;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'no account' USING ERRCODE = 'CK004';
    END IF;
    IF jsonb_typeof(p_entries) <> 'array' OR jsonb_array_length(p_entries) > 2000
       OR pg_column_size(p_entries) > 64000000 THEN
        RAISE EXCEPTION 'a batch is an array of at most 2000 entries' USING ERRCODE = 'CK011';
    END IF;
    SELECT d.last, d.brought INTO mark, till FROM device d WHERE d.id = p_device AND d.clerk_id = who FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not a device of yours' USING ERRCODE = 'CK003';
    END IF;
    PERFORM check_batch(p_entries);
    first := (p_entries -> 0 ->> 'dseq')::bigint;
    IF first <= mark THEN
        RETURN QUERY SELECT n, 'dup', '', NULL::jsonb
            FROM generate_series(first, least(mark, first + jsonb_array_length(p_entries) - 1)) n;
        entries := (SELECT coalesce(jsonb_agg(v ORDER BY i), '[]')
                    FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i)
                    WHERE first + i - 1 > mark);
        first := mark + 1;
    END IF;
    IF jsonb_array_length(entries) = 0 THEN
        RETURN;
    END IF;
    IF first <> mark + 1 THEN
        RAISE EXCEPTION 'gap' USING ERRCODE = 'CK010', DETAIL = (mark + 1)::text;
    END IF;

    locked := lock_scopes(entries);
    IF entries @? '$[*].brought' THEN
        SELECT b.entries, b.till INTO entries, till FROM brought(who, p_device, mark, till, entries) b;
    END IF;
    rights := rights_of(who, entries);
    FOR wave IN SELECT * FROM waves_of(entries) LOOP
        RETURN QUERY SELECT * FROM write_wave(rights, p_device, locked, wave);
    END LOOP;
    UPDATE device d SET last = mark + jsonb_array_length(entries), brought = till, seen = now()
        WHERE d.id = p_device;
END $$;
