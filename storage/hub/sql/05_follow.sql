-- What follows from a row that was written: rows that move, and persons who go where they are needed.

CREATE FUNCTION part(p_for following, p_ord integer, p_scope text, p_patch jsonb, p_before bigint)
RETURNS parts LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW(ARRAY[p_scope], ARRAY[p_for.no], ARRAY[p_for.entry_id], ARRAY[p_ord], ARRAY[p_patch],
               ARRAY[p_before])::parts
$$;

CREATE FUNCTION joined(a parts, b parts) RETURNS parts LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW(a.scope || b.scope, a.no || b.no, a.entry_id || b.entry_id, a.ord || b.ord,
               a.patch || b.patch, a.before || b.before)::parts
$$;

CREATE FUNCTION leaves(p_tbl text, p_id text) RETURNS jsonb LANGUAGE sql IMMUTABLE
AS $$ SELECT jsonb_build_array(p_tbl, p_id, 'leave', '{}'::jsonb, '{}'::jsonb, '[]'::jsonb, '[]'::jsonb) $$;

CREATE FUNCTION enters(p_tbl text, p_id text, p_data jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
AS $$ SELECT jsonb_build_array(p_tbl, p_id, 'enter', p_data, '{}'::jsonb, '[]'::jsonb, '[]'::jsonb) $$;

CREATE FUNCTION followed(f following) RETURNS parts LANGUAGE plpgsql AS $$
DECLARE
    made parts;
BEGIN
    IF f.op = 'set' AND f.source <> f.target THEN
        made := moved(f);
    END IF;
    -- A person to whom something in another scope refers from now on.
    IF f.person_id IS NOT NULL THEN
        made := joined(made, introduce(f, 0, f.person_id, f.target));
    END IF;
    RETURN made;
END $$;

-- A matter with everything that hangs on it.
CREATE FUNCTION kin_of(p_tbl text, p_id text) RETURNS TABLE (tbl text, id text)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE kin (tbl, id) AS (
        SELECT p_tbl, p_id
        UNION
        SELECT r.tbl, r.id FROM kin y JOIN record r ON NOT r.gone AND (
            (y.tbl = 'cases' AND r.case_id = y.id)
            OR (y.tbl = 'items' AND r.item_id = y.id))
        WHERE y.tbl IN ('cases', 'items')
    )
    SELECT tbl, id FROM kin
$$;

-- A row that now lies elsewhere: it leaves the old stream with what hangs on it and enters the new.
CREATE FUNCTION moved(f following) RETURNS parts LANGUAGE plpgsql AS $$
DECLARE
    child record;
    made parts;
    place integer := f.ord + 1000000;
    before bigint;
BEGIN
    FOR child IN
        SELECT r.tbl, r.id, r.data, r.no FROM kin_of(f.tbl, f.id) k JOIN record r USING (tbl, id)
        WHERE r.scope = f.source AND NOT r.gone
    LOOP
        UPDATE record SET scope = f.target, no = f.no
            WHERE tbl = child.tbl AND id = child.id AND scope = f.source;
        place := place + 1;
        before := CASE WHEN child.no <> f.no THEN child.no ELSE 0 END;
        made := joined(made, part(f, place, f.source, leaves(child.tbl, child.id), before));
        made := joined(made, part(f, place, f.target, enters(child.tbl, child.id, child.data), before));
        made := joined(made, follow(f, place, child.data ->> 'person_id'));
    END LOOP;
    RETURN made;
END $$;

-- A person follows what refers to them: a copy in the new scope, and none where nothing refers.
CREATE FUNCTION follow(f following, p_ord integer, p_person text) RETURNS parts
LANGUAGE plpgsql AS $$
DECLARE
    made parts;
BEGIN
    IF p_person IS NULL THEN
        RETURN NULL;
    END IF;
    made := introduce(f, p_ord, p_person, f.target);
    IF NOT EXISTS (SELECT 1 FROM record r WHERE r.person_id = p_person
                   AND r.scope = f.source AND NOT r.gone) THEN
        DELETE FROM record WHERE tbl = 'persons' AND id = p_person AND scope = f.source;
        IF FOUND THEN
            made := joined(made, part(f, p_ord, f.source, leaves('persons', p_person), 0));
        END IF;
    END IF;
    RETURN made;
END $$;

CREATE FUNCTION introduce(f following, p_ord integer, p_person text, p_to text) RETURNS parts
LANGUAGE plpgsql AS $$
DECLARE
    known record;
BEGIN
    IF EXISTS (SELECT 1 FROM record WHERE tbl = 'persons' AND id = p_person AND scope = p_to
               AND NOT gone) THEN
        RETURN NULL;
    END IF;
    INSERT INTO record (tbl, id, scope, data, no, made, words)
    SELECT tbl, id, p_to, data, no, made, words FROM record
    WHERE tbl = 'persons' AND id = p_person AND NOT gone LIMIT 1
    ON CONFLICT (tbl, id, scope) DO UPDATE SET data = excluded.data, gone = false
    RETURNING data, no INTO known;
    RETURN CASE WHEN FOUND
           THEN part(f, p_ord - 1, p_to, enters('persons', p_person, known.data), known.no) END;
END $$;
