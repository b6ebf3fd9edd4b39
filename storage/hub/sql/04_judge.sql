-- One wave: entries that touch disjoint rows, judged against what stands there now.

CREATE FUNCTION rights_of(p_who text, p_entries jsonb) RETURNS rights
LANGUAGE plpgsql STABLE AS $$
DECLARE
    r rights;
    mine jsonb := roles_of(p_who);
BEGIN
    r.who := p_who;
    r.trusted := false;
    r.readable := scopes_of(p_who);
    SELECT ARRAY(SELECT m.key FROM rule_action a, jsonb_each(mine) m
                 WHERE a.action = 'item.release_other' AND m.value ?| a.roles),
           (SELECT coalesce(jsonb_object_agg(a.action, jsonb_build_object('tables', a.tables, 'places',
                ARRAY(SELECT m.key FROM jsonb_each(mine) m WHERE m.value ?| a.roles))), '{}')
            FROM rule_action a
            WHERE a.action IN (SELECT e.v ->> 'action' FROM jsonb_array_elements(p_entries) e (v))),
           (SELECT schema_max FROM hub)
        INTO r.leads, r.actions, r.schema;
    RETURN r;
END $$;

-- Where a stored row lies.
CREATE FUNCTION scope_of_row(p_tbl text, p_id text) RETURNS text LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (SELECT scope FROM record WHERE tbl = p_tbl AND id = p_id AND NOT gone LIMIT 1);
END $$;

-- Where a row will lie: a case with its office; what hangs on a case or an item, with that, and it
-- may come with the same entry.
CREATE FUNCTION home_of(p_tbl text, p_row jsonb, p_patches jsonb) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    own jsonb;
    place text;
BEGIN
    IF p_tbl = 'cases' THEN
        RETURN p_row ->> 'office_id';
    END IF;
    IF p_row ? 'case_id' THEN
        place := coalesce(
            (SELECT v -> 3 ->> 'office_id' FROM jsonb_array_elements(p_patches) v
             WHERE v ->> 0 = 'cases' AND v ->> 1 = p_row ->> 'case_id' AND v ->> 2 <> 'drop' LIMIT 1),
            scope_of_row('cases', p_row ->> 'case_id'));
    END IF;
    IF place IS NULL AND p_tbl <> 'items' AND p_row ? 'item_id' THEN
        own := (SELECT v FROM jsonb_array_elements(p_patches) v
                WHERE v ->> 0 = 'items' AND v ->> 1 = p_row ->> 'item_id' AND (v ->> 2 = 'add'
                    OR (v ->> 2 = 'set' AND (v -> 3 ?| '{office_id,case_id}'
                                             OR v -> 5 ?| '{office_id,case_id}'))) LIMIT 1);
        IF own IS NULL THEN
            place := scope_of_row('items', p_row ->> 'item_id');
        ELSE
            place := home_of('items', coalesce((SELECT data - texts(own -> 5) FROM record
                WHERE tbl = 'items' AND id = own ->> 1 AND own ->> 2 = 'set' LIMIT 1), '{}')
                || (own -> 3), p_patches);
        END IF;
    END IF;
    RETURN coalesce(place, p_row ->> 'office_id', 'inbox');
END $$;

-- What a new row hangs on; '' for a row of its own.
CREATE FUNCTION guard_of(p_tbl text, p_row jsonb) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(
        CASE WHEN p_tbl <> 'items' AND p_row ? 'case_id'
             THEN scope_of_row('cases', p_row ->> 'case_id') END,
        CASE WHEN p_row ? 'item_id' THEN scope_of_row('items', p_row ->> 'item_id') END, '');
END $$;

