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

-- Where a new person will lie: where something in the entry refers to them. Where else something does,
-- they are introduced after it (05_follow.sql).
CREATE FUNCTION first_home_of(p_person text, p_patches jsonb) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((
        SELECT home_of(v ->> 0, coalesce(r.data - texts(v -> 5), '{}') || (v -> 3), p_patches)
        FROM jsonb_array_elements(p_patches) v
        LEFT JOIN LATERAL (SELECT data FROM record WHERE tbl = v ->> 0 AND id = v ->> 1 AND NOT gone
                           AND v ->> 2 = 'set' LIMIT 1) r ON true
        WHERE v -> 3 ->> 'person_id' = p_person ORDER BY 1 LIMIT 1), 'inbox');
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
    left_at bigint := (SELECT e.no FROM entry e JOIN stream s USING (no)
                       CROSS JOIN LATERAL jsonb_array_elements(s.patches) p (v)
                       WHERE e.id = p_entry AND e.clerk_id = p_who AND e.outcome = 'ok'
                         AND p.v ->> 0 = p_tbl AND p.v ->> 1 = p_id LIMIT 1);
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

-- The fine in a notice's details, in cents; what cannot be read is above every limit.
CREATE FUNCTION fine_in(p_details text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN coalesce((p_details::jsonb ->> 'fine')::numeric, 'Infinity');
EXCEPTION WHEN data_exception THEN
    RETURN 'Infinity';
END $$;

-- Letters (clerk/rules/four_eyes.py): one signs in one's own name alone, one's own draft never where
-- two have to sign, and what is signed keeps its words. NULL: nothing speaks against it. PL/pgSQL, so
-- that it is not put into the query of all patches: few are about letters.
CREATE FUNCTION letter_breach(p_entry jsonb, p_op text, p_new jsonb, p_cleared text[], p_was jsonb, p_is jsonb)
RETURNS text LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN CASE
        WHEN p_op <> 'drop' AND p_is ->> 'template' = 'notice' AND (p_is ->> 'signatures')::integer < 2
             AND NOT p_entry ? 'brought' AND p_new ?| '{details,template,signatures}' AND fine_in(p_is ->> 'details') > (
                 SELECT (o.data ->> 'four_eyes_above')::numeric FROM record o
                 WHERE o.tbl = 'offices' AND o.id = p_is ->> 'office_id' AND NOT o.gone LIMIT 1)
             THEN 'letter.four_eyes'
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
             ) THEN 'letter.four_eyes' END;
END $$;

