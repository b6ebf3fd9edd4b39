-- What is kept for how long. Whatever judges a time goes by this server's clock.

-- What a device need not keep any more of what it sent: the last of its entries that every backup
-- holds from which this database may come back.
CREATE FUNCTION in_backups(p_device text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
    SELECT e.dseq FROM entry e
    WHERE e.device = p_device AND 'device:' || p_device = ANY (readable(p_device))
      AND e.at < now_ms() - (SELECT backup_days FROM hub) * 86400000::bigint
    ORDER BY e.dseq DESC NULLS LAST LIMIT 1
$$;

-- Reads are kept to the end of the following year, then gone; of many, some at a time.
CREATE FUNCTION forget_reads(p_most integer DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    edge timestamptz := (date_trunc('year', now() AT TIME ZONE 'Europe/Berlin') - interval '1 year')
        AT TIME ZONE 'Europe/Berlin';
    gone integer;
BEGIN
    DELETE FROM read_log WHERE no IN (
        SELECT r.no FROM read_log r WHERE r.at < edge ORDER BY r.no LIMIT p_most);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

-- Reads of persons' records, as they were made at the desks. A clock that is wrong, or said to be,
-- takes no read out of the log before its time.
CREATE FUNCTION log_reads(p_device text, p_reads jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    written integer;
BEGIN
    PERFORM scopes_for(p_device);
    INSERT INTO read_log (at, clerk_id, device, way, tbl, row_id, reason)
    SELECT least(greatest(to_timestamp((r ->> 'at')::bigint / 1000.0), now() - interval '1 year'), now()),
           me(), p_device, left(r ->> 'way', 20), left(r ->> 'tbl', 40), left(r ->> 'id', 80),
           left(coalesce(r ->> 'reason', ''), 500)
    FROM jsonb_array_elements(p_reads) r;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF (SELECT r.at < now() - interval '1 year' FROM read_log r ORDER BY r.no LIMIT 1) THEN
        PERFORM forget_reads(1000);
    END IF;
    RETURN written;
END $$;

-- Tombstones that no workstation waits for any more: those that were away for longer fill anew.
CREATE FUNCTION forget_tombstones() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clerk, pg_temp SET jit = off
AS $$
DECLARE
    edge bigint := now_ms() - (SELECT horizon_days FROM hub) * 86400000::bigint;
    gone integer;
BEGIN
    UPDATE scope s SET horizon = h.n FROM (
        SELECT t.scope, max(t.n) AS n FROM stream t JOIN entry e USING (no)
        WHERE e.at < edge AND t.scope NOT LIKE 'device:%' GROUP BY t.scope) h
    WHERE s.id = h.scope AND s.horizon < h.n;
    DELETE FROM record r USING entry e WHERE r.gone AND e.no = r.no AND e.at < edge;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
