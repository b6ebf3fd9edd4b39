-- Writing one wave: what was found good goes into records, journal and streams; what was not is kept
-- as a refusal in the stream of its device. Called with all streams that it touches locked.

CREATE FUNCTION pick(p jsonb, p_keys text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE
AS $$ SELECT coalesce(jsonb_object_agg(k, p -> k), '{}') FROM unnest(p_keys) k WHERE p ? k $$;

CREATE FUNCTION keys(p jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY(SELECT jsonb_object_keys(p)) $$;

-- A patch as it was applied: its old values are those that stood there.
CREATE FUNCTION applied(p_patch jsonb, p_data jsonb, p_cleared text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    names text[] := keys(p_patch -> 3) || p_cleared;
BEGIN
    RETURN jsonb_build_array(p_patch -> 0, p_patch -> 1, p_patch -> 2, p_patch -> 3,
        pick(p_data, names), p_patch -> 5,
        to_jsonb(ARRAY(SELECT k FROM unnest(names) k WHERE NOT p_data ? k)));
END $$;

-- Parts of streams: a patch of an entry as it concerns a scope. Lists side by side, see 03_push.sql.
CREATE TYPE parts AS (
    scope text[], no bigint[], entry_id text[], ord integer[], patch jsonb[]
);
-- A row from which more follows: it moves, or it refers to a person.
CREATE TYPE following AS (
    no bigint, entry_id text, ord integer, tbl text, id text, op text, source text, target text,
    person_id text
);

CREATE FUNCTION write_wave(p_rights rights, p_device text, p_locked text[], p_entries jsonb)
RETURNS TABLE (dseq bigint, outcome text, code text, detail jsonb)
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
    dseqs bigint[];
    outcomes text[];
    codes text[];
    details jsonb[];
    scopes text[];
    nos bigint[];
    ids text[];
    ords integer[];
    patches jsonb[];
    rest following[];
    f following;
    more parts;
    held boolean;
    missed bigint;
BEGIN
    WITH judged AS MATERIALIZED (
        SELECT * FROM judge(who, trusted, readable, leads, actions, newest, p_entries)
    ),
    verdict AS MATERIALIZED (
        SELECT DISTINCT ON (j.i) j.i, j.code, j.detail,
               CASE j.code WHEN 'conflict' THEN 'conflict' ELSE 'rejected' END AS outcome
        FROM judged j WHERE j.rank IS NOT NULL ORDER BY j.i, j.rank
    ),
    entries AS MATERIALIZED (
        SELECT e.i::integer AS i, e.v, e.v ->> 'id' AS id, (e.v ->> 'dseq')::bigint AS dseq,
               nextval('entry_no') AS no
        FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i)
    ),
    answers AS MATERIALIZED (
        SELECT e.*, coalesce(v.outcome, 'ok') AS outcome, coalesce(v.code, '') AS code, v.detail
        FROM entries e LEFT JOIN verdict v USING (i)
    ),
    good AS MATERIALIZED (
        SELECT j.*, e.no, e.id AS entry_id FROM judged j JOIN answers e USING (i)
        WHERE e.outcome = 'ok' AND j.tbl IS NOT NULL
    ),
    journal AS (
        INSERT INTO entry (no, id, device, dseq, role_name, clerk_id, on_behalf_of, action, kind,
                           undoes, undoable, claim, schema, device_at, at, outcome)
        SELECT e.no,
               -- An id that is there already belongs to somebody else's entry.
               CASE WHEN e.code = 'entry.exists' THEN e.id || '#' || p_device || '#' || e.dseq
                    ELSE e.id END,
               p_device, e.dseq, session_user, e.v ->> 'clerk_id', e.v ->> 'on_behalf_of',
               e.v ->> 'action', e.v ->> 'kind', e.v ->> 'undoes',
               coalesce((e.v ->> 'undoable')::integer, 1), coalesce((e.v ->> 'claim')::integer, 0),
               (e.v ->> 'schema')::integer, (e.v ->> 'at')::bigint, at_ms, e.outcome
        FROM answers e
    ),
    added AS (
        INSERT INTO record (tbl, id, scope, data, no, words)
        SELECT g.tbl, g.id, s, g.new, g.no, words_of(g.tbl, g.new)
        FROM good g CROSS JOIN LATERAL unnest(g.dest) s WHERE g.op = 'add'
        ON CONFLICT (tbl, id, scope)
            DO UPDATE SET data = excluded.data, no = excluded.no, gone = false, words = excluded.words
    ),
    due AS MATERIALIZED (
        SELECT g.*, unnest(g.places) AS place FROM good g WHERE g.op <> 'add'
    ),
    edited AS (
        UPDATE record r SET data = d.merged, no = d.no, gone = d.op = 'drop',
            words = CASE WHEN d.op = 'drop' THEN NULL
                WHEN d.new ?| '{number,subject,sender_name,sender_address,given_name,family_name,street,city,email,phone}'
                THEN words_of(d.tbl, d.merged) ELSE r.words END
        FROM due d WHERE r.ctid = d.place
        RETURNING 1
    ),
    refused AS (
        INSERT INTO refusal (no, device, outcome, code, patches, theirs)
        SELECT e.no, p_device, e.outcome, e.code, coalesce(e.v -> 'patches', '[]'), coalesce((
            SELECT jsonb_object_agg(j.tbl || '/' || j.id,
                CASE WHEN j.gone OR NOT j.scopes && readable THEN 'null'
                ELSE pick(j.data, keys(j.new) || keys(j.old) || j.cleared || j.was_null) END)
            FROM judged j WHERE j.i = e.i AND j.op <> 'add'), '{}')
        FROM answers e WHERE e.outcome <> 'ok'
        RETURNING no, theirs
    ),
    part AS MATERIALIZED (
        SELECT s AS scope, g.no, g.entry_id, g.ord,
               CASE WHEN g.seen THEN g.patch ELSE applied(g.patch, g.data, g.cleared) END AS patch
        FROM good g
        CROSS JOIN LATERAL unnest(CASE WHEN g.op = 'add' THEN g.dest ELSE g.scopes END) s
        UNION ALL
        SELECT 'device:' || p_device, e.no, e.id, 1, jsonb_build_array('refusal', e.id, e.outcome,
            jsonb_build_object('code', e.code, 'detail', e.detail, 'theirs', r.theirs))
        FROM refused r JOIN answers e USING (no)
        UNION ALL
        -- Who does something that they will not see (a case opened for another office) is told so.
        SELECT 'device:' || p_device, e.no, e.id, 1,
               jsonb_build_array('elsewhere', e.id, 'ok', '{}'::jsonb)
        FROM answers e WHERE e.outcome = 'ok' AND NOT trusted AND e.i NOT IN (
            SELECT g.i FROM good g
            WHERE CASE WHEN g.op = 'add' THEN g.dest ELSE g.scopes || g.dest END && readable)
    ),
    further AS (
        SELECT array_agg(ROW(g.no, g.entry_id, g.ord, g.tbl, g.id, g.op, g.scopes[1], g.dest[1],
                             g.new ->> 'person_id')::following ORDER BY g.i, g.ord) AS list
        FROM good g WHERE g.tbl <> 'persons'
            AND (g.op = 'set' AND g.dest[1] <> g.scopes[1] OR g.op <> 'drop' AND g.new ? 'person_id')
    ),
    told AS (
        SELECT array_agg(e.dseq) AS dseqs, array_agg(e.outcome) AS outcomes, array_agg(e.code) AS codes,
               array_agg(e.detail) AS details
        FROM (SELECT * FROM answers ORDER BY i) e
    )
    SELECT t.dseqs, t.outcomes, t.codes, t.details, m.list,
           l.scopes, l.nos, l.ids, l.ords, l.patches,
           NOT EXISTS (SELECT 1 FROM good g WHERE NOT (g.dest || g.scopes) <@ p_locked),
           (SELECT count(*) FROM due) - (SELECT count(*) FROM edited)
        INTO dseqs, outcomes, codes, details, rest, scopes, nos, ids, ords, patches, held, missed
        FROM told t CROSS JOIN further m CROSS JOIN (
            SELECT array_agg(p.scope) AS scopes, array_agg(p.no) AS nos, array_agg(p.entry_id) AS ids,
                   array_agg(p.ord) AS ords, array_agg(p.patch) AS patches FROM part p) l;
    IF NOT held OR missed <> 0 THEN  -- a row moved, or was changed by somebody without locks
        RAISE EXCEPTION 'try again' USING ERRCODE = '40001';
    END IF;
    FOREACH f IN ARRAY coalesce(rest, '{}') LOOP
        more := followed(f);
        scopes := scopes || more.scope;
        nos := nos || more.no;
        ids := ids || more.entry_id;
        ords := ords || more.ord;
        patches := patches || more.patch;
    END LOOP;
    INSERT INTO stream_row (tbl, id, no, scope)
        SELECT DISTINCT p.patch ->> 0, p.patch ->> 1, p.no, p.scope
        FROM unnest(scopes, nos, patches) p (scope, no, patch) WHERE p.patch ->> 0 <> 'elsewhere';
    PERFORM publish(scopes, nos, ids, ords, patches);
    RETURN QUERY SELECT * FROM unnest(dseqs, outcomes, codes, details);
END $$;

-- Number the parts in their streams and tell whoever listens.
CREATE FUNCTION publish(
    p_scope text[], p_no bigint[], p_entry_id text[], p_ord integer[], p_patch jsonb[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    INSERT INTO scope (id) SELECT DISTINCT s FROM unnest(p_scope) s ON CONFLICT DO NOTHING;
    FOR r IN
        WITH rows AS MATERIALIZED (
            SELECT p.scope, p.no, p.entry_id, jsonb_agg(p.patch) AS patches
            FROM (SELECT * FROM unnest(p_scope, p_no, p_entry_id, p_ord, p_patch)
                      u (scope, no, entry_id, ord, patch) ORDER BY scope, no, ord) p
            GROUP BY p.scope, p.no, p.entry_id
        ),
        base AS MATERIALIZED (
            SELECT s.id, s.last, s.digest FROM scope s WHERE s.id = ANY (p_scope)
        ),
        numbered AS (
            SELECT w.*, s.digest AS base,
                   s.last + row_number() OVER (PARTITION BY w.scope ORDER BY w.no) AS n
            FROM rows w JOIN base s ON s.id = w.scope
        ),
        written AS (
            INSERT INTO stream (scope, n, no, patches, digest)
            SELECT x.scope, x.n, x.no, x.patches, x.base # bit_xor(digest_of(x.entry_id, x.n))
                OVER (PARTITION BY x.scope ORDER BY x.n ROWS UNBOUNDED PRECEDING)
            FROM numbered x RETURNING scope, n, digest
        )
        UPDATE scope s SET last = t.n, digest = t.digest
        FROM (SELECT DISTINCT ON (scope) * FROM written ORDER BY scope, n DESC) t
        WHERE s.id = t.scope RETURNING s.id, s.last
    LOOP
        PERFORM pg_notify('clerk_' || md5(r.id), r.id || ':' || r.last);
    END LOOP;
END $$;