-- Every patch of a wave beside the row that it is about (of a person, beside each copy), with the
-- first reason against it, by rank; an entry without patches is a row without `tbl`. PostgreSQL puts
-- this query into the one that asks (it is STABLE, in SQL and without settings), so that it is planned
-- with it, once a session. It is one pass: each step is named once, so it is not kept, and ends with
-- OFFSET 0, so that what it found out is not found out again by the next.
CREATE FUNCTION judge(
    p_who text, p_trusted boolean, p_readable text[], p_leads text[], p_actions jsonb,
    p_schema integer, p_entries jsonb
) RETURNS TABLE (
    i integer, entry_id text, alone boolean, ord integer, patch jsonb, tbl text, id text, op text,
    place tid, scope text,               -- where it stands
    before bigint,                       -- the entry that wrote it last; 0: none did
    after jsonb, home text,              -- what it will hold, and where it will lie
    seen boolean,                        -- the author saw exactly what stands there
    rank integer, code text, detail jsonb
)
LANGUAGE sql STABLE AS $$
WITH entries AS (
    SELECT e.i::integer AS i, e.v AS entry, e.v -> 'patches' AS patches,
           p_actions -> (e.v ->> 'action') AS action,
           -- What speaks against the entry as a whole.
           CASE WHEN p_trusted THEN NULL
                WHEN (e.v ->> 'schema')::integer > p_schema THEN 'schema.unknown'
                -- What is brought along was looked at by brought().
                WHEN e.v ?& '{brought,unfit}' THEN e.v ->> 'unfit'
                WHEN NOT e.v ? 'brought' AND e.v ->> 'clerk_id' <> p_who
                     AND (e.v ->> 'clerk_id' NOT IN ('intake', 'outbox')
                          OR e.v ->> 'on_behalf_of' IS DISTINCT FROM p_who) THEN 'actor.forged'
                WHEN NOT e.v ? 'brought' AND e.v ->> 'on_behalf_of' <> p_who AND NOT EXISTS (
                     SELECT 1 FROM stands_in_for(p_who) s WHERE s.clerk_id = e.v ->> 'on_behalf_of'
                     AND s.may IN ('act', 'sign')) THEN 'actor.forged'
                WHEN (SELECT true FROM entry x WHERE x.id = e.v ->> 'id' LIMIT 1) THEN 'entry.exists'
                WHEN NOT p_actions ? (e.v ->> 'action') THEN 'action.unknown'
                WHEN (e.v ->> 'kind' <> 'do') <> (e.v ->> 'undoes' IS NOT NULL) THEN 'undo.foreign'
                WHEN e.v ->> 'kind' <> 'do' AND (
                     SELECT true FROM entry x WHERE x.id = e.v ->> 'undoes' AND x.outcome = 'ok'
                     AND x.clerk_id = e.v ->> 'clerk_id' AND x.action = e.v ->> 'action' LIMIT 1)
                     IS NULL THEN 'undo.foreign' END AS objection
    FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i) OFFSET 0
),
patches AS (
    SELECT e.*, p.ord::integer AS ord, p.v AS patch, p.v ->> 0 AS tbl, p.v ->> 1 AS id, p.v ->> 2 AS op,
           p.v -> 3 AS new, p.v -> 4 AS old,
           CASE WHEN p.v -> 5 = '[]' THEN '{}'
                ELSE ARRAY(SELECT jsonb_array_elements_text(p.v -> 5)) END AS cleared,
           CASE WHEN p.v -> 6 = '[]' THEN '{}'
                ELSE ARRAY(SELECT jsonb_array_elements_text(p.v -> 6)) END AS was_null
    FROM entries e
    LEFT JOIN LATERAL jsonb_array_elements(e.patches) WITH ORDINALITY p (v, ord) ON true OFFSET 0
),
beside AS (
    SELECT p.*, r.place, r.scope, r.data, r.no,
           CASE p.op WHEN 'add' THEN p.new WHEN 'set' THEN (r.data - p.cleared) || p.new
                ELSE '{}'::jsonb END AS after
    FROM patches p LEFT JOIN LATERAL (
        SELECT x.ctid AS place, x.scope, x.data, x.no FROM record x
        WHERE x.tbl = p.tbl AND x.id = p.id AND NOT x.gone OFFSET 0) r ON true OFFSET 0
),
placed AS (
    SELECT b.*, CASE
        WHEN is_town(b.tbl) THEN 'town'
        -- An edit that concerns no place leaves the row where it lies.
        WHEN b.op = 'drop' OR b.op = 'set' AND b.tbl = 'persons' OR b.op = 'set'
             AND NOT b.new ?| '{office_id,case_id,item_id}'
             AND NOT b.cleared && '{office_id,case_id,item_id}' THEN b.scope
        WHEN b.tbl = 'persons' THEN first_home_of(b.id, b.patches)
        WHEN b.tbl <> 'cases' AND NOT b.after ?| '{case_id,item_id}'
             THEN coalesce(b.after ->> 'office_id', 'inbox')
        ELSE home_of(b.tbl, b.after, b.patches) END AS home
    FROM beside b OFFSET 0
),
weighed AS (
    SELECT p.*, t.required, sole_of(p.tbl, p.new) AS sole,
           p.op <> 'set' OR p.data @> p.old AND NOT p.data ?| p.was_null AS seen,
           -- Whose leave it takes: that of the row's scope, or of what a new row hangs on.
           CASE WHEN p.op <> 'add' THEN p.scope WHEN p.home = 'town' THEN 'town'
                -- Money that is nobody's yet, and a catalogue, are their office's alone.
                WHEN p.tbl IN ('payments', 'offences') AND NOT p.new ? 'case_id' THEN p.home
                WHEN NOT p.new ?| '{case_id,item_id}' THEN ''
                ELSE guard_of(p.tbl, p.new) END AS guard,
           CASE WHEN p.entry ->> 'kind' = 'undo' AND p.op = 'set' AND p.tbl <> 'persons'
                     AND p.scope <> ALL (p_readable) AND p.home = ANY (p_readable)
                THEN way_back(p.tbl, p.id, p.entry ->> 'undoes', p_who) END AS way_back,
           -- What speaks against a value: its kind, its terms, what it refers to.
           CASE WHEN NOT p_trusted THEN (
               SELECT ARRAY[CASE WHEN v.posed THEN 'actor.forged'
                                 WHEN v.bad OR NOT v.rule ? 'refers' THEN 'value.invalid'
                                 ELSE 'reference.gone' END, v.key]
               FROM (
                   SELECT k.key, p.new ->> k.key AS text, jsonb_typeof(p.new -> k.key) AS kind,
                          t.fields -> k.key AS rule,
                          -- A row's author is the entry's clerk, or who brings it along.
                          t.fields -> k.key ? 'author' AND p.new ->> k.key <> p.entry ->> 'clerk_id'
                          AND NOT (p.entry ? 'brought' AND p.new ->> k.key = p_who) AS posed,
                          length(k.key) > 60 OR jsonb_typeof(p.new -> k.key) NOT IN ('string', 'number')
                          OR length(p.new ->> k.key) > 500000 AS bad
                   FROM (SELECT jsonb_object_keys(p.new) AS key OFFSET 0) k OFFSET 0) v
               WHERE v.bad OR v.posed OR v.rule ->> 'kind' <> v.kind
                  OR v.kind = 'number' AND v.text !~ '^-?[0-9]{1,18}$'
                  OR v.rule ? 'terms' AND NOT v.rule -> 'terms' ? v.text
                  OR v.rule ? 'refers'
                     AND (SELECT true FROM record x WHERE x.tbl = v.rule ->> 'refers' AND x.id = v.text
                          AND NOT x.gone AND x.scope = ANY (p_readable) LIMIT 1) IS NULL
                     AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(p.patches) o
                                     WHERE o ->> 0 = v.rule ->> 'refers' AND o ->> 1 = v.text
                                     AND o ->> 2 = 'add')
               LIMIT 1) END AS wrong
    FROM placed p LEFT JOIN rule_table t ON t.tbl = p.tbl OFFSET 0
),
said AS (
    SELECT w.*, coalesce(
        -- What somebody may not see does not exist for them.
        CASE WHEN w.op <> 'add' AND (w.place IS NULL OR NOT (p_trusted OR w.scope = ANY (p_readable)
                  OR w.tbl = 'persons' AND (
                      SELECT true FROM record x WHERE x.tbl = 'persons' AND x.id = w.id AND NOT x.gone
                      AND x.scope = ANY (p_readable) LIMIT 1) IS NOT NULL))
             THEN CASE w.way_back WHEN 'open' THEN NULL WHEN 'late' THEN '{0,undo.late}'
                  ELSE '{0,record.gone}' END END,
        '{1,' || w.objection || '}',
        CASE WHEN w.op = 'add' AND w.place IS NOT NULL THEN '{2,record.exists}'
             WHEN (w.op = 'add' OR w.op = 'set' AND w.cleared <> '{}') AND NOT w.after ?& w.required
                  THEN '{2,value.missing}' END,
        -- What speaks against the patch.
        CASE WHEN p_trusted OR w.tbl IS NULL THEN NULL
             WHEN NOT w.action -> 'tables' ? w.tbl THEN '{2,action.elsewhere}'
             WHEN NOT w.action -> 'places' ? CASE w.way_back WHEN 'open' THEN w.home ELSE w.guard END
                  AND NOT ((w.tbl = 'persons' OR w.guard = 'town') AND w.action -> 'places' ? '')
                  AND NOT (w.tbl = 'offences' AND is_admin(p_who))
                  THEN '{2,role.missing}'
             WHEN w.tbl = 'absences' AND NOT sets_absence(p_who, array_remove(
                  ARRAY[w.data ->> 'clerk_id', w.after ->> 'clerk_id'], NULL)) THEN '{2,role.missing}'
             WHEN w.op = 'set' AND w.new ? 'state' AND w.entry ->> 'kind' = 'do'
                  -- Where somebody else changed the state first it is a conflict, not a breach.
                  AND w.data ->> 'state' IS NOT DISTINCT FROM w.old ->> 'state'
                  AND EXISTS (SELECT 1 FROM rule_transition t WHERE t.tbl = w.tbl)
                  AND NOT EXISTS (
                      SELECT 1 FROM rule_transition t WHERE t.tbl = w.tbl
                      AND t.action = w.entry ->> 'action'
                      AND t.state = w.data ->> 'state' AND t.next = w.new ->> 'state')
                  THEN '{2,state.refused}'
             WHEN w.tbl = 'items' AND w.op = 'set' AND w.data ? 'claimed_by'
                  AND (w.new ?| '{state,claimed_by,office_id,case_id}'
                       OR 'claimed_by' = ANY (w.cleared))
                  AND w.data ->> 'claimed_by' <> p_who AND NOT w.entry ? 'brought'
                  AND w.data ->> 'claimed_by' IS DISTINCT FROM w.entry ->> 'on_behalf_of'
                  AND w.data ->> 'claimed_by' IS NOT DISTINCT FROM w.old ->> 'claimed_by'
                  AND w.guard <> ALL (p_leads)
                  THEN '{2,item.taken}' END,
        CASE WHEN w.tbl = 'letters' AND NOT p_trusted THEN coalesce(
             '{2,' || letter_breach(w.entry, w.op, w.new, w.cleared, w.data, w.after) || '}',
             CASE WHEN w.new ?| '{signed_by,second_by}' AND NOT signs(
                  p_who, w.guard, coalesce(w.new ->> 'signed_for', w.new ->> 'second_for'))
                  THEN '{2,role.missing}' END) END,
        '{3,' || w.wrong[1] || '}',
        -- What only one row may have, and another has.
        CASE WHEN w.sole IS NOT NULL AND (
                  SELECT true FROM record x WHERE x.tbl = w.tbl AND x.sole = w.sole AND x.id <> w.id
                  LIMIT 1) THEN '{4,value.taken}' END,
        -- Somebody was first: for a claim that is the answer, for an edit it is a conflict to decide.
        CASE WHEN w.tbl IS NULL OR w.op = 'add' OR w.op = 'set' AND w.seen
                  OR w.data @> w.old AND NOT w.data ?| w.was_null THEN NULL
             WHEN w.entry ->> 'claim' = '1' THEN '{5,claim.lost}'
             WHEN w.op = 'drop' OR NOT fits(w.data, w.new, w.old, w.cleared) THEN '{5,conflict}' END
        )::text[] AS verdict
    FROM weighed w OFFSET 0
)
SELECT s.i, s.entry ->> 'id', jsonb_array_length(s.patches) = 1, s.ord, s.patch, s.tbl, s.id, s.op, s.place, s.scope,
       -- What was dropped and is added again goes on with its history.
       coalesce(s.no, (SELECT max(x.no) FROM record x WHERE x.tbl = s.tbl AND x.id = s.id), 0), s.after,
       s.home,
       s.seen, s.verdict[1]::integer, s.verdict[2],
       CASE WHEN s.verdict[1] = '3' THEN jsonb_build_object('tbl', s.tbl, 'field', s.wrong[2])
            WHEN s.verdict[1] = '4' THEN jsonb_build_object('tbl', s.tbl, 'id', s.id)
            WHEN s.verdict[1] <> '1' THEN jsonb_build_object('tbl', s.tbl, 'id', s.id,
                'by', s.data ->> 'claimed_by') END
FROM said s
$$;
