-- A household of the register. Where it lives and whether it is lived in stands in
-- household_span, since both change on a day and records keep what was true on theirs.
CREATE TABLE household (
    town BIGINT NOT NULL,
    id BIGINT NOT NULL,
    house_number TEXT NOT NULL,
    -- house numbers ordered as people count them: 2 before 10
    house_order TEXT NOT NULL,
    head TEXT NOT NULL,
    initials TEXT NOT NULL,
    address TEXT NOT NULL,
    phone_sealed BYTEA,
    phone_index BYTEA,
    -- words separated by single spaces, with one at either end: ' living-alone no-phone '
    tags TEXT NOT NULL,
    listed_day INTEGER NOT NULL,
    CONSTRAINT household_key PRIMARY KEY (town, id)
) /* WITHOUT ROWID */;

-- From which day to which (not included) a household stood in which team area, and how.
CREATE TABLE household_span (
    town BIGINT NOT NULL,
    household BIGINT NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL DEFAULT 99991231,
    division BIGINT NOT NULL,
    -- lived-in: due every day; vacant or away: due on the playbook's interval
    occupancy TEXT NOT NULL,
    CONSTRAINT household_span_key PRIMARY KEY (town, household, from_day),
    CONSTRAINT household_span_days CHECK (from_day < until_day),
    CONSTRAINT household_span_occupancy CHECK (occupancy IN ('lived-in', 'vacant', 'away'))
) /* WITHOUT ROWID */;

CREATE INDEX household_span_by_division ON household_span (town, division, household);

CREATE TABLE resident (
    town BIGINT NOT NULL,
    id BIGINT NOT NULL,
    household BIGINT NOT NULL,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,
    -- male, female
    sex TEXT,
    birth_day INTEGER,
    identity_sealed BYTEA,
    identity_index BYTEA,
    phone_sealed BYTEA,
    phone_index BYTEA,
    -- to the head, in the words of the household book (户主, 配偶, 子)
    relation TEXT NOT NULL,
    -- registered (户籍), lodging (寄住)
    registration TEXT NOT NULL,
    -- present, away
    presence TEXT NOT NULL,
    presence_since INTEGER,
    -- where somebody is who is away
    whereabouts TEXT NOT NULL,
    -- listed as a key person on these days (none: not listed); why
    key_from INTEGER,
    key_until INTEGER,
    key_reason TEXT,
    CONSTRAINT resident_key PRIMARY KEY (town, id),
    CONSTRAINT resident_sex CHECK (sex IN ('male', 'female')),
    CONSTRAINT resident_registration CHECK (registration IN ('registered', 'lodging')),
    CONSTRAINT resident_presence CHECK (presence IN ('present', 'away'))
) /* WITHOUT ROWID */;

CREATE INDEX resident_by_household ON resident (town, household);
CREATE INDEX resident_by_identity ON resident (town, identity_index) WHERE identity_index IS NOT NULL;
CREATE INDEX resident_key_person ON resident (town, key_from) WHERE key_from IS NOT NULL;
