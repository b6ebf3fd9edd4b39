-- What lies outside a replica's working set: found by number or words, fetched, and each such read
-- logged in the same call, so that nobody's program can look something up and not say so.

-- Folding as storage.folding does it, so that both find the same: umlauts and their spellings, ß,
-- case, other diacritics; what is neither letter nor digit parts words, so that no parser of text
-- search takes "32.1-2026-000042" for numbers with signs. In the C locale lower() knows ASCII only.
CREATE FUNCTION fold(p text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$
    SELECT replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        lower(CASE WHEN p ~ '[^\x01-\x7f]' THEN
            regexp_replace(normalize(
                replace(replace(translate(p, 'ÄÖÜÆÐØÞĐĦŊŒŦŁ', 'aouæðøþđħŋœŧł'), 'ß', 'ss'), 'ẞ', 'ss'), NFKD),
                '[\u0300-\u036f]', '', 'g')
            ELSE p END),
        '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\u00a0-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u3000-\u303f]+', ' ', 'g'),
        'ae+', 'a', 'g'), 'oe+', 'o', 'g'), '([aeq])ue', '\1u' || chr(1), 'g'), 'ue+', 'u', 'g'),
        chr(1), 'e')
$$;

CREATE FUNCTION words_of(p_tbl text, p_data jsonb) RETURNS tsvector LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN p_tbl IN ('cases', 'items', 'persons') THEN to_tsvector('simple', fold(concat_ws(' ',
        VARIADIC CASE p_tbl
        WHEN 'cases' THEN ARRAY[p_data ->> 'number', p_data ->> 'subject']
        WHEN 'items' THEN ARRAY[p_data ->> 'subject', p_data ->> 'sender_name', p_data ->> 'sender_address']
        ELSE ARRAY[p_data ->> 'given_name', p_data ->> 'family_name', p_data ->> 'street',
                   p_data ->> 'city', p_data ->> 'email', p_data ->> 'phone']
        END))) END
$$;

-- Who looks something up: their scopes. Raises where the device is not theirs.
CREATE FUNCTION scopes_for(p_device text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp
AS $$
BEGIN
    IF NOT 'device:' || p_device = ANY (readable(p_device)) THEN
        RAISE EXCEPTION 'not a device of yours' USING ERRCODE = 'CK003';
    END IF;
    RETURN my_scopes();
END $$;

CREATE FUNCTION log_read(p_device text, p_way text, p_tbl text, p_id text, p_reason text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = clerk, pg_temp
AS $$
    INSERT INTO read_log (at, clerk_id, device, way, tbl, row_id, reason)
    VALUES (now(), me(), p_device, p_way, p_tbl, left(p_id, 80), left(coalesce(p_reason, ''), 500))
$$;

-- The cases with these numbers: which they are, and nothing of what they are about.
CREATE FUNCTION find_numbers(p_device text, p_numbers text[])
RETURNS TABLE (tbl text, id text, at bigint, data jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT r.tbl, r.id, (r.data ->> 'opened_at')::bigint,
           pick(r.data, '{number,state,office_id,opened_at,closed_at}')
    FROM scopes_for(p_device) s CROSS JOIN record r
    WHERE r.tbl = 'cases' AND NOT r.gone AND r.sole = ANY (p_numbers[1:500]) AND r.scope = ANY (s)
$$;

-- Folded words, each of which must occur, at the beginning of a word; the newest first. Only what a
-- working set leaves out: matters that ended before a moment, and persons but those that are here.
-- The query is logged, and every person that it shows.
CREATE FUNCTION search(
    p_device text, p_words text[], p_areas text[], p_before bigint, p_here text[], p_most integer,
    p_reason text
) RETURNS TABLE (tbl text, id text, at bigint, data jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    scopes text[] := scopes_for(p_device);
    wanted text[] := ARRAY(SELECT w FROM unnest(p_words[1:12]) w WHERE length(w) BETWEEN 1 AND 60
                           AND w !~ '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]');
    query tsquery;
BEGIN
    IF wanted = '{}' THEN
        RETURN;
    END IF;
    query := to_tsquery('simple', (SELECT string_agg(quote_literal(w) || ':*', ' & ') FROM unnest(wanted) w));
    PERFORM log_read(p_device, 'search', '', array_to_string(wanted, ' '), p_reason);
    RETURN QUERY
    WITH matching AS (
        SELECT r.tbl, r.id, r.data FROM record r
        WHERE r.tbl = ANY (p_areas) AND NOT r.gone AND r.scope = ANY (scopes) AND r.words @@ query
          AND CASE r.tbl
              WHEN 'cases' THEN has_ended(r.data, p_before)
              WHEN 'items' THEN CASE WHEN r.case_id IS NULL
                  THEN r.data ->> 'state' <> 'open' AND (r.data ->> 'received_at')::bigint < p_before
                  ELSE (SELECT has_ended(c.data, p_before) FROM record c
                        WHERE c.tbl = 'cases' AND c.id = r.case_id LIMIT 1) END
              WHEN 'persons' THEN r.id <> ALL (p_here[1:1000]) END
        LIMIT 5000
    ),
    found AS MATERIALIZED (
        SELECT DISTINCT ON (m.at, m.id) m.* FROM (
            SELECT m.tbl, m.id,
                   coalesce((m.data ->> 'opened_at')::bigint, (m.data ->> 'received_at')::bigint, 0) AS at,
                   pick(m.data, CASE m.tbl
                       WHEN 'cases' THEN '{number,subject,state,office_id,opened_at,closed_at}'::text[]
                       WHEN 'items' THEN '{subject,sender_name,sender_address,state,office_id,received_at,case_id}'
                       -- A blocked address is shown with its person alone (BMG 51).
                       ELSE CASE WHEN m.data ? 'shielded_until' THEN '{given_name,family_name,shielded_until}'
                                 ELSE '{given_name,family_name,street,postcode,city}' END::text[] END) AS data
            FROM matching m) m
        ORDER BY m.at DESC, m.id LIMIT least(p_most, 200)
    ),
    logged AS (
        INSERT INTO read_log (at, clerk_id, device, way, tbl, row_id, reason)
        SELECT now(), me(), p_device, 'search', f.tbl, f.id, left(coalesce(p_reason, ''), 500)
        FROM found f WHERE f.tbl = 'persons'
    )
    SELECT f.tbl, f.id, f.at, f.data FROM found f ORDER BY f.at DESC, f.id;
END $$;

-- Whether a case is closed since before a moment.
CREATE FUNCTION has_ended(p_case jsonb, p_before bigint) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$ SELECT p_case ->> 'state' = 'closed' AND coalesce((p_case ->> 'closed_at')::bigint, 0) < p_before $$;

-- A matter with everything that hangs on it, for somebody who looks at it: the way and the reason
-- stand in the log of reads before anything is given.
CREATE FUNCTION look_up(p_device text, p_tbl text, p_id text, p_way text, p_reason text)
RETURNS TABLE (tbl text, id text, scope text, data jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    IF EXISTS (SELECT 1 FROM record r WHERE r.tbl = p_tbl AND r.id = p_id AND NOT r.gone
               AND r.scope = ANY (scopes_for(p_device))) THEN
        PERFORM log_read(p_device, CASE WHEN p_way = 'number' THEN 'number' ELSE 'search' END,
                         p_tbl, p_id, p_reason);
    END IF;
    RETURN QUERY SELECT * FROM matter(p_tbl, p_id);
END $$;
