-- A village's word that nothing else happened on a day: with it, its zeros are known although
-- households are still silent.
CREATE TABLE zero_confirmation (
    town BIGINT NOT NULL,
    day INTEGER NOT NULL,
    -- the village
    division BIGINT NOT NULL,
    confirmed_by BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    CONSTRAINT zero_confirmation_key PRIMARY KEY (town, day, division)
) /* WITHOUT ROWID */;

-- A compiled report until it is signed: its figures stand still from here on, so that who checks
-- and who signs see the same. Compiling again replaces it and asks for a new check.
CREATE TABLE report_draft (
    town BIGINT NOT NULL,
    day INTEGER NOT NULL,
    -- the figures, as JSON
    content TEXT NOT NULL,
    compiled_by BIGINT NOT NULL,
    compiled_at BIGINT NOT NULL,
    checked_by BIGINT,
    checked_at BIGINT,
    CONSTRAINT report_draft_key PRIMARY KEY (town, day)
) /* WITHOUT ROWID */;

-- What a town has sealed, one after the other: daily reports and notes that correct them. Only
-- ever appended; each body holds the hash of the entry before it.
CREATE TABLE report_seal (
    town BIGINT NOT NULL,
    -- from 1 without gaps
    sequence BIGINT NOT NULL,
    -- report, correction
    kind TEXT NOT NULL,
    day INTEGER NOT NULL,
    -- of a report: its number among the town's reports; of a correction: among its report's
    number BIGINT NOT NULL,
    -- canonical JSON (RFC 8785)
    body TEXT NOT NULL,
    -- BLAKE3 of the body's bytes, in hex
    hash TEXT NOT NULL,
    sealed_at BIGINT NOT NULL,
    CONSTRAINT report_seal_key PRIMARY KEY (town, sequence),
    CONSTRAINT report_seal_kind CHECK (kind IN ('report', 'correction'))
) /* WITHOUT ROWID */;

CREATE UNIQUE INDEX report_seal_one ON report_seal (town, day) WHERE kind = 'report';
CREATE INDEX report_seal_by_day ON report_seal (town, kind, day);
