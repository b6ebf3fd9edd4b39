-- Entries come in: batches of a device, in its order, exactly once, each wholly or not at all.

CREATE TYPE entry_in AS (
    i integer, dseq bigint, wave integer, id text, at bigint, clerk_id text, on_behalf_of text,
    action text, kind text, undoes text, undoable integer, claim integer, schema integer,
    no bigint,                           -- given when its wave is written
    patches jsonb
);
CREATE TYPE patch_in AS (
    i integer, ord integer, wave integer, tbl text, id text, op text,
    new jsonb, old jsonb, cleared text[], was_null text[]
);
-- A patch beside the row that it is about: `data` is what stands there, `merged` what will.
CREATE TYPE patch_fact AS (
    i integer, ord integer, tbl text, id text, op text,
    new jsonb, old jsonb, cleared text[], was_null text[],
    data jsonb, merged jsonb, gone boolean, scopes text[], guard text, dest text[]
);
CREATE TYPE verdict AS (i integer, outcome text, code text, detail jsonb);
CREATE TYPE stream_part AS (i integer, ord integer, scope text, patch jsonb);

CREATE FUNCTION members(p jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY(SELECT jsonb_array_elements_text(p)) $$;

CREATE FUNCTION texts(p jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE WHEN p IS NULL OR p = '[]' THEN '{}'::text[] ELSE members(p) END $$;

CREATE FUNCTION pick(p jsonb, p_keys text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE
AS $$ SELECT coalesce(jsonb_object_agg(k, p -> k), '{}') FROM unnest(p_keys) k WHERE p ? k $$;

CREATE FUNCTION keys(p jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY(SELECT jsonb_object_keys(p)) $$;

-- Whether every field of a patch finds what its author saw, or what they want to see.
CREATE FUNCTION fits(p_data jsonb, p_new jsonb, p_old jsonb, p_cleared text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM unnest(keys(p_new) || p_cleared) k
        WHERE p_data -> k IS DISTINCT FROM p_old -> k AND p_data -> k IS DISTINCT FROM p_new -> k)
$$;

CREATE FUNCTION digest_of(p_id text, p_n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
AS $$ SELECT ('x' || left(md5(p_id || ':' || p_n::text), 16))::bit(64)::bigint $$;

CREATE FUNCTION incident(p_device text, p_code text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$ INSERT INTO incident (by_role, device, code) VALUES (session_user, left(p_device, 80), p_code) $$;

-- Locks on streams come before locks on rows, in one order for everybody.
CREATE FUNCTION lock_scopes(p_scopes text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE k bigint;
BEGIN
    FOR k IN SELECT DISTINCT hashtextextended(s, 4711) FROM unnest(p_scopes) s ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(k);
    END LOOP;
END $$;

CREATE FUNCTION scopes_touched(p_patches patch_in[]) RETURNS text[]
LANGUAGE sql STABLE
AS $$
    WITH p AS (SELECT * FROM unnest(p_patches)),
    named AS (
        SELECT tbl, id FROM p
        UNION SELECT 'cases', new ->> 'case_id' FROM p WHERE new ? 'case_id'
        UNION SELECT 'items', new ->> 'item_id' FROM p WHERE new ? 'item_id'
        UNION SELECT 'persons', new ->> 'person_id' FROM p WHERE new ? 'person_id'
    )
    SELECT coalesce(array_agg(DISTINCT s), '{}') FROM (
        SELECT r.scope AS s FROM named JOIN record r USING (tbl, id)
        UNION ALL SELECT new ->> 'office_id' FROM p WHERE new ? 'office_id'
        UNION ALL SELECT 'town' FROM p WHERE is_town(tbl)
        UNION ALL SELECT 'inbox' FROM p WHERE 'office_id' = ANY (cleared) OR 'case_id' = ANY (cleared)
            OR (op = 'add' AND NOT is_town(tbl) AND NOT new ?| '{office_id,case_id,item_id}')
    ) AS found
$$;

-- The records that concern the whole town.
CREATE FUNCTION is_town(p_tbl text) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$ SELECT p_tbl IN ('offices', 'clerks', 'memberships', 'absences', 'services',
                       'service_versions', 'service_steps') $$;

CREATE FUNCTION scope_of_row(p_tbl text, p_id text) RETURNS text LANGUAGE sql STABLE
AS $$ SELECT scope FROM record WHERE tbl = p_tbl AND id = p_id AND NOT gone LIMIT 1 $$;

CREATE FUNCTION push(p_device text, p_entries jsonb)
RETURNS TABLE (dseq bigint, outcome text, code text, detail jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    who text := me();
    mark bigint;
    entries entry_in[];
    patches patch_in[];
    wanted text[];
    wave_no integer;
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'no account' USING ERRCODE = 'CK004';
    END IF;
    IF jsonb_typeof(p_entries) <> 'array' OR jsonb_array_length(p_entries) > 2000
       OR pg_column_size(p_entries) > 64000000 THEN
        RAISE EXCEPTION 'a batch is an array of at most 2000 entries' USING ERRCODE = 'CK011';
    END IF;
    SELECT d.last INTO mark FROM device d WHERE d.id = p_device AND d.clerk_id = who FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not a device of yours' USING ERRCODE = 'CK003';
    END IF;

    SELECT array_agg(ROW(e.i, e.v ->> 'dseq', e.v ->> 'wave', e.v ->> 'id', e.v ->> 'at',
            e.v ->> 'clerk_id', e.v ->> 'on_behalf_of', e.v ->> 'action', e.v ->> 'kind',
            e.v ->> 'undoes', e.v ->> 'undoable', e.v ->> 'claim', e.v ->> 'schema', NULL,
            e.v -> 'patches')::entry_in
            ORDER BY e.i)
        INTO entries
        FROM jsonb_array_elements(p_entries) WITH ORDINALITY AS e (v, i);
    RETURN QUERY SELECT e.dseq, 'dup', '', NULL::jsonb FROM unnest(entries) e WHERE e.dseq <= mark;
    IF EXISTS (SELECT 1 FROM unnest(entries) WITH ORDINALITY AS e
               WHERE e.dseq IS NULL OR e.wave IS NULL OR e.id IS NULL OR e.action IS NULL
                  OR e.schema IS NULL OR e.at IS NULL OR e.clerk_id IS NULL
                  OR e.kind NOT IN ('do', 'undo', 'redo') OR e.dseq <> entries[1].dseq + ordinality - 1)
    THEN
        RAISE EXCEPTION 'an entry is not whole or out of order' USING ERRCODE = 'CK011';
    END IF;
    entries := ARRAY(SELECT e FROM unnest(entries) e WHERE e.dseq > mark ORDER BY e.i);
    IF cardinality(entries) = 0 THEN
        RETURN;
    END IF;
    IF entries[1].dseq <> mark + 1 THEN
        RAISE EXCEPTION 'gap' USING ERRCODE = 'CK010', DETAIL = (mark + 1)::text;
    END IF;

    patches := ARRAY(
        SELECT ROW(e.i, p.ord, e.wave, p.v ->> 0, p.v ->> 1, p.v ->> 2, p.v -> 3, p.v -> 4,
                   texts(p.v -> 5), texts(p.v -> 6))::patch_in
        FROM unnest(entries) e
        CROSS JOIN LATERAL jsonb_array_elements(e.patches) WITH ORDINALITY AS p (v, ord));
    IF EXISTS (SELECT 1 FROM unnest(patches) p
               WHERE p.op NOT IN ('add', 'set', 'drop') OR p.op IS NULL
                  OR p.id !~ '^[0-9A-Za-z_@.:-]{1,80}$'
                  OR jsonb_typeof(p.new) <> 'object' OR jsonb_typeof(p.old) <> 'object')
       OR EXISTS (SELECT 1 FROM unnest(patches) p GROUP BY p.tbl, p.id
                  HAVING count(*) <> count(DISTINCT p.wave))
       OR EXISTS (SELECT 1 FROM (SELECT p.wave, lag(p.wave) OVER (PARTITION BY p.tbl, p.id
                                 ORDER BY p.i) AS before FROM unnest(patches) p) w
                  WHERE w.before >= w.wave)
    THEN
        RAISE EXCEPTION 'a patch is malformed, or the waves are not' USING ERRCODE = 'CK011';
    END IF;

    wanted := scopes_touched(patches);
    PERFORM lock_scopes(wanted);
    IF NOT scopes_touched(patches) <@ wanted THEN  -- a row moved while we waited
        RAISE EXCEPTION 'try again' USING ERRCODE = '40001';
    END IF;

    FOR wave_no IN SELECT DISTINCT e.wave FROM unnest(entries) e ORDER BY 1 LOOP
        RETURN QUERY
            SELECT e.dseq, v.outcome, v.code, v.detail
            FROM unnest(write_wave(who, p_device, false,
                    ARRAY(SELECT e FROM unnest(entries) e WHERE e.wave = wave_no ORDER BY e.i),
                    ARRAY(SELECT p FROM unnest(patches) p WHERE p.wave = wave_no))) v
            JOIN unnest(entries) e USING (i);
    END LOOP;
    UPDATE device d SET last = entries[cardinality(entries)].dseq, seen = now()
        WHERE d.id = p_device;
END $$;
