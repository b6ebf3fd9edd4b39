-- What only one can have. An item is claimed by an entry with `claim` = 1 (see objections); numbers
-- are leased in ranges here.

CREATE FUNCTION may_lease(p_device text, p_name text) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT 'device:' || p_device = ANY (readable(p_device)) OR roles_of(me()) = '{}' THEN
        RAISE EXCEPTION 'not a device of yours' USING ERRCODE = 'CK003';
    END IF;
    IF coalesce(p_name !~ '^[a-z_]{1,20}:[0-9A-Za-z._-]{1,60}$', true) THEN
        RAISE EXCEPTION 'not a range of numbers' USING ERRCODE = 'CK011';
    END IF;
END $$;

CREATE FUNCTION lease(p_device text, p_name text, p_count integer)
RETURNS TABLE (first bigint, last bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    begun bigint;
BEGIN
    PERFORM may_lease(p_device, p_name);
    IF p_count NOT BETWEEN 1 AND 500 THEN
        RAISE EXCEPTION 'not a range of numbers' USING ERRCODE = 'CK011';
    END IF;
    INSERT INTO number_range AS r (name, next) VALUES (p_name, 1 + p_count)
    ON CONFLICT (name) DO UPDATE SET next = r.next + p_count
    RETURNING r.next - p_count INTO begun;
    INSERT INTO lease (name, first, last, device, clerk_id)
        VALUES (p_name, begun, begun + p_count - 1, p_device, me());
    RETURN QUERY SELECT begun, begun + p_count - 1;
END $$;

-- Who else has a case open. Asking says what one has open oneself; it is forgotten after 30 s.
CREATE FUNCTION present(p_device text, p_cases text[])
RETURNS TABLE (case_id text, clerk_id text, since bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    seen text[];
BEGIN
    IF NOT 'device:' || p_device = ANY (readable(p_device)) THEN
        RAISE EXCEPTION 'not a device of yours' USING ERRCODE = 'CK003';
    END IF;
    seen := ARRAY(SELECT r.id FROM record r WHERE r.tbl = 'cases' AND r.id = ANY (p_cases[1:20])
                  AND r.scope = ANY (my_scopes()));
    DELETE FROM presence p WHERE p.until < now() OR (p.device = p_device AND p.case_id <> ALL (seen));
    INSERT INTO presence AS p (device, case_id, clerk_id, since, until)
        SELECT p_device, c, me(), now_ms(), now() + interval '30 seconds' FROM unnest(seen) c
    ON CONFLICT (case_id, device) DO UPDATE SET until = excluded.until;
    RETURN QUERY SELECT p.case_id, p.clerk_id, min(p.since) FROM presence p
        WHERE p.case_id = ANY (seen) AND p.device <> p_device AND p.clerk_id <> me()
        GROUP BY p.case_id, p.clerk_id;
END $$;
