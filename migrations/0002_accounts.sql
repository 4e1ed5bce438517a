CREATE TABLE account (
    id BIGINT NOT NULL,
    -- lower case; what a person types to sign in
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    phone_sealed BYTEA,
    -- argon2id, as a PHC string; none until the first sign-in by slip
    password TEXT,
    pin TEXT,
    must_change BOOLEAN NOT NULL,
    language TEXT,
    large_print BOOLEAN NOT NULL,
    failures INTEGER NOT NULL,
    locked_until BIGINT,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    CONSTRAINT account_key PRIMARY KEY (id),
    CONSTRAINT account_login UNIQUE (login)
) /* WITHOUT ROWID */;

-- A role held in a division.
CREATE TABLE appointment (
    account BIGINT NOT NULL,
    role TEXT NOT NULL,
    division BIGINT NOT NULL,
    CONSTRAINT appointment_key PRIMARY KEY (account, role, division),
    CONSTRAINT appointment_account FOREIGN KEY (account) REFERENCES account (id)
) /* WITHOUT ROWID */;

-- A printed one-time sign-in code, kept as its digest.
CREATE TABLE slip (
    code BYTEA NOT NULL,
    account BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    CONSTRAINT slip_key PRIMARY KEY (code),
    CONSTRAINT slip_account FOREIGN KEY (account) REFERENCES account (id)
) /* WITHOUT ROWID */;

CREATE INDEX slip_by_account ON slip (account);

-- A signed-in browser, or a bearer token of the API; the secret is kept as its digest.
CREATE TABLE session (
    secret BYTEA NOT NULL,
    account BIGINT NOT NULL,
    -- browser or token
    kind TEXT NOT NULL,
    -- the device's own words (user agent), or the token's label
    device TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT session_key PRIMARY KEY (secret),
    CONSTRAINT session_account FOREIGN KEY (account) REFERENCES account (id)
) /* WITHOUT ROWID */;

CREATE INDEX session_by_account ON session (account);

-- Who did what: only ever appended.
CREATE TABLE audit_entry (
    id UUID NOT NULL,
    at BIGINT NOT NULL,
    -- none when nobody was signed in
    account BIGINT,
    address TEXT NOT NULL,
    -- what was done to what, such as 'household.change' and '141023105/1207'
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    -- what else is worth knowing, as JSON, without personal values
    detail TEXT NOT NULL,
    CONSTRAINT audit_entry_key PRIMARY KEY (id)
) /* WITHOUT ROWID */;
