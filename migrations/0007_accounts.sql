-- Wrong PINs in a row; too many end the session.
ALTER TABLE session ADD COLUMN pin_failures INTEGER NOT NULL DEFAULT 0;

-- The pinyin initials of the name, by which people are found.
ALTER TABLE account ADD COLUMN initials TEXT NOT NULL DEFAULT '';

CREATE INDEX appointment_by_division ON appointment (division, account);
