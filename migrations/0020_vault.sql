-- The keys that values may be sealed with, each told by a known value that it sealed, whose first
-- eight bytes are the key's id. The newest (highest n) seals; more than one only while a rotation
-- goes on (ADR 11).
CREATE TABLE vault_key (
    n BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    CONSTRAINT vault_key_key PRIMARY KEY (n)
) /* WITHOUT ROWID */;

-- The code itself, sealed, until it is used: its digest can then be made anew with another key.
ALTER TABLE slip ADD COLUMN sealed BYTEA;
