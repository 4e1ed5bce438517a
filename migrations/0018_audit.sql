-- What somebody was when he did something: his roles then, each with where it holds, and the
-- smallest division that all of them lie in, by which the auditors of a division find the entry.
ALTER TABLE audit_entry ADD COLUMN roles TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN division BIGINT;

-- What is about a household says so, so that no steward of the same number is mistaken for it.
UPDATE audit_entry SET object = 'household/' || object
WHERE action IN ('household.add', 'household.change', 'household.turn', 'resident.add',
    'resident.change', 'phone.show');

-- Everything but checks, by what it was done to: who looked at a household's file. Checks, of which
-- there are most by far, pay nothing for it.
CREATE INDEX audit_entry_by_object ON audit_entry (object, id) WHERE action <> 'checks.enter';

-- The key of the chain, sealed by the vault: it outlives a change of the vault's own key.
CREATE TABLE audit_key (
    id INTEGER NOT NULL,
    sealed BYTEA NOT NULL,
    CONSTRAINT audit_key_key PRIMARY KEY (id),
    CONSTRAINT audit_key_one CHECK (id = 1)
) /* WITHOUT ROWID */;

-- The chain: every entry in its place, soon after it was written (ADR 9).
CREATE TABLE audit_link (
    -- from 1, without gaps
    n BIGINT NOT NULL,
    entry UUID NOT NULL,
    linked_at BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT audit_link_key PRIMARY KEY (n),
    CONSTRAINT audit_link_entry UNIQUE (entry)
) /* WITHOUT ROWID */;
