-- Search for what a replica does not hold. Folding as storage.folding does it, so that both find the
-- same: umlauts and their spellings, ß, case, other diacritics.

CREATE FUNCTION fold(p text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$
    SELECT replace(replace(regexp_replace(replace(replace(
        translate(replace(lower(p), 'ß', 'ss'), 'äöüáàâãåéèêëíìîïóòôõúùûýÿñçčćšśžźżłđ',
                  'aouaaaaaeeeeiiiioooouuuyynccc' || 'sszzzld'),
        'ae', 'a'), 'oe', 'o'), '([aeq])ue', '\1u' || chr(1), 'g'), 'ue', 'u'), chr(1), 'e')
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

CREATE FUNCTION find_number(p_number text) RETURNS TABLE (tbl text, id text, title text, at bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT r.tbl, r.id, r.data ->> 'subject', (r.data ->> 'opened_at')::bigint FROM record r
    WHERE r.tbl = 'cases' AND NOT r.gone AND r.sole = p_number
      AND r.scope = ANY (my_scopes())
$$;

-- Folded words; each must occur, at the beginning of a word. The newest first.
CREATE FUNCTION search(p_words text[], p_most integer)
RETURNS TABLE (tbl text, id text, title text, at bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT DISTINCT ON (f.at, f.id) f.tbl, f.id, f.title, f.at FROM (
        SELECT r.tbl, r.id,
               CASE r.tbl WHEN 'persons'
                    THEN concat_ws(', ', r.data ->> 'family_name', nullif(r.data ->> 'given_name', ''))
                    ELSE r.data ->> 'subject' END AS title,
               coalesce((r.data ->> 'opened_at')::bigint, (r.data ->> 'received_at')::bigint, 0) AS at
        FROM record r
        WHERE r.tbl IN ('cases', 'items', 'persons') AND NOT r.gone AND r.scope = ANY (my_scopes())
          AND r.words @@ to_tsquery('simple', (
              SELECT string_agg(quote_literal(w) || ':*', ' & ') FROM unnest(p_words[1:10]) w
              WHERE w ~ '^\w{1,60}$'))
        LIMIT 5000) f
    ORDER BY f.at DESC, f.id LIMIT least(p_most, 200)
$$;
