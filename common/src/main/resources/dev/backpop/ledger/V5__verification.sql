-- A verification in generations: what does not match is looked at again until it holds still on both sides.

ALTER TABLE backpop.chunk
    -- How a verification looked at the chunk first.
    ADD COLUMN method text,
    DROP CONSTRAINT chunk_pass_word,
    ADD CONSTRAINT chunk_pass_word CHECK (pass IN ('main', 'replay', 'closing', 'recheck'));

ALTER TABLE backpop.discrepancy
    -- What the last look saw of each side's row: another text when the row has been written since.
    ADD COLUMN legacy_mark   text    NOT NULL DEFAULT '',
    ADD COLUMN target_mark   text    NOT NULL DEFAULT '',
    -- A digest of a row that is on one side only, without its key: the same row under another key has the same.
    ADD COLUMN content       text,
    -- Whether its key is one of those that the campaign enumerated, so that it is in the sum.
    ADD COLUMN enumerated    boolean NOT NULL DEFAULT true,
    -- The chunk that looks again, or did last.
    ADD COLUMN recheck_chunk int;

CREATE INDEX discrepancy_pending ON backpop.discrepancy (campaign_id, id) WHERE state = 'pending';
CREATE INDEX discrepancy_by_recheck ON backpop.discrepancy (campaign_id, recheck_chunk) WHERE state = 'pending';
CREATE INDEX discrepancy_by_chunk ON backpop.discrepancy (campaign_id, chunk_no);
CREATE INDEX discrepancy_by_content ON backpop.discrepancy (campaign_id, content) WHERE content IS NOT NULL;

-- Rows that differ in a column as far as the plan lets them. Beside the sum, where they are matched.
CREATE TABLE backpop.tolerated (
    campaign_id text   NOT NULL,
    chunk_no    int    NOT NULL,
    column_name text   NOT NULL,
    rows        bigint NOT NULL,
    PRIMARY KEY (campaign_id, chunk_no, column_name),
    FOREIGN KEY (campaign_id, chunk_no) REFERENCES backpop.chunk (campaign_id, chunk_no)
);

-- What is proved of the whole and not of a row: counts, foreign keys, sequences.
CREATE TABLE backpop.campaign_check (
    campaign_id text        NOT NULL REFERENCES backpop.campaign (id),
    name        text        NOT NULL,
    subject     text        NOT NULL,
    state       text        NOT NULL,
    message     text        NOT NULL,
    seen_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (campaign_id, name, subject),
    CONSTRAINT campaign_check_state_word CHECK (state IN ('passed', 'failed', 'moving', 'unknown'))
);

-- Earlier workers call a difference confirmed at the first look, and know no recheck.
CREATE OR REPLACE FUNCTION backpop.needed_ledger(kind text, pass text) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE WHEN kind IN ('backfill', 'repair') THEN 4 WHEN kind = 'verify' THEN 5 ELSE 0 END $$;
