-- Exact search by phone number.
CREATE INDEX household_by_phone ON household (town, phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX resident_by_phone ON resident (town, phone_index) WHERE phone_index IS NOT NULL;

-- Search by a part of a name looks through these narrow rows and not through whole residents.
CREATE INDEX resident_by_name ON resident (town, initials, name, household);

-- A table that was uploaded and is waiting to be confirmed. Its rows are personal data: sealed,
-- destroyed when they are imported, discarded or expired.
CREATE TABLE register_upload (
    town BIGINT NOT NULL,
    id UUID NOT NULL,
    account BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    village BIGINT,
    sealed BYTEA,
    -- what the import came to, as JSON; none before it is confirmed
    result TEXT,
    uploaded_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT register_upload_key PRIMARY KEY (town, id)
) /* WITHOUT ROWID */;
