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

-- A first look at a batch, before anything is locked: what no honest program sends (a patch or an entry
-- that is malformed; within a wave two patches about one row, or about a value that only one row can
-- have), and which streams the entries can come to write to, with how far these have come.
CREATE FUNCTION survey(
    p_entries jsonb, p_first bigint,
    OUT malformed boolean, OUT twice boolean, OUT waves boolean, OUT scopes text[], OUT stand numeric
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    WITH sent AS (
        SELECT e.v AS entry, e.i, p.v AS patch, (e.v ->> 'wave')::integer AS wave,
               p.v ->> 0 AS tbl, p.v ->> 1 AS id, p.v ->> 2 AS op, p.v -> 3 AS new, p.v -> 5 AS cleared
        FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i)
        LEFT JOIN LATERAL jsonb_array_elements(e.v -> 'patches') p (v) ON true OFFSET 0
    ),
    -- Most edits do not say where a row lies; then nothing counts but where it stands.
    sorted AS (
        SELECT s.*, s.op = 'add' OR s.cleared ?| '{office_id,case_id,item_id}'
               OR s.new ?| '{office_id,case_id,item_id,person_id,number,external_id,login}' AS moves
        FROM sent s OFFSET 0
    ),
    p AS MATERIALIZED (
        SELECT s.wave, s.tbl, s.id, s.op, CASE WHEN s.moves THEN s.new END AS new,
               CASE WHEN s.moves THEN s.cleared END AS cleared,
               coalesce(
                   s.entry ->> 'id' IS NULL OR s.entry ->> 'action' IS NULL OR s.entry ->> 'at' IS NULL
                   OR s.entry ->> 'schema' IS NULL OR s.entry ->> 'clerk_id' IS NULL OR s.wave IS NULL
                   OR s.entry ->> 'kind' NOT IN ('do', 'undo', 'redo')
                   OR (s.entry ->> 'dseq')::bigint <> p_first + s.i - 1, true)
               OR s.patch IS NOT NULL AND coalesce(
                   jsonb_array_length(s.patch) <> 7 OR s.op NOT IN ('add', 'set', 'drop')
                   OR s.tbl IS NULL OR length(s.id) NOT BETWEEN 1 AND 80 OR s.id ~ '[^0-9A-Za-z_@.:/-]'
                   OR jsonb_typeof(s.new) <> 'object' OR jsonb_typeof(s.patch -> 4) <> 'object'
                   OR jsonb_typeof(s.cleared) <> 'array' OR jsonb_typeof(s.patch -> 6) <> 'array'
                   OR (s.cleared <> '[]' OR s.patch -> 6 <> '[]')
                      AND s.patch @? 'strict $[5 to 6][*] ? (@.type() != "string")', true) AS bad
        FROM sorted s
    ),
    moving AS MATERIALIZED (
        SELECT p.*, r.data, sole_of(p.tbl, p.new) AS sole
        FROM p LEFT JOIN LATERAL (
            SELECT r.data FROM record r WHERE r.tbl = p.tbl AND r.id = p.id
            AND p.cleared ?| '{office_id,case_id,item_id}' OFFSET 0) r ON true
        WHERE p.new IS NOT NULL
    ),
    referred (tbl, id) AS (
        SELECT 'cases', new ->> 'case_id' FROM moving WHERE new ? 'case_id'
        UNION SELECT 'items', new ->> 'item_id' FROM moving WHERE new ? 'item_id'
        UNION SELECT 'persons', new ->> 'person_id' FROM moving WHERE new ? 'person_id'
        -- What no longer lies with its case may fall back to what else it hangs on.
        UNION SELECT 'cases', data ->> 'case_id' FROM moving WHERE data ? 'case_id'
        UNION SELECT 'items', data ->> 'item_id' FROM moving WHERE data ? 'item_id'
    ),
    -- OFFSET 0: by the index, one by one, however many rows the planner expects.
    found (scope) AS (
        SELECT r.scope FROM p CROSS JOIN LATERAL (
            SELECT r.scope FROM record r WHERE r.tbl = p.tbl AND r.id = p.id OFFSET 0) r
        UNION SELECT r.scope FROM referred f CROSS JOIN LATERAL (
            SELECT r.scope FROM record r WHERE r.tbl = f.tbl AND r.id = f.id OFFSET 0) r
        UNION SELECT new ->> 'office_id' FROM moving WHERE new ? 'office_id'
        UNION SELECT data ->> 'office_id' FROM moving WHERE data ? 'office_id'
        UNION SELECT 'town' FROM moving WHERE is_town(tbl)
        UNION SELECT 'inbox' FROM moving WHERE cleared ?| '{office_id,case_id,item_id}'
            OR (op = 'add' AND NOT is_town(tbl) AND NOT new ?| '{office_id,case_id,item_id}')
    )
    SELECT w.bad, w.waves, r.twice OR v.twice, f.scopes, f.stand
        INTO malformed, waves, twice, scopes, stand
        FROM (SELECT bool_or(bad) AS bad, min(wave) <> max(wave) AS waves FROM p) w
        CROSS JOIN (
            SELECT coalesce(bool_or(n > 1), false) AS twice
            FROM (SELECT count(*) AS n FROM p WHERE tbl IS NOT NULL GROUP BY wave, tbl, id) x) r
        CROSS JOIN (
            SELECT coalesce(bool_or(n > 1), false) AS twice
            FROM (SELECT count(*) AS n FROM moving WHERE sole IS NOT NULL GROUP BY wave, tbl, sole) x) v
        CROSS JOIN (
            SELECT coalesce(array_agg(f.scope), '{}') AS scopes, coalesce(sum(s.last), 0) AS stand
            FROM found f LEFT JOIN scope s ON s.id = f.scope) f;
