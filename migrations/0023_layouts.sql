-- What somebody said that the columns of a list mean, by the digest of the words over them: the
-- next list with the same header is read so.
CREATE TABLE register_layout (
    town BIGINT NOT NULL,
    header TEXT NOT NULL,
    -- the keys of what the columns mean, with commas between them; empty for one that is not taken
    meanings TEXT NOT NULL,
    said_by BIGINT NOT NULL,
    said_at BIGINT NOT NULL,
    CONSTRAINT register_layout_key PRIMARY KEY (town, header)
) /* WITHOUT ROWID */;
