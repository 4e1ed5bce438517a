-- A day of a town's round, opened before its first check: from then on its expected numbers stand
-- in the tallies.
CREATE TABLE round_day (
    town BIGINT NOT NULL,
    day INTEGER NOT NULL,
    opened_at BIGINT NOT NULL,
    CONSTRAINT round_day_key PRIMARY KEY (town, day)
) /* WITHOUT ROWID */;

-- A check, as it was sent: only ever appended. Its key is the client's UUIDv7, which sorts by
-- time, so that bursts land side by side. There is no index by household on purpose: round_standing
-- names the last check of a household's day, and each check names the one that arrived before it.
CREATE TABLE round_check (
    town BIGINT NOT NULL,
    id UUID NOT NULL,
    household BIGINT NOT NULL,
    -- the day on which it happened, and the household's team area of that day
    day INTEGER NOT NULL,
    division BIGINT NOT NULL,
    -- well, detailed, unreachable, withdrawn
    outcome TEXT NOT NULL,
    -- the reason of an unreachable household
    reason TEXT,
    happened_at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    entered_by BIGINT NOT NULL,
    -- the steward who stood at the door, when it was not the one who entered it
    checked_by BIGINT,
    -- app, paper, proxy
    source TEXT NOT NULL,
    playbook_version INTEGER NOT NULL,
    -- the answers of a detailed check, as JSON in the words of that playbook version
    answers TEXT,
    -- the check this one puts right
    corrects UUID,
    -- the check of the same household and day that arrived before this one
    previous UUID,
    CONSTRAINT round_check_key PRIMARY KEY (town, id)
) /* WITHOUT ROWID */;

-- What all checks of a household on a day come to: what is counted, in one row, so that the lists
-- of who is done and who is not need no search.
CREATE TABLE round_standing (
    town BIGINT NOT NULL,
    day INTEGER NOT NULL,
    household BIGINT NOT NULL,
    division BIGINT NOT NULL,
    -- whether the household was due that day, and so counts
    due BOOLEAN NOT NULL,
    -- done, late, unreachable, silent (all taken back)
    state TEXT NOT NULL,
    -- the check whose answers stand, and the last to arrive
    standing UUID NOT NULL,
    last UUID NOT NULL,
    -- when somebody was first reached
    reached_at BIGINT,
    measured INTEGER NOT NULL,
    feverish INTEGER NOT NULL,
    key_measured INTEGER NOT NULL,
    key_feverish INTEGER NOT NULL,
    CONSTRAINT round_standing_key PRIMARY KEY (town, day, household)
) /* WITHOUT ROWID */;

-- What a check found that somebody has to look at.
CREATE TABLE finding (
    town BIGINT NOT NULL,
    id UUID NOT NULL,
    day INTEGER NOT NULL,
    household BIGINT NOT NULL,
    -- returnee, visitor, fever, symptom, need
    kind TEXT NOT NULL,
    -- whom it is about: the resident's number, or the visitor's name; empty for the household
    subject TEXT NOT NULL,
    division BIGINT NOT NULL,
    -- the check that told it first
    source UUID NOT NULL,
    detail TEXT NOT NULL,
    -- open, taken, closed, withdrawn (by a correction)
    state TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    taken_by BIGINT,
    taken_at BIGINT,
    closed_by BIGINT,
    closed_at BIGINT,
    closing_note TEXT,
    CONSTRAINT finding_key PRIMARY KEY (town, id),
    CONSTRAINT finding_once UNIQUE (town, day, household, kind, subject)
) /* WITHOUT ROWID */;

CREATE INDEX finding_by_state ON finding (town, state, division);

-- Every figure on any page: an indicator over a team area and a day. Changed in the transaction
-- of the fact it counts.
CREATE TABLE tally (
    town BIGINT NOT NULL,
    day INTEGER NOT NULL,
    division BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    value BIGINT NOT NULL,
    CONSTRAINT tally_key PRIMARY KEY (town, day, division, indicator)
) /* WITHOUT ROWID */;
