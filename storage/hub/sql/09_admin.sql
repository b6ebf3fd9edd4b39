-- What administrators do: offices, clerks, roles. Written through the same journal as everything
-- else, and into the journal of grants. Called by the owner of the database or by an administrator.

CREATE FUNCTION may_administer() RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT (pg_has_role(session_user, '@OWNER@', 'MEMBER') OR coalesce(is_admin(me()), false)) THEN
        RAISE EXCEPTION 'not an administrator' USING ERRCODE = 'CK005';
    END IF;
END $$;

CREATE FUNCTION administer(p_action text, p_patches jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    who text := coalesce(me(), 'hub');
    entries jsonb := jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'at', now_ms(),
        'clerk_id', who, 'action', p_action, 'kind', 'do', 'undoable', 0,
        'schema', (SELECT schema_max FROM hub), 'patches',
        (SELECT jsonb_agg(jsonb_build_array(v -> 0, v -> 1, v -> 2, v -> 3, coalesce(v -> 4, '{}'),
                                            coalesce(v -> 5, '[]'), coalesce(v -> 6, '[]')) ORDER BY ord)
         FROM jsonb_array_elements(p_patches) WITH ORDINALITY p (v, ord))));
    look record;
    refused record;
BEGIN
    look := survey(entries, NULL);
    PERFORM lock_scopes(entries, NULL, look.scopes, look.stand);
    SELECT * INTO refused FROM write_wave(
        ROW(who, true, NULL, NULL, NULL, NULL)::rights, 'hub', look.scopes, entries);
    IF FOUND THEN
        RAISE EXCEPTION '%', refused.code USING ERRCODE = 'CK006', DETAIL = refused.detail::text;
    END IF;
END $$;

CREATE FUNCTION add_office(p_id text, p_name text, p_prefix text, p_intake integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
BEGIN
    PERFORM may_administer();
    IF p_id !~ '^[a-z][a-z0-9_]{1,39}$' OR p_id IN ('town', 'inbox') THEN
        RAISE EXCEPTION 'office.id' USING ERRCODE = 'CK006';
    END IF;
    PERFORM administer('office.add', jsonb_build_array(jsonb_build_array('offices', p_id, 'add',
        jsonb_build_object('name', p_name, 'prefix', p_prefix, 'is_intake', p_intake))));
    INSERT INTO grant_log (by_role, what, office_id) VALUES (session_user, 'office.add', p_id);
END $$;

CREATE FUNCTION add_clerk(p_id text, p_login text, p_name text, p_role name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
BEGIN
    PERFORM may_administer();
    PERFORM administer('clerk.add', jsonb_build_array(jsonb_build_array('clerks', p_id, 'add',
        jsonb_build_object('login', p_login, 'name', p_name, 'active', 1))));
    INSERT INTO account VALUES (p_role, p_id);
    INSERT INTO grant_log (by_role, what, clerk_id) VALUES (session_user, 'clerk.add', p_id);
END $$;

CREATE FUNCTION grant_role(p_login text, p_office text, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    person text := (SELECT id FROM record WHERE tbl = 'clerks' AND NOT gone AND data ->> 'login' = p_login);
    known record;
BEGIN
    PERFORM may_administer();
    IF person IS NULL THEN
        RAISE EXCEPTION 'clerk.unknown' USING ERRCODE = 'CK006';
    END IF;
    SELECT * INTO known FROM record WHERE tbl = 'memberships' AND NOT gone
        AND data ->> 'clerk_id' = person AND data ->> 'office_id' = p_office;
    IF NOT EXISTS (SELECT 1 FROM record WHERE tbl = 'offices' AND id = p_office AND NOT gone) THEN
        RAISE EXCEPTION 'office.unknown' USING ERRCODE = 'CK006';
    END IF;
    IF known.id IS NULL THEN
        PERFORM administer('clerk.grant', jsonb_build_array(jsonb_build_array('memberships',
            gen_random_uuid()::text, 'add',
            jsonb_build_object('clerk_id', person, 'office_id', p_office, 'role', p_role))));
    ELSE
        PERFORM administer('clerk.grant', jsonb_build_array(jsonb_build_array('memberships', known.id,
            'set', jsonb_build_object('role', p_role), jsonb_build_object('role', known.data ->> 'role'))));
    END IF;
    INSERT INTO grant_log (by_role, what, clerk_id, office_id, role)
        VALUES (session_user, 'grant', person, p_office, p_role);
END $$;

CREATE FUNCTION revoke_role(p_login text, p_office text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    known record;
BEGIN
    PERFORM may_administer();
    SELECT m.* INTO known FROM record m JOIN record c ON c.tbl = 'clerks' AND c.id = m.data ->> 'clerk_id'
        WHERE m.tbl = 'memberships' AND NOT m.gone AND c.data ->> 'login' = p_login
        AND m.data ->> 'office_id' = p_office;
    IF known.id IS NULL THEN
        RAISE EXCEPTION 'membership.unknown' USING ERRCODE = 'CK006';
    END IF;
    PERFORM administer('clerk.revoke', jsonb_build_array(jsonb_build_array('memberships', known.id,
        'drop', '{}'::jsonb, known.data)));
    INSERT INTO grant_log (by_role, what, clerk_id, office_id, role)
        VALUES (session_user, 'revoke', known.data ->> 'clerk_id', p_office, known.data ->> 'role');
END $$;

-- After a backup was restored: every workstation compares what it had with what is here.
CREATE FUNCTION new_epoch() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
BEGIN
    PERFORM may_administer();
    UPDATE hub SET epoch = gen_random_uuid()::text;
    RETURN (SELECT epoch FROM hub);
END $$;
