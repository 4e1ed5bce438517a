-- What the planner should know before there is anything to measure: that a town has tens of
-- thousands of people and a household four. Without it SQLite looks through the whole town, the
-- head of every primary key, rather than use the index by household. Rows, then rows for each
-- value of the first column, of the first two, and so on.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('household', 'household', '10000 10000 1'),
    ('household', 'household_by_phone', '8000 8000 1'),
    ('household_span', 'household_span', '10000 10000 1 1'),
    ('household_span', 'household_span_by_division', '10000 10000 40 1'),
    ('resident', 'resident', '40000 40000 1'),
    ('resident', 'resident_by_household', '40000 40000 4'),
    ('resident', 'resident_by_identity', '40000 40000 1'),
    ('resident', 'resident_by_phone', '20000 20000 2'),
    ('resident', 'resident_by_name', '40000 40000 8 2 1'),
    ('resident', 'resident_key_person', '100 100 10');
