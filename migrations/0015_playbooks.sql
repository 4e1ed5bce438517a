-- Every version of a playbook that was used, as it was: what checks were asked by and judged by.
CREATE TABLE playbook (
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    CONSTRAINT playbook_key PRIMARY KEY (key, version)
) /* WITHOUT ROWID */;
