-- Who is asking, and what they may see. Everything is keyed on session_user: it is the login, and
-- nobody can SET it. What every call asks is PL/pgSQL: it keeps its plans for the session, where a
-- function in SQL would be planned anew by each call. Functions that only others here call are not
-- SECURITY DEFINER: they run as the one that calls them, and every change of roles takes its time.

CREATE FUNCTION today() RETURNS date LANGUAGE sql STABLE
AS $$ SELECT (now() AT TIME ZONE 'Europe/Berlin')::date $$;

CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE
AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

CREATE FUNCTION me() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = clerk, pg_temp
AS $$
BEGIN
    RETURN (SELECT clerk_id FROM account WHERE role_name = session_user);
END $$;

-- For whom a clerk stands in today, and how far. A deputy who is away passes it on to their own; what
-- each link allows, the chain allows at most (clerk/rules/absences.py).
CREATE FUNCTION stands_in_for(p_clerk text) RETURNS TABLE (clerk_id text, may text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    far text[] := '{read,act,sign}';
BEGIN
    RETURN QUERY
    WITH RECURSIVE chain (clerk_id, rank, passed) AS (
        SELECT s.clerk_id, array_position(far, s.may), ARRAY[p_clerk, s.clerk_id] FROM stand_in s
        WHERE s.deputy_id = p_clerk AND s.clerk_id <> p_clerk
          AND today() BETWEEN s.starts_on AND s.ends_on
        UNION ALL
        SELECT s.clerk_id, least(c.rank, array_position(far, s.may)), c.passed || s.clerk_id
        FROM chain c JOIN stand_in s ON s.deputy_id = c.clerk_id
        WHERE s.clerk_id <> ALL (c.passed) AND today() BETWEEN s.starts_on AND s.ends_on
    )
    SELECT c.clerk_id, far[max(c.rank)] FROM chain c GROUP BY c.clerk_id;
END $$;

-- The memberships that count for a clerk today: their own, and while they stand in, the other's. In
-- SQL, STABLE and without settings: PostgreSQL puts it into the query that asks.
CREATE FUNCTION memberships_of(p_clerk text)
RETURNS TABLE (office_id text, role text, acts boolean)
LANGUAGE sql STABLE AS $$
    SELECT m.office_id, m.role, true FROM member m
    WHERE m.clerk_id = p_clerk
      AND coalesce(m.since <= today(), true) AND coalesce(m.until >= today(), true)
    UNION ALL
    SELECT m.office_id, m.role, s.may IN ('act', 'sign')
    FROM stands_in_for(p_clerk) s JOIN member m USING (clerk_id)
    WHERE m.role <> 'admin'
      AND coalesce(m.since <= today(), true) AND coalesce(m.until >= today(), true)
      AND (SELECT true FROM stand_in d WHERE d.deputy_id = p_clerk LIMIT 1)  -- mostly nobody
$$;

-- Whether a clerk signs letters of an office: by a role of their own, or in the place of an absent
-- colleague who has it, as a deputy who may sign.
CREATE FUNCTION signs(p_clerk text, p_office text, p_for text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM member m JOIN rule_action a ON a.action = 'letter.sign'
        WHERE m.clerk_id = coalesce(p_for, p_clerk) AND m.office_id = p_office AND m.role = ANY (a.roles)
          AND coalesce(m.since <= today(), true) AND coalesce(m.until >= today(), true)
    ) AND (p_for IS NULL OR EXISTS (
        SELECT 1 FROM stands_in_for(p_clerk) s WHERE s.clerk_id = p_for AND s.may = 'sign'));
END $$;

-- Administrators run the program; they do not work on matters: their role gives them no office.
CREATE FUNCTION scopes_of(p_clerk text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE WHEN p_clerk IS NULL THEN '{}'::text[] ELSE ARRAY['town'] || (
        SELECT array_agg(DISTINCT office_id) || ARRAY['inbox'] FROM memberships_of(p_clerk)
        WHERE role <> 'admin' HAVING count(*) > 0) END;
END $$;

CREATE FUNCTION my_scopes() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp
AS $$
BEGIN
    RETURN scopes_of(me());
END $$;

-- {scope: [roles]} of what a clerk may do where; in the inbox every role of theirs counts.
CREATE FUNCTION roles_of(p_clerk text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (WITH mine AS (SELECT office_id, role FROM memberships_of(p_clerk) WHERE acts)
    SELECT coalesce(jsonb_object_agg(place, roles), '{}') FROM (
        SELECT office_id AS place, jsonb_agg(DISTINCT role) AS roles FROM mine GROUP BY office_id
        UNION ALL
        SELECT unnest(ARRAY['inbox', '']), (SELECT jsonb_agg(DISTINCT role) FROM mine)
        WHERE EXISTS (SELECT 1 FROM mine)
    ) AS by_place);
END $$;

CREATE FUNCTION is_admin(p_clerk text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp
AS $$
BEGIN
    RETURN (SELECT EXISTS (SELECT 1 FROM memberships_of(p_clerk) WHERE role = 'admin' AND acts));
END $$;

-- Whether a clerk sets an absence of these: their own, or of those whose office they lead.
CREATE FUNCTION sets_absence(p_who text, p_clerks text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp
AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT 1 FROM unnest(p_clerks) c (id)
        WHERE c.id <> p_who AND NOT EXISTS (
            SELECT 1 FROM member m JOIN memberships_of(p_who) w USING (office_id)
            WHERE m.clerk_id = c.id AND w.role = 'supervisor' AND w.acts
              AND coalesce(m.since <= today(), true) AND coalesce(m.until >= today(), true)));
END $$;

-- Memberships and absences are records like all others; these tables are what access is read from.
CREATE FUNCTION keep_access() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp
AS $$
BEGIN
    IF NEW.tbl = 'memberships' THEN
        DELETE FROM member WHERE id = NEW.id;
        IF NOT NEW.gone THEN
            INSERT INTO member VALUES (NEW.id, NEW.data ->> 'clerk_id', NEW.data ->> 'office_id',
                NEW.data ->> 'role', (NEW.data ->> 'since')::date, (NEW.data ->> 'until')::date);
        END IF;
    ELSE
        DELETE FROM stand_in WHERE id = NEW.id;
        IF NOT NEW.gone AND NEW.data ? 'deputy_id' THEN
            INSERT INTO stand_in VALUES (NEW.id, NEW.data ->> 'clerk_id', NEW.data ->> 'deputy_id',
                NEW.data ->> 'may', (NEW.data ->> 'starts_on')::date, (NEW.data ->> 'ends_on')::date);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_access AFTER INSERT OR UPDATE ON record FOR EACH ROW
    WHEN (NEW.tbl IN ('memberships', 'absences')) EXECUTE FUNCTION keep_access();

-- What a clerk's own login sees in psql: rows of their scopes, and nothing that it could change.
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream ENABLE ROW LEVEL SECURITY;
ALTER TABLE entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE grant_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_my_scopes ON record FOR SELECT
    USING (scope = ANY ((SELECT my_scopes())::text[]));
CREATE POLICY of_my_scopes ON stream FOR SELECT
    USING (scope = ANY ((SELECT my_scopes())::text[]));
CREATE POLICY of_my_scopes ON entry FOR SELECT
    USING (EXISTS (SELECT 1 FROM stream s WHERE s.no = entry.no));
CREATE POLICY of_admins ON grant_log FOR SELECT USING ((SELECT is_admin(me())));
GRANT USAGE ON SCHEMA clerk TO @CLERKS@;
GRANT SELECT ON record, stream, entry, grant_log TO @CLERKS@;
