-- What the register was: one row for every household or resident that a deed changed, in the deed's
-- transaction, only ever appended (ADR 14).
CREATE TABLE register_change (
    town BIGINT NOT NULL,
    -- counted within the town, in the order of the deeds
    n BIGINT NOT NULL,
    household BIGINT NOT NULL,
    -- none: it is about the household itself
    resident BIGINT,
    -- the day from which it holds
    from_day INTEGER NOT NULL,
    entered_at BIGINT NOT NULL,
    -- registered, corrected, moved, ...
    kind TEXT NOT NULL,
    -- what told it, and the number of the import or check
    source TEXT NOT NULL,
    reference UUID,
    account BIGINT,
    roles TEXT NOT NULL,
    -- what stood before, as far as it changed: JSON, sealed; none of what came to be
    sealed BYTEA,
    CONSTRAINT register_change_key PRIMARY KEY (town, n),
    CONSTRAINT register_change_source CHECK (source IN ('form', 'import', 'check', 'program'))
) /* WITHOUT ROWID */;

CREATE INDEX register_change_by_household ON register_change (town, household, n);
CREATE INDEX register_change_by_reference ON register_change (town, reference, n)
    WHERE reference IS NOT NULL;

-- A list that was taken into the register, and whether that was undone.
CREATE TABLE register_import (
    town BIGINT NOT NULL,
    id UUID NOT NULL,
    account BIGINT,
    file_name TEXT NOT NULL,
    -- the smallest division that holds all that it touched
    division BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    -- what it came to, as JSON
    result TEXT NOT NULL,
    undone_at BIGINT,
    undone_by BIGINT,
    CONSTRAINT register_import_key PRIMARY KEY (town, id)
) /* WITHOUT ROWID */;

-- The import by which a household got its contact.
ALTER TABLE stewardship ADD COLUMN import UUID;
