-- What was destroyed because its time was over, by which rule. From the moment at which the first record
-- of a day goes, the figures of that day stand still.
CREATE TABLE destruction (
    -- 0: of the whole installation
    town BIGINT NOT NULL,
    -- a kind of record of the playbook
    record TEXT NOT NULL,
    -- the day whose records went; of kinds that do not go day by day, the first whose records stayed
    day INTEGER NOT NULL,
    records BIGINT NOT NULL,
    -- how long they were to be kept, and the playbook that said so: '90 days', 'outbreak-123456/2'
    keep TEXT NOT NULL,
    playbook TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    -- none while records are left
    ended_at BIGINT,
    CONSTRAINT destruction_key PRIMARY KEY (town, record, day)
) /* WITHOUT ROWID */;

-- Who asked that a town's operation be ended, who agreed, and the certificate of what became of its
-- records once that is done.
CREATE TABLE ending (
    town BIGINT NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    agreed_by BIGINT,
    agreed_at BIGINT,
    -- JSON, signed
    certificate TEXT,
    CONSTRAINT ending_key PRIMARY KEY (town),
    CONSTRAINT ending_others CHECK (agreed_by IS NULL OR agreed_by <> asked_by)
) /* WITHOUT ROWID */;
