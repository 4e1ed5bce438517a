-- What residents ask of what is kept about them: to see it, to have it put right, to have it deleted.
CREATE TABLE rights_request (
    town BIGINT NOT NULL,
    id UUID NOT NULL,
    household BIGINT NOT NULL,
    resident BIGINT NOT NULL,
    -- the household's team area when it was asked
    division BIGINT NOT NULL,
    -- access, correction, deletion
    kind TEXT NOT NULL,
    -- received, taken, answered, closed
    state TEXT NOT NULL,
    -- what was asked, and what was answered, in words
    wish_sealed BYTEA NOT NULL,
    answer_sealed BYTEA,
    -- the last day for an answer
    due_day INTEGER NOT NULL,
    -- which version of the notice was shown to who asked
    notice INTEGER NOT NULL,
    received_by BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    taken_by BIGINT,
    taken_at BIGINT,
    answered_by BIGINT,
    answered_at BIGINT,
    closed_by BIGINT,
    closed_at BIGINT,
    CONSTRAINT rights_request_key PRIMARY KEY (town, id),
    CONSTRAINT rights_request_kind CHECK (kind IN ('access', 'correction', 'deletion')),
    CONSTRAINT rights_request_state CHECK (state IN ('received', 'taken', 'answered', 'closed'))
) /* WITHOUT ROWID */;

CREATE INDEX rights_request_by_state ON rights_request (town, state, due_day);
