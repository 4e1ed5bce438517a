-- Roles that go on elsewhere from the day of a merger: whoever has one in the first division then has
-- it in the second too. A row goes when its day has come.
CREATE TABLE role_move (
    source BIGINT NOT NULL,
    target BIGINT NOT NULL,
    on_day INTEGER NOT NULL,
    CONSTRAINT role_move_key PRIMARY KEY (source, target)
) /* WITHOUT ROWID */;
