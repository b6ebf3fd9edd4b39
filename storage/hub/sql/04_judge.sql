-- One wave: entries that touch disjoint rows, judged against what stands there now.

CREATE FUNCTION facts_of(p_patches patch_in[]) RETURNS patch_fact[]
LANGUAGE sql STABLE
AS $$
    WITH p AS MATERIALIZED (
        SELECT p.*, coalesce(r.data, q.data) AS data, coalesce(r.gone, q.gone, true) AS gone,
               CASE WHEN r.id IS NOT NULL THEN ARRAY[r.scope] ELSE q.scopes END AS scopes,
               CASE p.op WHEN 'add' THEN p.new
                    WHEN 'set' THEN (coalesce(r.data, q.data) - p.cleared) || p.new
                    ELSE '{}'::jsonb END AS merged
        FROM unnest(p_patches) p
        LEFT JOIN record r ON r.tbl = p.tbl AND r.id = p.id AND p.tbl <> 'persons'
        LEFT JOIN LATERAL (
            SELECT (array_agg(x.data))[1] AS data, array_agg(x.scope ORDER BY x.scope) AS scopes,
                   bool_and(x.gone) AS gone
            FROM record x WHERE x.tbl = 'persons' AND x.id = p.id HAVING count(*) > 0
        ) q ON p.tbl = 'persons'
    ),
    -- Where a row will lie: a case with its office; what hangs on a case or an item, with that.
    of_cases AS MATERIALIZED (
        SELECT i, id, merged ->> 'office_id' AS dest FROM p WHERE tbl = 'cases' AND op <> 'drop'
    ),
    of_items AS MATERIALIZED (
        SELECT p.i, p.id, coalesce(
            (SELECT c.dest FROM of_cases c WHERE c.id = p.merged ->> 'case_id' AND c.i = p.i),
            CASE WHEN p.merged ? 'case_id' THEN scope_of_row('cases', p.merged ->> 'case_id') END,
            p.merged ->> 'office_id', 'inbox') AS dest
        FROM p WHERE tbl = 'items' AND op <> 'drop'
            -- An edit that concerns no place leaves the row where it lies.
            AND (op = 'add' OR new ?| '{office_id,case_id}' OR cleared && '{office_id,case_id}')
    ),
    placed AS MATERIALIZED (
        SELECT p.*, CASE
            WHEN is_town(p.tbl) THEN 'town'
            WHEN p.tbl = 'persons' THEN NULL
            WHEN p.op = 'drop' THEN p.scopes[1]
            WHEN p.op = 'set' AND NOT p.new ?| '{office_id,case_id,item_id}'
                 AND NOT p.cleared && '{office_id,case_id,item_id}' THEN p.scopes[1]
            WHEN p.tbl = 'cases' THEN p.merged ->> 'office_id'
            WHEN p.tbl = 'items' THEN (SELECT dest FROM of_items x WHERE x.id = p.id AND x.i = p.i)
            ELSE coalesce(
                (SELECT dest FROM of_cases c WHERE c.id = p.merged ->> 'case_id' AND c.i = p.i),
                CASE WHEN p.merged ? 'case_id' THEN scope_of_row('cases', p.merged ->> 'case_id') END,
                (SELECT dest FROM of_items x WHERE x.id = p.merged ->> 'item_id' AND x.i = p.i),
                CASE WHEN p.merged ? 'item_id' THEN scope_of_row('items', p.merged ->> 'item_id') END,
                p.merged ->> 'office_id', 'inbox')
            END AS home,
            -- Whose leave it takes: the row's scope, or that of what a new row hangs on.
            CASE WHEN p.op <> 'add' THEN p.scopes[1]
                 WHEN is_town(p.tbl) THEN 'town'
                 ELSE coalesce(
                    CASE WHEN p.merged ? 'case_id' AND p.tbl <> 'items'
                         THEN scope_of_row('cases', p.merged ->> 'case_id') END,
                    CASE WHEN p.merged ? 'item_id' THEN scope_of_row('items', p.merged ->> 'item_id') END,
                    '') END AS guard
        FROM p
    )
    SELECT array_agg(ROW(p.i, p.ord, p.tbl, p.id, p.op, p.new, p.old, p.cleared, p.was_null,
            p.data, p.merged, p.gone, p.scopes, p.guard,
            CASE WHEN p.tbl <> 'persons' THEN ARRAY[p.home]
                 WHEN p.op <> 'add' THEN p.scopes
                 ELSE coalesce((SELECT array_agg(DISTINCT o.home) FROM placed o
                                WHERE o.i = p.i AND o.merged ->> 'person_id' = p.id),
                               ARRAY['inbox']) END)::patch_fact)
    FROM placed p
