-- Every version of a playbook that was used, as it was: what the checks of each day were
-- asked by and are judged by, for good.
CREATE TABLE playbook (
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    -- the first day that is judged by it
    from_day INTEGER NOT NULL,
    taken_at BIGINT NOT NULL,
    CONSTRAINT playbook_key PRIMARY KEY (key, version)
) /* WITHOUT ROWID */;