-- Whether somebody may take back what they handed over to an office that they do not read: 'open'
-- while it lies there as they left it, 'late' when it was worked on; NULL where it was not them.
CREATE FUNCTION way_back(p_tbl text, p_id text, p_entry text, p_who text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    left_at bigint := (SELECT e.no FROM entry e JOIN stream_row s USING (no)
                       WHERE e.id = p_entry AND e.clerk_id = p_who AND e.outcome = 'ok'
                         AND s.tbl = p_tbl AND s.id = p_id LIMIT 1);
BEGIN
    RETURN CASE
        WHEN left_at IS NULL THEN NULL
        WHEN EXISTS (SELECT 1 FROM kin_of(p_tbl, p_id) k JOIN record r USING (tbl, id)
                     WHERE r.no > left_at) THEN 'late'
        ELSE 'open' END;
END $$;

-- Whether every field of a patch finds what its author saw, or what they want to see.
CREATE FUNCTION fits(p_data jsonb, p_new jsonb, p_old jsonb, p_cleared text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM (SELECT jsonb_object_keys(p_new) UNION SELECT unnest(p_cleared)) f (k)
        WHERE p_data -> k IS DISTINCT FROM p_old -> k AND p_data -> k IS DISTINCT FROM p_new -> k)
$$;

-- Letters (clerk/rules/four_eyes.py): one signs in one's own name alone, one's own draft never where
-- two have to sign, and what is signed keeps its words. NULL: nothing speaks against it.
CREATE FUNCTION letter_breach(p_entry jsonb, p_op text, p_new jsonb, p_cleared text[], p_was jsonb, p_is jsonb)
RETURNS text LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN p_op = 'add' AND (p_is ->> 'state' <> 'draft' OR p_is ->> 'drafted_by' <> p_entry ->> 'clerk_id'
             OR p_is ?| '{signed_by,second_by,document_id}') THEN 'letter.forged'
        WHEN p_op <> 'add' AND p_was ->> 'state' <> 'draft' AND (p_op = 'drop' OR p_was ->> 'state' = 'sent' AND p_new ? 'state'
             OR p_new ?| '{details,subject,template,person_id,case_id,signatures}'
             OR p_cleared && '{person_id}') THEN 'letter.fixed'
        WHEN p_op = 'drop' THEN NULL
        WHEN p_op = 'set' AND p_new ? 'drafted_by'
             OR (p_is ->> 'signatures')::integer < (p_was ->> 'signatures')::integer
             OR p_entry ->> 'clerk_id' <> ANY (ARRAY[p_new ->> 'signed_by', p_new ->> 'second_by'])
             OR CASE WHEN NOT p_entry ? 'brought' THEN p_entry ->> 'on_behalf_of' END
                IS DISTINCT FROM coalesce(p_new ->> 'signed_for', p_new ->> 'second_for')
                AND p_new ?| '{signed_by,second_by}' THEN 'letter.forged'
        WHEN p_is ->> 'state' IN ('final', 'queued', 'sent') AND NOT p_is ?& '{signed_by,document_id}'
             THEN 'letter.forged'
        WHEN p_is ->> 'state' IN ('signed', 'final', 'queued', 'sent') AND p_is ->> 'wording'
             IS DISTINCT FROM encode(sha256(convert_to(p_is ->> 'details', 'UTF8')), 'hex') THEN 'letter.changed'
        WHEN (p_is ->> 'signatures')::integer > 1 AND (
             p_is ->> 'state' IN ('final', 'queued', 'sent') AND NOT p_is ? 'second_by'
             OR p_is ->> 'drafted_by' = ANY (ARRAY[p_is ->> 'signed_by', p_is ->> 'signed_for',
                                                   p_is ->> 'second_by', p_is ->> 'second_for'])
             OR p_is ->> 'signed_by' = ANY (ARRAY[p_is ->> 'second_by', p_is ->> 'second_for'])
             OR p_is ->> 'signed_for' = ANY (ARRAY[p_is ->> 'second_by', p_is ->> 'second_for'])
             ) THEN 'letter.four_eyes' END
$$;

-- Every patch of a wave beside the row that it is about, with the first reason against it, by rank;
-- an entry without patches is a row without `tbl`. PostgreSQL puts this query into the one that asks
-- (it is STABLE, in SQL and without settings), so that it is planned with it, once a session. LIMIT 1
-- instead of EXISTS: by the index, where EXISTS may read a whole table into a hash first.
CREATE FUNCTION judge(
    p_who text, p_trusted boolean, p_readable text[], p_leads text[], p_actions jsonb,
    p_schema integer, p_entries jsonb
) RETURNS TABLE (
    i integer, entry jsonb, ord integer, patch jsonb, tbl text, id text, op text,
    new jsonb, old jsonb, cleared text[], was_null text[],
    places tid[], scopes text[], data jsonb, gone boolean,  -- what stands there; of a person, the copies
    merged jsonb, dest text[],                              -- what will, and where
    seen boolean,                                           -- the author saw exactly what stands there
    rank integer, code text, detail jsonb
)
LANGUAGE sql STABLE AS $$
WITH facts AS MATERIALIZED (
    SELECT p.*, coalesce(r.data, q.data) AS data, coalesce(r.gone, q.gone, true) AS gone,
           coalesce(r.places, q.places) AS places, coalesce(r.scopes, q.scopes) AS scopes,
           CASE p.op WHEN 'add' THEN p.new
                WHEN 'set' THEN (coalesce(r.data, q.data) - p.cleared) || p.new
                ELSE '{}'::jsonb END AS merged
    FROM (
        SELECT e.i::integer AS i, e.v AS entry, p.ord::integer AS ord, p.v AS patch,
               p.v ->> 0 AS tbl, p.v ->> 1 AS id, p.v ->> 2 AS op, p.v -> 3 AS new, p.v -> 4 AS old,
               CASE WHEN p.v -> 5 = '[]' THEN '{}'
                    ELSE ARRAY(SELECT jsonb_array_elements_text(p.v -> 5)) END AS cleared,
               CASE WHEN p.v -> 6 = '[]' THEN '{}'
                    ELSE ARRAY(SELECT jsonb_array_elements_text(p.v -> 6)) END AS was_null
        FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i)
        LEFT JOIN LATERAL jsonb_array_elements(e.v -> 'patches') WITH ORDINALITY p (v, ord) ON true
        OFFSET 0
    ) p
    LEFT JOIN LATERAL (
        SELECT ARRAY[r.ctid] AS places, ARRAY[r.scope] AS scopes, r.data, r.gone
        FROM record r WHERE p.tbl <> 'persons' AND r.tbl = p.tbl AND r.id = p.id LIMIT 1
    ) r ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(x.ctid) AS places, array_agg(x.scope ORDER BY x.scope) AS scopes,
               (array_agg(x.data))[1] AS data, bool_and(x.gone) AS gone
        FROM record x WHERE p.tbl = 'persons' AND x.tbl = 'persons' AND x.id = p.id
        HAVING count(*) > 0
    ) q ON p.tbl = 'persons'
),
placed AS MATERIALIZED (
    SELECT f.*, CASE
        WHEN is_town(f.tbl) THEN 'town'
        WHEN f.tbl = 'persons' THEN NULL
        -- An edit that concerns no place leaves the row where it lies.
        WHEN f.op = 'drop' OR f.op = 'set' AND NOT f.new ?| '{office_id,case_id,item_id}'
             AND NOT f.cleared && '{office_id,case_id,item_id}' THEN f.scopes[1]
        WHEN f.tbl <> 'cases' AND NOT f.merged ?| '{case_id,item_id}'
             THEN coalesce(f.merged ->> 'office_id', 'inbox')
        ELSE home_of(f.tbl, f.merged, f.entry -> 'patches') END AS home
    FROM facts f
),
-- A new person lies wherever the entry refers to them.
homes AS (
    SELECT i, merged ->> 'person_id' AS id, array_agg(DISTINCT home) AS dest
    FROM placed WHERE merged ? 'person_id' GROUP BY 1, 2
),
required AS MATERIALIZED (
    SELECT tbl, array_agg(name) AS names FROM rule_field WHERE required GROUP BY tbl
),
-- What speaks against a value: its type, its terms, what it refers to.
wrong AS MATERIALIZED (
    SELECT DISTINCT ON (w.i, w.ord) w.i, w.ord, w.code, w.key FROM (
        SELECT v.i, v.ord, v.key,
               CASE WHEN r.author AND v.text <> v.entry ->> 'clerk_id' AND v.text IS DISTINCT FROM v.bringer
                         THEN 'actor.forged'
                    WHEN r.refers IS NULL OR v.bad THEN 'value.invalid' ELSE 'reference.gone' END AS code
        FROM (
            SELECT f.i, f.ord, f.tbl, f.entry, x.key, x.value #>> '{}' AS text,
                   jsonb_typeof(x.value) AS kind, CASE WHEN f.entry ? 'brought' THEN p_who END AS bringer,
                   length(x.key) > 60 OR jsonb_typeof(x.value) NOT IN ('string', 'number')
                   OR length(x.value #>> '{}') > 500000 AS bad
            FROM facts f CROSS JOIN LATERAL jsonb_each(f.new) x WHERE NOT p_trusted OFFSET 0
        ) v
        LEFT JOIN rule_field r ON r.tbl = v.tbl AND r.name = v.key
        WHERE v.bad OR r.kind <> v.kind
           OR (r.author AND v.text <> v.entry ->> 'clerk_id' AND v.text IS DISTINCT FROM v.bringer)
           OR (v.kind = 'number' AND v.text !~ '^-?[0-9]{1,18}$')
           OR (r.terms IS NOT NULL AND v.text <> ALL (r.terms))
           OR (r.refers IS NOT NULL
               AND (SELECT true FROM record x WHERE x.tbl = r.refers AND x.id = v.text
                    AND NOT x.gone AND x.scope = ANY (p_readable) LIMIT 1) IS NULL
               AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(v.entry -> 'patches') o
                               WHERE o ->> 0 = r.refers AND o ->> 1 = v.text AND o ->> 2 = 'add'))
    ) w ORDER BY w.i, w.ord
),
-- What only one row may have, and another has or gets.
sole AS MATERIALIZED (
    SELECT i, ord, tbl, id, CASE tbl WHEN 'cases' THEN new ->> 'number'
        WHEN 'clerks' THEN new ->> 'login' ELSE new ->> 'external_id' END AS sole
    FROM facts WHERE tbl = 'cases' AND new ? 'number' OR tbl = 'clerks' AND new ? 'login'
        OR tbl IN ('items', 'payments', 'fines') AND new ? 'external_id'
),
taken AS MATERIALIZED (
    SELECT s.i, s.ord FROM (
        SELECT *, row_number() OVER (PARTITION BY tbl, sole ORDER BY i, ord) AS nth FROM sole) s
    WHERE s.nth > 1 OR (
        SELECT true FROM record x WHERE x.tbl = s.tbl AND x.sole = s.sole AND x.id <> s.id LIMIT 1)
),
judged AS (
    SELECT p.*, p_actions -> (p.entry ->> 'action') AS action,
           -- Whose leave it takes: that of the row's scope, or of what a new row hangs on.
           CASE WHEN p.op <> 'add' THEN p.scopes[1] WHEN p.home = 'town' THEN 'town'
                WHEN NOT p.new ?| '{case_id,item_id}' THEN ''
                ELSE guard_of(p.tbl, p.new) END AS guard,
           CASE WHEN p.tbl <> 'persons' THEN ARRAY[p.home]
                WHEN p.op <> 'add' THEN p.scopes
                ELSE coalesce(h.dest, '{inbox}') END AS dest,
           p.op <> 'set' OR (p.data @> p.old AND NOT p.data ?| p.was_null) AS seen,
           CASE WHEN p.entry ->> 'kind' = 'undo' AND p.op = 'set' AND NOT p.gone
                     AND NOT p.scopes && p_readable AND p.home = ANY (p_readable)
                THEN way_back(p.tbl, p.id, p.entry ->> 'undoes', p_who) END AS way_back
    FROM placed p LEFT JOIN homes h ON p.op = 'add' AND p.tbl = 'persons' AND h.i = p.i AND h.id = p.id
    OFFSET 0
),
said AS (
    SELECT j.*, w.key, coalesce(
        -- What somebody may not see does not exist for them.
        CASE WHEN j.op <> 'add' AND (j.gone OR NOT (p_trusted OR j.scopes && p_readable))
             THEN CASE j.way_back WHEN 'open' THEN NULL WHEN 'late' THEN '{0,undo.late}'
                  ELSE '{0,record.gone}' END END,
        -- What speaks against the entry as a whole.
        CASE WHEN p_trusted THEN NULL
             WHEN (j.entry ->> 'schema')::integer > p_schema THEN '{1,schema.unknown}'
             -- What is brought along was looked at by brought().
             WHEN j.entry ?& '{brought,unfit}' THEN '{1,' || (j.entry ->> 'unfit') || '}'
             WHEN NOT j.entry ? 'brought' AND j.entry ->> 'clerk_id' <> p_who
                  AND (j.entry ->> 'clerk_id' NOT IN ('intake', 'outbox')
                  OR j.entry ->> 'on_behalf_of' IS DISTINCT FROM p_who) THEN '{1,actor.forged}'
             WHEN NOT j.entry ? 'brought' AND j.entry ->> 'on_behalf_of' <> p_who AND NOT EXISTS (
                  SELECT 1 FROM stands_in_for(p_who) s WHERE s.clerk_id = j.entry ->> 'on_behalf_of'
                  AND s.may IN ('act', 'sign')) THEN '{1,actor.forged}'
             WHEN (SELECT true FROM entry x WHERE x.id = j.entry ->> 'id' LIMIT 1) THEN '{1,entry.exists}'
             WHEN j.action IS NULL THEN '{1,action.unknown}'
             WHEN (j.entry ->> 'kind' <> 'do') <> (j.entry ->> 'undoes' IS NOT NULL)
                  THEN '{1,undo.foreign}'
             WHEN j.entry ->> 'kind' <> 'do' AND (
                  SELECT true FROM entry x WHERE x.id = j.entry ->> 'undoes' AND x.outcome = 'ok'
                  AND x.clerk_id = j.entry ->> 'clerk_id' AND x.action = j.entry ->> 'action' LIMIT 1)
                  IS NULL THEN '{1,undo.foreign}' END,
        CASE WHEN j.op = 'add' AND NOT j.gone THEN '{2,record.exists}'
             WHEN j.op <> 'drop' AND NOT j.merged ?& q.names THEN '{2,value.missing}' END,
        -- What speaks against the patch.
        CASE WHEN p_trusted OR j.tbl IS NULL THEN NULL
             WHEN NOT j.action -> 'tables' ? j.tbl THEN '{2,action.elsewhere}'
             WHEN NOT j.action -> 'places' ? CASE j.way_back WHEN 'open' THEN j.dest[1] ELSE j.guard END
                  AND NOT ((j.tbl = 'persons' OR j.guard = 'town') AND j.action -> 'places' ? '')
                  THEN '{2,role.missing}'
             WHEN j.tbl = 'absences' AND NOT sets_absence(p_who, array_remove(
                  ARRAY[j.data ->> 'clerk_id', j.merged ->> 'clerk_id'], NULL)) THEN '{2,role.missing}'
             WHEN j.op = 'set' AND j.new ? 'state' AND j.entry ->> 'kind' = 'do'
                  -- Where somebody else changed the state first it is a conflict, not a breach.
                  AND j.data ->> 'state' IS NOT DISTINCT FROM j.old ->> 'state'
                  AND EXISTS (SELECT 1 FROM rule_transition t WHERE t.tbl = j.tbl)
                  AND NOT EXISTS (
                      SELECT 1 FROM rule_transition t WHERE t.tbl = j.tbl
                      AND t.action = j.entry ->> 'action'
                      AND t.state = j.data ->> 'state' AND t.next = j.new ->> 'state')
                  THEN '{2,state.refused}'
             WHEN j.tbl = 'letters' AND letter_breach(
                  j.entry, j.op, j.new, j.cleared, j.data, j.merged) IS NOT NULL
                  THEN '{2,' || letter_breach(
                      j.entry, j.op, j.new, j.cleared, j.data, j.merged) || '}'
             WHEN j.tbl = 'letters' AND j.new ?| '{signed_by,second_by}' AND NOT signs(
                  p_who, j.guard, coalesce(j.new ->> 'signed_for', j.new ->> 'second_for'))
                  THEN '{2,role.missing}'
             WHEN j.tbl = 'items' AND j.op = 'set' AND j.data ? 'claimed_by'
                  AND (j.new ?| '{state,claimed_by,office_id,case_id}'
                       OR 'claimed_by' = ANY (j.cleared))
                  AND j.data ->> 'claimed_by' <> p_who AND NOT j.entry ? 'brought'
                  AND j.data ->> 'claimed_by' IS DISTINCT FROM j.entry ->> 'on_behalf_of'
                  AND j.data ->> 'claimed_by' IS NOT DISTINCT FROM j.old ->> 'claimed_by'
                  AND j.guard <> ALL (p_leads)
                  THEN '{2,item.taken}' END,
        '{3,' || w.code || '}',
        CASE WHEN t.i IS NOT NULL THEN '{4,value.taken}' END,
        -- Somebody was first: for a claim that is the answer, for an edit it is a conflict to decide.
        CASE WHEN j.tbl IS NULL OR j.op = 'add' OR j.data @> j.old AND NOT j.data ?| j.was_null THEN NULL
             WHEN j.entry ->> 'claim' = '1' THEN '{5,claim.lost}'
             WHEN j.op = 'drop' OR NOT fits(j.data, j.new, j.old, j.cleared) THEN '{5,conflict}' END
        ) AS verdict
    FROM judged j
    LEFT JOIN required q ON q.tbl = j.tbl
    LEFT JOIN wrong w ON w.i = j.i AND w.ord = j.ord
    LEFT JOIN taken t ON t.i = j.i AND t.ord = j.ord
    OFFSET 0
)
SELECT s.i, s.entry, s.ord, s.patch, s.tbl, s.id, s.op, s.new, s.old, s.cleared, s.was_null,
       s.places, s.scopes, s.data, s.gone, s.merged, s.dest, s.seen,
       (s.verdict::text[])[1]::integer, (s.verdict::text[])[2],
       CASE (s.verdict::text[])[1]
           WHEN '1' THEN NULL
           WHEN '3' THEN jsonb_build_object('tbl', s.tbl, 'field', s.key)
           WHEN '4' THEN jsonb_build_object('tbl', s.tbl, 'id', s.id)
           ELSE CASE WHEN s.verdict IS NOT NULL THEN jsonb_build_object('tbl', s.tbl, 'id', s.id,
                    'by', s.data ->> 'claimed_by') END END
FROM said s
$$;
