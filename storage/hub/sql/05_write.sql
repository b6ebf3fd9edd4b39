-- Writing one wave: what was found good goes into records, journal and streams; what was not is kept
-- as a refusal in the stream of its device. Called with all streams that it touches locked.

CREATE FUNCTION write_wave(
    p_who text, p_device text, p_trusted boolean, p_entries entry_in[], p_patches patch_in[]
) RETURNS verdict[]
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    facts patch_fact[] := coalesce(facts_of(p_patches), '{}');
    verdicts verdict[];
    good integer[];
    entries entry_in[];
    at_ms bigint := now_ms();
    parts stream_part[] := '{}';
BEGIN
    verdicts := ARRAY(
        SELECT ROW(e.i,
            CASE WHEN o.code IS NULL THEN 'ok' WHEN o.code = 'conflict' THEN 'conflict' ELSE 'rejected' END,
            coalesce(o.code, ''), o.detail)::verdict
        FROM unnest(p_entries) e
        LEFT JOIN (SELECT DISTINCT ON (i) i, code, detail FROM objections(p_who, p_trusted, p_entries, facts)
                   ORDER BY i, rank) o ON o.i = e.i
        ORDER BY e.i);
    good := ARRAY(SELECT v.i FROM unnest(verdicts) v WHERE v.outcome = 'ok');

    entries := ARRAY(
        SELECT ROW(e.i, e.dseq, e.wave, e.id, e.at, e.clerk_id, e.on_behalf_of, e.action, e.kind,
                   e.undoes, e.undoable, e.claim, e.schema, nextval('entry_no'), NULL)::entry_in
        FROM (SELECT * FROM unnest(p_entries) ORDER BY i) e);
    INSERT INTO entry (no, id, device, dseq, role_name, clerk_id, on_behalf_of, action, kind, undoes,
                       undoable, claim, schema, device_at, at, outcome)
    SELECT e.no,
           -- An id that is there already belongs to somebody else's entry.
           CASE WHEN v.code = 'entry.exists' THEN e.id || '#' || p_device || '#' || e.dseq ELSE e.id END,
           p_device, e.dseq, session_user, e.clerk_id, e.on_behalf_of, e.action, e.kind, e.undoes,
           coalesce(e.undoable, 1), coalesce(e.claim, 0), e.schema, e.at, at_ms, v.outcome
    FROM unnest(entries) e JOIN unnest(verdicts) v USING (i);

    -- Rows first, then what follows from them in other scopes.
    INSERT INTO record (tbl, id, scope, data, no, words)
    SELECT f.tbl, f.id, s, f.new, e.no, words_of(f.tbl, f.new)
    FROM unnest(facts) f JOIN unnest(entries) e USING (i) CROSS JOIN LATERAL unnest(f.dest) s
    WHERE f.op = 'add' AND f.i = ANY (good)
    ON CONFLICT (tbl, id, scope)
        DO UPDATE SET data = excluded.data, no = excluded.no, gone = false, words = excluded.words;
    UPDATE record r
    SET data = CASE f.op WHEN 'drop' THEN '{}' ELSE (r.data - f.cleared) || f.new END,
        no = e.no, gone = f.op = 'drop',
        words = CASE WHEN f.op = 'drop' THEN NULL
                     WHEN f.new ?| '{number,subject,sender_name,sender_address,given_name,family_name,street,city,email,phone}'
                     THEN words_of(f.tbl, f.merged) ELSE r.words END
    FROM unnest(facts) f JOIN unnest(entries) e USING (i)
    WHERE f.op <> 'add' AND f.i = ANY (good) AND r.tbl = f.tbl AND r.id = f.id AND NOT r.gone;

    parts := ARRAY(
        SELECT ROW(f.i, f.ord, s, jsonb_build_array(f.tbl, f.id, f.op, f.new,
                CASE WHEN f.op <> 'set' OR (f.data @> f.old AND NOT f.data ?| f.was_null) THEN f.old
                     ELSE pick(f.data, keys(f.new) || f.cleared) END,
                to_jsonb(f.cleared),
                CASE WHEN f.op <> 'set' OR (f.data @> f.old AND NOT f.data ?| f.was_null)
                     THEN to_jsonb(f.was_null)
                     ELSE to_jsonb(ARRAY(SELECT k FROM unnest(keys(f.new) || f.cleared) k
                                         WHERE NOT f.data ? k)) END))::stream_part
        FROM unnest(facts) f
        CROSS JOIN LATERAL unnest(CASE WHEN f.op = 'add' THEN f.dest ELSE f.scopes END) s
        WHERE f.i = ANY (good));
    parts := parts || moved(facts, good) || introduced(facts, good);
    -- Who does something that they will not see (a case opened for another office) is told so.
    IF NOT p_trusted THEN
        parts := parts || ARRAY(
            SELECT ROW(e.i, 1, 'device:' || p_device,
                       jsonb_build_array('elsewhere', e.id, 'ok', '{}'::jsonb))::stream_part
            FROM unnest(entries) e
            WHERE e.i = ANY (good) AND e.i NOT IN (
                SELECT p.i FROM unnest(parts) p WHERE p.scope = ANY (scopes_of(p_who))));
    END IF;

    INSERT INTO stream_row (tbl, id, no, scope)
    SELECT DISTINCT p.patch ->> 0, p.patch ->> 1, e.no, p.scope
    FROM unnest(parts) p JOIN unnest(entries) e USING (i) WHERE p.patch ->> 0 <> 'elsewhere';
    WITH refused AS (
        INSERT INTO refusal (no, device, outcome, code, patches, theirs)
        SELECT e.no, p_device, v.outcome, v.code,
               coalesce((SELECT jsonb_agg(jsonb_build_array(p.tbl, p.id, p.op, p.new, p.old,
                        to_jsonb(p.cleared), to_jsonb(p.was_null)) ORDER BY p.ord)
                   FROM unnest(p_patches) p WHERE p.i = v.i), '[]'),
               coalesce((SELECT jsonb_object_agg(f.tbl || '/' || f.id,
                            CASE WHEN f.gone OR NOT f.scopes && scopes_of(p_who) THEN 'null'
                            ELSE pick(f.data, keys(f.new) || keys(f.old) || f.cleared || f.was_null) END)
                   FROM unnest(facts) f WHERE f.i = v.i AND f.op <> 'add'), '{}')
        FROM unnest(verdicts) v JOIN unnest(entries) e USING (i) WHERE v.outcome <> 'ok'
        RETURNING no, outcome, code, theirs
    )
    SELECT coalesce(array_agg(ROW(v.i, 1, 'device:' || p_device, jsonb_build_array('refusal',
               e.id, r.outcome,
               jsonb_build_object('code', r.code, 'detail', v.detail, 'theirs', r.theirs)))::stream_part),
               '{}') || parts
        INTO parts
        FROM refused r JOIN unnest(entries) e USING (no) JOIN unnest(verdicts) v USING (i);
    PERFORM publish(entries, parts);
    RETURN verdicts;
