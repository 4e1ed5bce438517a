-- Divisions of the country, down to the team areas of villages. A reference table: every node of
-- a distributed database holds it whole.
CREATE TABLE division (
    -- 15 digits: the statistical code padded with zeros to 12, then three of team area
    code BIGINT NOT NULL,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,
    -- days as numbers like 20200203; the first day of this name, and the day it ended on
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL DEFAULT 99991231,
    -- the division that took this one in when it was merged
    successor BIGINT,
    CONSTRAINT division_key PRIMARY KEY (code, from_day),
    CONSTRAINT division_days CHECK (from_day < until_day)
) /* WITHOUT ROWID */;

CREATE INDEX division_by_name ON division (name);
CREATE INDEX division_by_initials ON division (initials);

-- A town that is run with this program: its name of the day, its clock, its playbook.
CREATE TABLE operation (
    town BIGINT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    cut_off TEXT NOT NULL,
    playbook TEXT NOT NULL,
    playbook_version INTEGER NOT NULL,
    started_day INTEGER NOT NULL,
    ended_day INTEGER,
    demonstration BOOLEAN NOT NULL,
    CONSTRAINT operation_key PRIMARY KEY (town)
) /* WITHOUT ROWID */;

-- The next free number of a kind within a town (households, residents, stewards); 0 is the whole
-- installation (accounts).
CREATE TABLE counter (
    town BIGINT NOT NULL,
    kind TEXT NOT NULL,
    next BIGINT NOT NULL,
    CONSTRAINT counter_key PRIMARY KEY (town, kind)
) /* WITHOUT ROWID */;
