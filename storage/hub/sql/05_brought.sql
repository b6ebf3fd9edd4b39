-- Work that was done before a workstation joined (docs/decisions/0016). It is said to be so (the key
-- `brought`), comes before all else that its device sends, stands in the name of who joins, and touches
-- only what came in that way. So nobody puts an act of long ago, or of somebody else, to the matters
-- of others.

-- A batch, those of its entries that are none of this marked `unfit` with the reason; `till`: the last
-- entry of the device up to which nothing but such work was sent.
CREATE FUNCTION brought(
    p_who text, p_device text, p_mark bigint, p_till bigint, p_entries jsonb,
    OUT entries jsonb, OUT till bigint
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    till := p_till;
    IF p_till = p_mark THEN
        till := coalesce(
            (SELECT min((v ->> 'dseq')::bigint) - 1 FROM jsonb_array_elements(p_entries) e (v)
             WHERE NOT v ? 'brought'),
            p_mark + jsonb_array_length(p_entries));
    END IF;
    entries := (
        SELECT jsonb_agg(v - 'unfit' || CASE
            WHEN NOT v ? 'brought' THEN '{}'::jsonb
            WHEN forges(p_who, v) THEN '{"unfit": "actor.forged"}'
            WHEN (v ->> 'dseq')::bigint > till OR reaches_out(p_device, v -> 'patches')
                THEN '{"unfit": "brought.foreign"}'
            ELSE '{}' END ORDER BY i)
        FROM jsonb_array_elements(p_entries) WITH ORDINALITY e (v, i));
END $$;

-- Who brings it stands in it, beside whoever did it by their store's word: as a name, so that it is
-- nobody's id.
CREATE FUNCTION forges(p_who text, p_entry jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$
    SELECT coalesce(CASE p_who WHEN p_entry ->> 'clerk_id' THEN p_entry ->> 'on_behalf_of'
                               WHEN p_entry ->> 'on_behalf_of' THEN p_entry ->> 'clerk_id' END
                    !~ '^brought:.{1,120}$', true)
$$;

-- Whether patches touch or name a row of a matter that another device has made. What matters rest
-- on (offices, services, catalogues) is everybody's to name.
CREATE FUNCTION reaches_out(p_device text, p_patches jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM (
            SELECT p.v ->> 0, p.v ->> 1 FROM jsonb_array_elements(p_patches) p (v)
            UNION
            SELECT t.fields -> x.key ->> 'refers', x.value #>> '{}'
            FROM jsonb_array_elements(p_patches) p (v)
            JOIN rule_table t ON t.tbl = p.v ->> 0
            CROSS JOIN LATERAL jsonb_each(p.v -> 3) x
            WHERE NOT is_town(t.fields -> x.key ->> 'refers') AND t.fields -> x.key ->> 'refers' <> 'offences'
        ) r (tbl, id)
        CROSS JOIN LATERAL (
            SELECT x.made FROM record x WHERE x.tbl = r.tbl AND x.id = r.id LIMIT 1
        ) made
        WHERE (SELECT e.device FROM entry e WHERE e.no = made.made) <> p_device);
END $$;

-- Which of these values a row of the table has already, of which only one can have them.
CREATE FUNCTION taken(p_tbl text, p_values text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT x.sole FROM record x
    WHERE x.tbl = p_tbl AND x.sole = ANY (p_values) AND me() IS NOT NULL
$$;

-- Which of these mails are there already, whatever place they came from.
CREATE FUNCTION known_mails(p_sha256s text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT DISTINCT x.data ->> 'raw_sha256' FROM record x
    WHERE x.tbl = 'items' AND x.data ->> 'raw_sha256' = ANY (p_sha256s) AND me() IS NOT NULL
$$;

-- Numbers that were given before the workstation joined stay where nobody else can have been given
-- them: from the range's next number on. Returns those that this device has.
CREATE FUNCTION adopt(p_device text, p_name text, p_numbers integer[]) RETURNS SETOF integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    begun bigint;
    least_n integer;
    last_n integer;
BEGIN
    PERFORM may_lease(p_device, p_name);
    IF EXISTS (SELECT 1 FROM unnest(p_numbers) n WHERE n NOT BETWEEN 1 AND 999999) THEN
        RAISE EXCEPTION 'not a range of numbers' USING ERRCODE = 'CK011';
    END IF;
    INSERT INTO number_range (name, next) VALUES (p_name, 1) ON CONFLICT DO NOTHING;
    SELECT r.next INTO begun FROM number_range r WHERE r.name = p_name FOR UPDATE;
    SELECT min(n), max(n) INTO least_n, last_n FROM unnest(p_numbers) n WHERE n >= begun;
    IF last_n IS NOT NULL THEN
        UPDATE number_range SET next = last_n + 1 WHERE name = p_name;
        INSERT INTO lease (name, first, last, device, clerk_id)
            VALUES (p_name, least_n, last_n, p_device, me());
    END IF;
    RETURN QUERY SELECT n FROM unnest(p_numbers) n WHERE EXISTS (
        SELECT 1 FROM lease l WHERE l.name = p_name AND l.device = p_device
        AND n BETWEEN l.first AND l.last);
END $$;
