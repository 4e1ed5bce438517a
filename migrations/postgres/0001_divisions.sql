-- Names are found by prefix, which an index serves only when text is ordered by its bytes, as
-- SQLite orders it always.
ALTER TABLE division ALTER COLUMN name TYPE TEXT COLLATE "C";
ALTER TABLE division ALTER COLUMN initials TYPE TEXT COLLATE "C";
