-- A person who answers for households, a street, a village or the town, with or without an
-- account: whoever has no phone is checked in by proxy or from paper.
CREATE TABLE steward (
    town BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,
    phone_sealed BYTEA,
    -- party branch or villager group
    branch TEXT NOT NULL,
    -- the team area or village he belongs to
    division BIGINT NOT NULL,
    account BIGINT,
    CONSTRAINT steward_key PRIMARY KEY (town, id)
) /* WITHOUT ROWID */;

CREATE INDEX steward_by_account ON steward (town, account) WHERE account IS NOT NULL;

-- Who answers for which node from which day to which (not included). A node is the division of a
-- town, village or group, or the number of a household.
CREATE TABLE stewardship (
    town BIGINT NOT NULL,
    id UUID NOT NULL,
    -- town, village, group, household
    level TEXT NOT NULL,
    node BIGINT NOT NULL,
    steward BIGINT NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER,
    given_by BIGINT,
    given_at BIGINT NOT NULL,
    CONSTRAINT stewardship_key PRIMARY KEY (town, id),
    CONSTRAINT stewardship_level CHECK (level IN ('town', 'village', 'group', 'household')),
    CONSTRAINT stewardship_days CHECK (until_day IS NULL OR from_day <= until_day)
) /* WITHOUT ROWID */;

-- Never two: exactly one person answers for a node at a time.
CREATE UNIQUE INDEX stewardship_one ON stewardship (town, level, node) WHERE until_day IS NULL;
CREATE INDEX stewardship_by_steward ON stewardship (town, steward, level);
CREATE INDEX stewardship_by_node ON stewardship (town, level, node, from_day);

-- Who answers in a steward's place while he is away, for all his nodes.
CREATE TABLE stand_in (
    town BIGINT NOT NULL,
    id UUID NOT NULL,
    steward BIGINT NOT NULL,
    substitute BIGINT NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,
    given_by BIGINT,
    given_at BIGINT NOT NULL,
    CONSTRAINT stand_in_key PRIMARY KEY (town, id),
    CONSTRAINT stand_in_days CHECK (from_day < until_day),
    CONSTRAINT stand_in_other CHECK (steward <> substitute)
) /* WITHOUT ROWID */;

CREATE INDEX stand_in_by_substitute ON stand_in (town, substitute);
CREATE INDEX stand_in_by_steward ON stand_in (town, steward);