END $$;

-- Whether each row's waves follow the order of its entries.
CREATE FUNCTION waves_follow(p_entries jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT 1 FROM (
            SELECT wave, lag(wave) OVER (PARTITION BY p.v ->> 0, p.v ->> 1 ORDER BY e.i, p.ord) AS before
            FROM (SELECT (x.v ->> 'wave')::integer AS wave, x.v -> 'patches' AS patches, x.i
                  FROM jsonb_array_elements(p_entries) WITH ORDINALITY x (v, i)) e
            CROSS JOIN LATERAL jsonb_array_elements(e.patches) WITH ORDINALITY p (v, ord)) w
        WHERE w.before >= w.wave);
END $$;

-- Locks on streams come before locks on rows, in one order for everybody.
CREATE FUNCTION lock_scopes(p_entries jsonb, p_first bigint, p_scopes text[], p_stand numeric)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    k bigint;
BEGIN
    FOR k IN SELECT DISTINCT hashtextextended(s, 4711) FROM unnest(p_scopes) s ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(k);
    END LOOP;
    -- A row that moves while we wait writes to the stream that it leaves.
    IF p_stand <> (SELECT coalesce(sum(s.last), 0) FROM scope s WHERE s.id = ANY (p_scopes))
       AND NOT (SELECT s.scopes FROM survey(p_entries, p_first) s) <@ p_scopes THEN
        RAISE EXCEPTION 'try again' USING ERRCODE = '40001';
    END IF;
END $$;

-- The entries of each wave, in their order.
CREATE FUNCTION waves_of(p_entries jsonb) RETURNS jsonb[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT jsonb_agg(v ORDER BY i)
                 FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i)
                 GROUP BY (v ->> 'wave')::integer ORDER BY (v ->> 'wave')::integer);
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
    look record;
    rights rights;
    wave jsonb;
    i integer;
    refused bigint[] := '{}';
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

    look := survey(entries, first);
    IF look.malformed OR look.twice OR (look.waves AND NOT waves_follow(entries)) THEN
        RAISE EXCEPTION 'an entry or a patch is malformed, or the waves are not' USING ERRCODE = 'CK011';
    END IF;
    PERFORM lock_scopes(entries, first, look.scopes, look.stand);
    IF entries @? '$[*].brought' THEN
        SELECT b.entries, b.till INTO entries, till FROM brought(who, p_device, mark, till, entries) b;
    END IF;
    rights := rights_of(who, entries);
    FOREACH wave IN ARRAY CASE WHEN look.waves THEN waves_of(entries) ELSE ARRAY[entries] END LOOP
        FOR i, outcome, code, detail IN SELECT * FROM write_wave(rights, p_device, look.scopes, wave) LOOP
            dseq := (wave -> (i - 1) ->> 'dseq')::bigint;
            refused := refused || dseq;
            RETURN NEXT;
        END LOOP;
    END LOOP;
    RETURN QUERY SELECT n, 'ok', '', NULL::jsonb
        FROM generate_series(first, mark + jsonb_array_length(entries)) n WHERE n <> ALL (refused);
    UPDATE device d SET last = mark + jsonb_array_length(entries), brought = till, seen = now()
        WHERE d.id = p_device;
END $$;
