-- Nothing is anybody's by default; a clerk's login gets these functions and no table to write to.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA clerk FROM PUBLIC;
REVOKE ALL ON SCHEMA clerk FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hello, push, pull, compare, marks, matter, history, digest_rows, find_numbers, search, look_up,
    in_backups, lease, adopt, taken, known_mails,
    present, log_reads, content_put, content_missing, content_get, my_scopes, me, is_admin,
    add_office, add_clerk, grant_role, revoke_role
TO @CLERKS@;