END $$;

-- Number the parts in their streams and tell whoever listens.
CREATE FUNCTION publish(p_entries entry_in[], p_parts stream_part[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    INSERT INTO scope (id) SELECT DISTINCT scope FROM unnest(p_parts) ON CONFLICT DO NOTHING;
    FOR r IN
        WITH rows AS (
            SELECT p.scope, p.i, jsonb_agg(p.patch ORDER BY p.ord) AS patches
            FROM unnest(p_parts) p GROUP BY p.scope, p.i
        ), numbered AS (
            SELECT w.*, s.digest AS base, e.id, e.no,
                   s.last + row_number() OVER (PARTITION BY w.scope ORDER BY w.i) AS n
            FROM rows w JOIN scope s ON s.id = w.scope JOIN unnest(p_entries) e ON e.i = w.i
        ), written AS (
            INSERT INTO stream (scope, n, no, patches, digest)
            SELECT x.scope, x.n, x.no, x.patches,
                   x.base # bit_xor(digest_of(x.id, x.n)) OVER (PARTITION BY x.scope ORDER BY x.n)
            FROM numbered x RETURNING scope, n, digest
        )
        UPDATE scope s SET last = t.n, digest = t.digest
        FROM (SELECT DISTINCT ON (scope) * FROM written ORDER BY scope, n DESC) t
        WHERE s.id = t.scope RETURNING s.id, s.last
    LOOP
        PERFORM pg_notify('clerk_' || md5(r.id), r.id || ':' || r.last);
    END LOOP;
END $$;

-- Rows that now lie elsewhere: they leave the old stream with what hangs on them and enter the new.
CREATE FUNCTION moved(p_facts patch_fact[], p_good integer[]) RETURNS stream_part[]
LANGUAGE plpgsql AS $$
DECLARE
    f patch_fact;
    child record;
    parts stream_part[] := '{}';
    place integer;
BEGIN
    FOREACH f IN ARRAY p_facts LOOP
        CONTINUE WHEN f.op <> 'set' OR f.tbl = 'persons' OR f.i <> ALL (p_good)
            OR f.dest[1] = f.scopes[1];
        place := f.ord + 1000000;
        FOR child IN
            WITH RECURSIVE kin (tbl, id) AS (
                SELECT f.tbl, f.id
                UNION
                SELECT r.tbl, r.id FROM kin y JOIN record r ON NOT r.gone AND (
                    (y.tbl = 'cases' AND r.case_id = y.id)
                    OR (y.tbl = 'items' AND r.item_id = y.id))
                WHERE y.tbl IN ('cases', 'items')
            )
            SELECT r.tbl, r.id, r.data, r.no FROM kin JOIN record r USING (tbl, id)
            WHERE r.scope = f.scopes[1] AND NOT r.gone
        LOOP
            UPDATE record SET scope = f.dest[1] WHERE tbl = child.tbl AND id = child.id
                AND scope = f.scopes[1];
            place := place + 1;
            parts := parts
                || ROW(f.i, place, f.scopes[1], jsonb_build_array(child.tbl, child.id, 'leave',
                       '{}'::jsonb, '{}'::jsonb, '[]'::jsonb, '[]'::jsonb))::stream_part
                || ROW(f.i, place, f.dest[1], jsonb_build_array(child.tbl, child.id, 'enter',
                       child.data, '{}'::jsonb, '[]'::jsonb, '[]'::jsonb))::stream_part
                || follow(f.i, place, child.data ->> 'person_id', f.scopes[1], f.dest[1]);
        END LOOP;
    END LOOP;
    RETURN parts;
END $$;

-- A person follows what refers to them: a copy in the new scope, and none where nothing refers.
CREATE FUNCTION follow(p_i integer, p_ord integer, p_person text, p_from text, p_to text)
RETURNS stream_part[] LANGUAGE plpgsql AS $$
DECLARE
    parts stream_part[] := '{}';
BEGIN
    IF p_person IS NULL THEN
        RETURN parts;
    END IF;
    parts := introduce(p_i, p_ord, p_person, p_to);
    IF NOT EXISTS (SELECT 1 FROM record r WHERE r.person_id = p_person
                   AND r.scope = p_from AND NOT r.gone) THEN
        DELETE FROM record WHERE tbl = 'persons' AND id = p_person AND scope = p_from;
        IF FOUND THEN
            parts := parts || ROW(p_i, p_ord, p_from, jsonb_build_array('persons', p_person, 'leave',
                '{}'::jsonb, '{}'::jsonb, '[]'::jsonb, '[]'::jsonb))::stream_part;
        END IF;
    END IF;
    RETURN parts;
END $$;

CREATE FUNCTION introduce(p_i integer, p_ord integer, p_person text, p_to text)
RETURNS stream_part[] LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
BEGIN
    IF EXISTS (SELECT 1 FROM record WHERE tbl = 'persons' AND id = p_person AND scope = p_to
               AND NOT gone) THEN
        RETURN '{}';
    END IF;
    INSERT INTO record (tbl, id, scope, data, no, words)
    SELECT tbl, id, p_to, data, no, words FROM record
    WHERE tbl = 'persons' AND id = p_person AND NOT gone LIMIT 1
    ON CONFLICT (tbl, id, scope) DO UPDATE SET data = excluded.data, gone = false
    RETURNING data INTO known;
    IF known IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY[ROW(p_i, p_ord - 1, p_to, jsonb_build_array('persons', p_person, 'enter', known,
        '{}'::jsonb, '[]'::jsonb, '[]'::jsonb))::stream_part];
END $$;

-- Persons to whom something in another scope refers from now on.
CREATE FUNCTION introduced(p_facts patch_fact[], p_good integer[]) RETURNS stream_part[]
LANGUAGE plpgsql AS $$
DECLARE
    f patch_fact;
    parts stream_part[] := '{}';
BEGIN
    FOREACH f IN ARRAY p_facts LOOP
        IF f.op <> 'drop' AND f.tbl <> 'persons' AND f.new ? 'person_id' AND f.i = ANY (p_good) THEN
            parts := parts || introduce(f.i, 0, f.new ->> 'person_id', f.dest[1]);
        END IF;
    END LOOP;
    RETURN parts;
END $$;