$$;

-- What speaks against an entry as a whole.
CREATE FUNCTION objections_to_entries(p_who text, p_entries entry_in[])
RETURNS TABLE (i integer, code text, detail jsonb)
LANGUAGE sql STABLE
AS $$
    SELECT * FROM (
        SELECT e.i, CASE
            WHEN e.schema > (SELECT schema_max FROM hub) THEN 'schema.unknown'
            WHEN NOT (e.clerk_id = p_who OR (e.clerk_id = 'intake' AND e.on_behalf_of = p_who))
                THEN 'actor.forged'
            WHEN e.on_behalf_of <> p_who AND NOT EXISTS (
                SELECT 1 FROM stand_in s WHERE s.deputy_id = p_who AND s.clerk_id = e.on_behalf_of
                AND s.may IN ('act', 'sign') AND today() BETWEEN s.starts_on AND s.ends_on)
                THEN 'actor.forged'
            WHEN EXISTS (SELECT 1 FROM entry x WHERE x.id = e.id) THEN 'entry.exists'
            WHEN a.action IS NULL THEN 'action.unknown'
            WHEN (e.kind <> 'do') <> (e.undoes IS NOT NULL) THEN 'undo.foreign'
            WHEN e.kind <> 'do' AND NOT EXISTS (
                SELECT 1 FROM entry x WHERE x.id = e.undoes AND x.clerk_id = e.clerk_id
                AND x.action = e.action AND x.outcome = 'ok') THEN 'undo.foreign'
            END AS code, NULL::jsonb AS detail
        FROM unnest(p_entries) e LEFT JOIN rule_action a USING (action)) o
    WHERE o.code IS NOT NULL
$$;

-- What speaks against a value: its type, its terms, what it refers to.
CREATE FUNCTION objections_to_values(p_who text, p_facts patch_fact[])
RETURNS TABLE (i integer, code text, detail jsonb)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
    readable text[] := scopes_of(p_who);
BEGIN
    RETURN QUERY
    SELECT v.i, CASE WHEN r.refers IS NULL OR v.bad THEN 'value.invalid' ELSE 'reference.gone' END,
           jsonb_build_object('tbl', v.tbl, 'field', v.key)
    FROM (
        SELECT f.i, f.tbl, x.key, x.value #>> '{}' AS text, jsonb_typeof(x.value) AS kind,
               length(x.key) > 60 OR jsonb_typeof(x.value) NOT IN ('string', 'number')
               OR length(x.value #>> '{}') > 500000 AS bad
        FROM unnest(p_facts) f CROSS JOIN LATERAL jsonb_each(f.new) x
    ) v
    LEFT JOIN rule_field r ON r.tbl = v.tbl AND r.name = v.key
    WHERE v.bad OR r.kind <> v.kind
       OR (v.kind = 'number' AND v.text !~ '^-?[0-9]{1,18}$')
       OR (r.terms IS NOT NULL AND v.text <> ALL (r.terms))
       OR (r.refers IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM record x WHERE x.tbl = r.refers AND x.id = v.text
                           AND NOT x.gone AND x.scope = ANY (readable))
           AND NOT EXISTS (SELECT 1 FROM unnest(p_facts) o WHERE o.i = v.i AND o.op = 'add'
                           AND o.tbl = r.refers AND o.id = v.text));
END $$;

-- The first reason against each patch, by rank; none for what may be written.
CREATE FUNCTION objections(p_who text, p_trusted boolean, p_entries entry_in[], p_facts patch_fact[])
RETURNS TABLE (i integer, rank integer, code text, detail jsonb)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
    my_roles jsonb := roles_of(p_who);
    readable text[] := scopes_of(p_who);
    leads text[] := ARRAY(SELECT r.key FROM jsonb_each(my_roles) r, rule_action a
                          WHERE a.action = 'item.release_other' AND a.roles && texts(r.value));
