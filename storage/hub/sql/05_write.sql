-- Writing one wave: what was found good goes into records, journal and streams; what was not is kept
-- as a refusal in the stream of its device. Called with all streams that it touches locked.

CREATE FUNCTION pick(p jsonb, p_keys text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE
AS $$ SELECT coalesce(jsonb_object_agg(k, p -> k), '{}') FROM unnest(p_keys) k WHERE p ? k $$;

CREATE FUNCTION keys(p jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY(SELECT jsonb_object_keys(p)) $$;

-- The fields that a patch speaks of.
CREATE FUNCTION named(p_patch jsonb) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN keys(p_patch -> 3) || keys(p_patch -> 4) || texts(p_patch -> 5) || texts(p_patch -> 6);
END $$;

-- A patch as it was applied: its old values are those that stood there.
CREATE FUNCTION applied(p_patch jsonb, p_data jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    names text[] := keys(p_patch -> 3) || texts(p_patch -> 5);
BEGIN
    RETURN jsonb_build_array(p_patch -> 0, p_patch -> 1, p_patch -> 2, p_patch -> 3,
        pick(p_data, names), p_patch -> 5,
        to_jsonb(ARRAY(SELECT k FROM unnest(names) k WHERE NOT p_data ? k)));
END $$;

-- Parts of streams: a patch of an entry as it concerns a scope; with `ord` 0 all its patches, as they
-- were sent. Lists side by side, see 03_push.sql.
CREATE TYPE parts AS (
    scope text[], no bigint[], entry_id text[], ord integer[], patch jsonb[], before bigint[]
);
-- A row from which more follows: it moves, or it refers to a person.
CREATE TYPE following AS (
    no bigint, entry_id text, ord integer, tbl text, id text, op text, source text, target text,
    person_id text
);

-- Returns what was not taken, by its place in the wave.
CREATE FUNCTION write_wave(p_rights rights, p_device text, p_locked text[], p_entries jsonb)
RETURNS TABLE (i integer, outcome text, code text, detail jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    who text := p_rights.who;
    trusted boolean := p_rights.trusted;
    readable text[] := p_rights.readable;
    leads text[] := p_rights.leads;
    actions jsonb := p_rights.actions;
    newest integer := p_rights.schema;
    at_ms bigint := now_ms();
    numbers bigint[] := ARRAY(SELECT nextval('entry_no')
                              FROM generate_series(1, jsonb_array_length(p_entries)));
    scopes text[];
    nos bigint[];
    ids text[];
    ords integer[];
    patches jsonb[];
    befores bigint[];
    rest following[];
    f following;
    more parts;
    is_held boolean;
    is_seen boolean;
    missed bigint;
    refused_is integer[];
    outcomes text[];
    codes text[];
    details jsonb[];
BEGIN
    WITH judged AS MATERIALIZED (
        SELECT * FROM judge(who, trusted, readable, leads, actions, newest, p_entries)
    ),
    verdict AS MATERIALIZED (
        SELECT DISTINCT ON (j.i) j.i, j.code, j.detail,
               CASE j.code WHEN 'conflict' THEN 'conflict' ELSE 'rejected' END AS outcome
        FROM judged j WHERE j.rank IS NOT NULL ORDER BY j.i, j.rank
    ),
    good AS NOT MATERIALIZED (
        SELECT j.*, numbers[j.i] AS no FROM judged j WHERE j.i NOT IN (SELECT v.i FROM verdict v)
    ),
    journal AS (
        INSERT INTO entry (no, id, device, dseq, role_name, clerk_id, on_behalf_of, action, kind,
                           undoes, undoable, claim, schema, device_at, at, outcome)
        SELECT numbers[e.i],
               -- An id that is there already belongs to somebody else's entry.
               CASE WHEN v.code = 'entry.exists' THEN concat_ws('#', e.v ->> 'id', p_device, e.v ->> 'dseq')
                    ELSE e.v ->> 'id' END,
               p_device, (e.v ->> 'dseq')::bigint, session_user, e.v ->> 'clerk_id',
               e.v ->> 'on_behalf_of', e.v ->> 'action', e.v ->> 'kind', e.v ->> 'undoes',
               coalesce((e.v ->> 'undoable')::integer, 1), coalesce((e.v ->> 'claim')::integer, 0),
               (e.v ->> 'schema')::integer, (e.v ->> 'at')::bigint, at_ms, coalesce(v.outcome, 'ok')
        FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i) LEFT JOIN verdict v ON v.i = e.i
    ),
    added AS (
        INSERT INTO record (tbl, id, scope, data, no, made, words)
        SELECT g.tbl, g.id, g.home, g.after, g.no, g.no, words_of(g.tbl, g.after) FROM good g WHERE g.op = 'add'
        ON CONFLICT (tbl, id, scope)
            DO UPDATE SET data = excluded.data, no = excluded.no, gone = false, words = excluded.words
    ),
    edited AS (
        UPDATE record r SET data = g.after, no = g.no, gone = g.op = 'drop',
            words = CASE WHEN g.op = 'drop' THEN NULL
                WHEN g.patch -> 3 ?| '{number,subject,sender_name,sender_address,given_name,family_name,street,city,email,phone}'
                THEN words_of(g.tbl, g.after) ELSE r.words END
        FROM good g WHERE g.op <> 'add' AND r.ctid = g.place
        RETURNING 1
    ),
    refused AS (
        INSERT INTO refusal (no, device, outcome, code, patches, theirs)
        SELECT numbers[v.i], p_device, v.outcome, v.code, p_entries -> (v.i - 1) -> 'patches', coalesce((
            SELECT jsonb_object_agg(j.tbl || '/' || j.id, CASE
                WHEN j.rank = 0 OR j.tbl <> 'persons' AND j.scope <> ALL (readable) THEN 'null'
                ELSE pick((SELECT r.data FROM record r WHERE r.ctid = j.place), named(j.patch)) END)
            FROM judged j WHERE j.i = v.i AND j.op <> 'add'), '{}')
        FROM verdict v
    ),
    part AS (
        SELECT g.*, CASE g.op WHEN 'add' THEN g.home ELSE g.scope END AS told,
               g.tbl <> 'persons' AND (g.op = 'set' AND g.home <> g.scope
                                       OR g.op <> 'drop' AND g.patch -> 3 ? 'person_id') AS follows
        FROM good g OFFSET 0
    ),
    sent AS (
        SELECT p.*, p.alone AND p.seen AND NOT p.follows AS whole FROM part p OFFSET 0
    )
    SELECT array_agg(s.told), array_agg(s.no), array_agg(s.entry_id),
           array_agg(CASE WHEN s.whole THEN 0 ELSE s.ord END),
           array_agg(CASE WHEN s.whole THEN p_entries -> (s.i - 1) -> 'patches' WHEN s.seen THEN s.patch
                          ELSE applied(s.patch, (SELECT r.data FROM record r WHERE r.ctid = s.place)) END),
           array_agg(s.before),
           array_agg(ROW(s.no, s.entry_id, s.ord, s.tbl, s.id, s.op, s.scope, s.home,
                         s.patch -> 3 ->> 'person_id')::following) FILTER (WHERE s.follows),
           bool_and(s.home = ANY (p_locked) AND (s.op = 'add' OR s.scope = ANY (p_locked))),
           bool_and(coalesce(s.told = ANY (readable), false)),
           count(s.place) - (SELECT count(*) FROM edited),
           (SELECT array_agg(v.i) FROM verdict v), (SELECT array_agg(v.outcome) FROM verdict v),
           (SELECT array_agg(v.code) FROM verdict v), (SELECT array_agg(v.detail) FROM verdict v)
        INTO scopes, nos, ids, ords, patches, befores, rest, is_held, is_seen, missed,
             refused_is, outcomes, codes, details
        FROM sent s;
    IF NOT is_held OR missed <> 0 THEN  -- a row moved, or was changed by somebody without locks
        RAISE EXCEPTION 'try again' USING ERRCODE = '40001';
    END IF;
    FOREACH f IN ARRAY coalesce(rest, '{}') LOOP
        more := followed(f);
        scopes := scopes || more.scope;
        nos := nos || more.no;
        ids := ids || more.entry_id;
        ords := ords || more.ord;
        patches := patches || more.patch;
        befores := befores || more.before;
    END LOOP;
    IF refused_is IS NOT NULL OR NOT (trusted OR is_seen) THEN
        SELECT array_agg(p.scope), array_agg(p.no), array_agg(p.entry_id), array_agg(p.ord),
               array_agg(p.patch), array_agg(p.before)
            INTO scopes, nos, ids, ords, patches, befores
            FROM (
                SELECT * FROM unnest(scopes, nos, ids, ords, patches, befores)
                    p (scope, no, entry_id, ord, patch, before)
                WHERE p.scope IS NOT NULL
                UNION ALL
                SELECT 'device:' || p_device, r.no, p_entries -> (v.i - 1) ->> 'id', 1,
                       jsonb_build_array('refusal', p_entries -> (v.i - 1) -> 'id', v.outcome,
                           jsonb_build_object('code', v.code, 'detail', v.detail, 'theirs', r.theirs)),
                       0
                FROM unnest(refused_is, outcomes, codes, details) v (i, outcome, code, detail)
                JOIN refusal r ON r.no = numbers[v.i]
                UNION ALL
                -- Who does something that they will not see (a case opened for another office) is
                -- told so.
                SELECT 'device:' || p_device, p.no, min(p.entry_id), 1,
                       jsonb_build_array('elsewhere', min(p.entry_id), 'ok', '{}'::jsonb), 0
                FROM unnest(scopes, nos, ids) p (scope, no, entry_id)
                GROUP BY p.no HAVING NOT bool_or(coalesce(p.scope = ANY (readable), false))
            ) p;
    END IF;
    PERFORM publish(scopes, nos, ids, ords, patches, befores);
    RETURN QUERY SELECT * FROM unnest(refused_is, outcomes, codes, details);
END $$;

-- Number the parts in their streams and tell whoever listens.
CREATE FUNCTION publish(
    p_scope text[], p_no bigint[], p_entry_id text[], p_ord integer[], p_patch jsonb[],
    p_before bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    INSERT INTO scope (id) SELECT DISTINCT s FROM unnest(p_scope) s ON CONFLICT DO NOTHING;
    FOR r IN
        WITH rows AS (
            SELECT p.scope, p.no, min(p.entry_id) AS entry_id,
                   coalesce(jsonb_agg(p.patch) FILTER (WHERE p.ord <> 0), (array_agg(p.patch))[1]) AS patches,
                   array_agg(p.before) AS before
            FROM (SELECT * FROM unnest(p_scope, p_no, p_entry_id, p_ord, p_patch, p_before)
                      u (scope, no, entry_id, ord, patch, before) ORDER BY scope, no, ord) p
            GROUP BY p.scope, p.no
        ),
        numbered AS (
            SELECT w.*, s.digest AS base,
                   s.last + row_number() OVER (PARTITION BY w.scope ORDER BY w.no) AS n
            FROM rows w JOIN scope s ON s.id = w.scope
        ),
        written AS (
            INSERT INTO stream (scope, n, no, patches, before, digest)
            SELECT x.scope, x.n, x.no, x.patches, x.before, x.base # bit_xor(digest_of(x.entry_id, x.n))
                OVER (PARTITION BY x.scope ORDER BY x.no ROWS UNBOUNDED PRECEDING)
            FROM numbered x RETURNING scope, n, digest
        )
        UPDATE scope s SET last = t.n, digest = t.digest
        FROM (SELECT DISTINCT ON (scope) * FROM written ORDER BY scope, n DESC) t
        WHERE s.id = t.scope RETURNING s.id, s.last
    LOOP
        PERFORM pg_notify('clerk_' || md5(r.id), r.id || ':' || r.last);
    END LOOP;
END $$;
