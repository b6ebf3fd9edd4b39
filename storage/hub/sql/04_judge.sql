-- One wave: entries that touch disjoint rows, judged against what stands there now.

CREATE FUNCTION facts_of(p_patches patch_in[]) RETURNS patch_fact[]
LANGUAGE sql STABLE
AS $$
    WITH p AS MATERIALIZED (
        SELECT p.*, r.data, r.scopes, coalesce(r.gone, true) AS gone,
               CASE p.op WHEN 'add' THEN p.new WHEN 'set' THEN (r.data - p.cleared) || p.new
                    ELSE '{}'::jsonb END AS merged
        FROM unnest(p_patches) p
        LEFT JOIN LATERAL (
            SELECT (array_agg(r.data))[1] AS data, array_agg(r.scope) AS scopes, bool_and(r.gone) AS gone
            FROM record r WHERE r.tbl = p.tbl AND r.id = p.id HAVING count(*) > 0
        ) r ON true
    ),
    -- Where a row will lie: a case with its office; what hangs on a case or an item, with that.
    of_cases AS MATERIALIZED (
        SELECT i, id, merged ->> 'office_id' AS dest FROM p WHERE tbl = 'cases'
    ),
    of_items AS MATERIALIZED (
        SELECT p.i, p.id, coalesce(
            (SELECT c.dest FROM of_cases c WHERE c.id = p.merged ->> 'case_id' AND c.i = p.i),
            CASE WHEN p.merged ? 'case_id' THEN scope_of_row('cases', p.merged ->> 'case_id') END,
            p.merged ->> 'office_id', 'inbox') AS dest
        FROM p WHERE tbl = 'items'
    ),
    placed AS MATERIALIZED (
        SELECT p.*, CASE
            WHEN is_town(p.tbl) THEN 'town'
            WHEN p.tbl = 'persons' THEN NULL
            WHEN p.op = 'drop' THEN p.scopes[1]
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

-- The first reason against each patch, by rank; none for what may be written.
CREATE FUNCTION objections(p_who text, p_entries entry_in[], p_facts patch_fact[])
RETURNS TABLE (i integer, rank integer, code text, detail jsonb)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
    my_roles jsonb := roles_of(p_who);
    readable text[] := scopes_of(p_who);
    newest integer := (SELECT schema_max FROM hub);
BEGIN
    RETURN QUERY
    SELECT e.i, 1, 'schema.unknown', NULL::jsonb FROM unnest(p_entries) e WHERE e.schema > newest
    UNION ALL
    SELECT e.i, 1, 'actor.forged', NULL FROM unnest(p_entries) e
    WHERE NOT (e.clerk_id = p_who OR (e.clerk_id = 'intake' AND e.on_behalf_of = p_who))
       OR (e.on_behalf_of IS NOT NULL AND e.on_behalf_of <> p_who AND NOT EXISTS (
            SELECT 1 FROM stand_in s WHERE s.deputy_id = p_who AND s.clerk_id = e.on_behalf_of
            AND s.may IN ('act', 'sign') AND today() BETWEEN s.starts_on AND s.ends_on))
    UNION ALL
    SELECT e.i, 1, 'entry.exists', NULL FROM unnest(p_entries) e
    WHERE EXISTS (SELECT 1 FROM entry x WHERE x.id = e.id)
    UNION ALL
    SELECT e.i, 1, 'action.unknown', NULL FROM unnest(p_entries) e
    WHERE NOT EXISTS (SELECT 1 FROM rule_action a WHERE a.action = e.action)
    UNION ALL
    SELECT e.i, 1, 'undo.foreign', NULL FROM unnest(p_entries) e
    WHERE (e.kind <> 'do') <> (e.undoes IS NOT NULL) OR (e.kind <> 'do' AND NOT EXISTS (
        SELECT 1 FROM entry x WHERE x.id = e.undoes AND x.clerk_id = e.clerk_id
        AND x.action = e.action AND x.outcome = 'ok'))
    UNION ALL
    SELECT f.i, 2, CASE WHEN a.action IS NULL THEN 'action.elsewhere' ELSE 'role.missing' END,
           jsonb_build_object('tbl', f.tbl)
    FROM unnest(p_facts) f JOIN unnest(p_entries) e USING (i)
    LEFT JOIN rule_action a ON a.action = e.action AND f.tbl = ANY (a.tables)
    WHERE a.action IS NULL OR NOT (coalesce(a.roles && texts(my_roles -> f.guard), false)
        OR f.tbl = 'persons' AND a.roles && texts(my_roles -> '')
        OR f.guard = 'town' AND a.roles && texts(my_roles -> ''))
    UNION ALL
    -- What somebody may not see does not exist for them.
    SELECT f.i, 0, 'record.gone', jsonb_build_object('tbl', f.tbl, 'id', f.id)
    FROM unnest(p_facts) f
    WHERE f.op <> 'add' AND (f.gone OR NOT f.scopes && readable)
    UNION ALL
    SELECT f.i, 3, 'record.exists', jsonb_build_object('tbl', f.tbl, 'id', f.id)
    FROM unnest(p_facts) f WHERE f.op = 'add' AND NOT f.gone
    UNION ALL
    SELECT f.i, 3, 'value.invalid', jsonb_build_object('tbl', f.tbl, 'field', v.key)
    FROM unnest(p_facts) f CROSS JOIN LATERAL jsonb_each(f.new) v
    LEFT JOIN rule_field r ON r.tbl = f.tbl AND r.name = v.key
    WHERE length(v.key) > 60 OR length(v.value #>> '{}') > 500000
       OR jsonb_typeof(v.value) NOT IN ('string', 'number')
       OR (r.kind <> jsonb_typeof(v.value))
       OR (r.kind = 'number' AND v.value #>> '{}' !~ '^-?[0-9]{1,18}$')
       OR (r.terms IS NOT NULL AND NOT v.value #>> '{}' = ANY (r.terms))
    UNION ALL
    SELECT f.i, 3, 'value.missing', jsonb_build_object('tbl', f.tbl, 'field', r.name)
    FROM unnest(p_facts) f JOIN rule_field r ON r.tbl = f.tbl AND r.required
    WHERE f.op <> 'drop' AND NOT f.gone IS DISTINCT FROM (f.op = 'add')
      AND NOT f.merged ? r.name
    UNION ALL
    SELECT f.i, 3, 'reference.gone', jsonb_build_object('tbl', f.tbl, 'field', r.name)
    FROM unnest(p_facts) f JOIN rule_field r ON r.tbl = f.tbl AND r.refers IS NOT NULL
    WHERE f.new ? r.name
      AND NOT EXISTS (SELECT 1 FROM record x WHERE x.tbl = r.refers AND x.id = f.new ->> r.name
                      AND NOT x.gone AND x.scope = ANY (readable))
      AND NOT EXISTS (SELECT 1 FROM unnest(p_facts) o WHERE o.i = f.i AND o.op = 'add'
                      AND o.tbl = r.refers AND o.id = f.new ->> r.name)
    UNION ALL
    SELECT f.i, 3, 'state.refused',
           jsonb_build_object('tbl', f.tbl, 'id', f.id, 'state', f.data ->> 'state')
    FROM unnest(p_facts) f JOIN unnest(p_entries) e USING (i)
    WHERE f.op = 'set' AND e.kind = 'do' AND f.new ? 'state' AND NOT f.gone
      -- Where somebody else changed the state first it is a conflict, not a breach.
      AND f.data ->> 'state' IS NOT DISTINCT FROM f.old ->> 'state'
      AND EXISTS (SELECT 1 FROM rule_transition t WHERE t.tbl = f.tbl)
      AND NOT EXISTS (SELECT 1 FROM rule_transition t WHERE t.tbl = f.tbl AND t.action = e.action
                      AND t.state = f.data ->> 'state' AND t.next = f.new ->> 'state')
    UNION ALL
    SELECT f.i, 3, 'item.taken', jsonb_build_object('id', f.id, 'by', f.data ->> 'claimed_by')
    FROM unnest(p_facts) f JOIN unnest(p_entries) e USING (i)
    WHERE f.tbl = 'items' AND f.op = 'set' AND f.data ? 'claimed_by'
      AND (f.new ?| '{state,claimed_by,office_id,case_id}' OR 'claimed_by' = ANY (f.cleared))
      AND f.data ->> 'claimed_by' <> p_who
      AND f.data ->> 'claimed_by' IS NOT DISTINCT FROM f.old ->> 'claimed_by'
      AND NOT EXISTS (SELECT 1 FROM rule_action a WHERE a.action = 'item.release_other'
                      AND a.roles && texts(my_roles -> f.guard))
    UNION ALL
    SELECT f.i, 4, 'value.taken', jsonb_build_object('tbl', f.tbl, 'field', u.field)
    FROM unnest(p_facts) f
    JOIN (VALUES ('cases', 'number'), ('items', 'external_id'), ('clerks', 'login')) u (tbl, field)
        USING (tbl)
    WHERE f.new ? u.field AND (
        CASE f.tbl
            WHEN 'cases' THEN EXISTS (SELECT 1 FROM record x WHERE x.tbl = 'cases' AND NOT x.gone
                AND x.data ->> 'number' = f.new ->> 'number' AND x.id <> f.id)
            WHEN 'items' THEN EXISTS (SELECT 1 FROM record x WHERE x.tbl = 'items' AND NOT x.gone
                AND x.data ->> 'external_id' = f.new ->> 'external_id' AND x.id <> f.id)
            ELSE EXISTS (SELECT 1 FROM record x WHERE x.tbl = 'clerks' AND NOT x.gone
                AND x.data ->> 'login' = f.new ->> 'login' AND x.id <> f.id)
        END
        OR EXISTS (SELECT 1 FROM unnest(p_facts) o WHERE o.tbl = f.tbl AND o.id <> f.id
                   AND (o.i, o.ord) < (f.i, f.ord) AND o.new ->> u.field = f.new ->> u.field))
    UNION ALL
    -- Somebody was first: for a claim that is the answer, for an edit it is a conflict to decide.
    SELECT f.i, CASE WHEN e.claim = 1 THEN 5 ELSE 6 END,
           CASE WHEN e.claim = 1 THEN 'claim.lost' ELSE 'conflict' END,
           jsonb_build_object('tbl', f.tbl, 'id', f.id, 'by', f.data ->> 'claimed_by')
    FROM unnest(p_facts) f JOIN unnest(p_entries) e USING (i)
    WHERE NOT f.gone AND f.op <> 'add'
      AND NOT (f.data @> f.old AND NOT f.data ?| f.was_null)
      AND (e.claim = 1 OR f.op = 'drop' OR NOT fits(f.data, f.new, f.old, f.cleared));
END $$;
