-- What a person decided of two who may be one and the same, in a list or in the register: so that it
-- is asked once.
CREATE TABLE doubles (
    town BIGINT NOT NULL,
    id BIGINT NOT NULL,
    -- the two, as lists and the register call them: names, birth dates and houses, sealed, and their
    -- keyed digest
    sealed BYTEA NOT NULL,
    pair BYTEA NOT NULL,
    -- same, two; later: not now
    verdict TEXT NOT NULL,
    -- whether both had the same identity number then
    by_number BOOLEAN NOT NULL,
    account BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    CONSTRAINT doubles_key PRIMARY KEY (town, id),
    CONSTRAINT doubles_verdict CHECK (verdict IN ('same', 'two', 'later'))
) /* WITHOUT ROWID */;

CREATE INDEX doubles_by_pair ON doubles (town, pair);