BEGIN
    IF NOT p_trusted THEN
        RETURN QUERY SELECT o.i, 1, o.code, o.detail FROM objections_to_entries(p_who, p_entries) o;
        RETURN QUERY SELECT o.i, 3, o.code, o.detail FROM objections_to_values(p_who, p_facts) o;
    END IF;
    RETURN QUERY
    WITH allowed AS MATERIALIZED (
        SELECT a.action, a.tables,
               ARRAY(SELECT r.key FROM jsonb_each(my_roles) r WHERE a.roles && texts(r.value)) AS places
        FROM rule_action a WHERE a.action IN (SELECT e.action FROM unnest(p_entries) e)
    ),
    required AS MATERIALIZED (
        SELECT tbl, array_agg(name) AS names FROM rule_field WHERE required GROUP BY tbl
    ),
    judged AS (
        SELECT f.i, f.ord, f.tbl, f.id, f.data, CASE
            -- What somebody may not see does not exist for them.
            WHEN f.op <> 'add' AND (f.gone OR NOT (p_trusted OR f.scopes && readable)) THEN 'record.gone'
            WHEN f.op = 'add' AND NOT f.gone THEN 'record.exists'
            WHEN f.op <> 'drop' AND NOT f.merged ?& q.names THEN 'value.missing'
            WHEN p_trusted THEN NULL
            WHEN a.action IS NULL OR f.tbl <> ALL (a.tables) THEN 'action.elsewhere'
            WHEN f.guard <> ALL (a.places)
                 AND NOT ((f.tbl = 'persons' OR f.guard = 'town') AND '' = ANY (a.places))
                THEN 'role.missing'
            WHEN f.op = 'set' AND e.kind = 'do' AND f.new ? 'state'
                 -- Where somebody else changed the state first it is a conflict, not a breach.
                 AND f.data ->> 'state' IS NOT DISTINCT FROM f.old ->> 'state'
                 AND EXISTS (SELECT 1 FROM rule_transition t WHERE t.tbl = f.tbl)
                 AND NOT EXISTS (
                    SELECT 1 FROM rule_transition t WHERE t.tbl = f.tbl AND t.action = e.action
                    AND t.state = f.data ->> 'state' AND t.next = f.new ->> 'state')
                THEN 'state.refused'
            WHEN f.tbl = 'items' AND f.op = 'set' AND f.data ? 'claimed_by'
                 AND (f.new ?| '{state,claimed_by,office_id,case_id}' OR 'claimed_by' = ANY (f.cleared))
                 AND f.data ->> 'claimed_by' <> p_who
                 AND f.data ->> 'claimed_by' IS NOT DISTINCT FROM f.old ->> 'claimed_by'
                 AND f.guard <> ALL (leads)
                THEN 'item.taken'
            END AS code,
            CASE WHEN f.op = 'add' OR f.gone OR (f.data @> f.old AND NOT f.data ?| f.was_null) THEN true
                 WHEN e.claim = 1 OR f.op = 'drop' THEN false
                 ELSE fits(f.data, f.new, f.old, f.cleared) END AS fit,
            e.claim,
            CASE f.tbl WHEN 'cases' THEN f.new ->> 'number' WHEN 'items' THEN f.new ->> 'external_id'
                       WHEN 'clerks' THEN f.new ->> 'login' END AS sole
        FROM unnest(p_facts) f JOIN unnest(p_entries) e USING (i)
        LEFT JOIN allowed a USING (action) LEFT JOIN required q USING (tbl)
    )
    SELECT j.i, CASE WHEN j.code = 'record.gone' THEN 0 ELSE 2 END, j.code,
           jsonb_build_object('tbl', j.tbl, 'id', j.id, 'by', j.data ->> 'claimed_by')
    FROM judged j WHERE j.code IS NOT NULL
    UNION ALL
    -- Somebody was first: for a claim that is the answer, for an edit it is a conflict to decide.
    SELECT j.i, 5, CASE WHEN j.claim = 1 THEN 'claim.lost' ELSE 'conflict' END,
           jsonb_build_object('tbl', j.tbl, 'id', j.id, 'by', j.data ->> 'claimed_by')
    FROM judged j WHERE NOT j.fit
    UNION ALL
    SELECT j.i, 4, 'value.taken', jsonb_build_object('tbl', j.tbl, 'id', j.id)
    FROM judged j WHERE j.sole IS NOT NULL AND (
        EXISTS (SELECT 1 FROM record x WHERE x.tbl = j.tbl AND x.sole = j.sole AND x.id <> j.id)
        OR EXISTS (SELECT 1 FROM judged o WHERE o.tbl = j.tbl AND o.sole = j.sole AND o.id <> j.id
                   AND (o.i, o.ord) < (j.i, j.ord)));
END $$;
