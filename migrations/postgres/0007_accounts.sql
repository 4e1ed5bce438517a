-- Logins are read page by page in the order of their bytes, as SQLite orders them always.
ALTER TABLE account ALTER COLUMN login TYPE TEXT COLLATE "C";
