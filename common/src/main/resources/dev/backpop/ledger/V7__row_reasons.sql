-- Why keys came to no row and to no reject: what is excluded and by which rule, and what a legacy store said of keys that it
-- has not. Counts by chunk, in the transaction of its result, with one key of each.
CREATE TABLE backpop.row_reason (
    campaign_id text   NOT NULL,
    chunk_no    int    NOT NULL,
    outcome     text   NOT NULL,
    reason      text   NOT NULL,
    rows        bigint NOT NULL,
    example     jsonb  NOT NULL,
    PRIMARY KEY (campaign_id, chunk_no, outcome, reason),
    FOREIGN KEY (campaign_id, chunk_no) REFERENCES backpop.chunk (campaign_id, chunk_no),
    CONSTRAINT row_reason_outcome_word CHECK (outcome IN ('excluded', 'absent', 'unverifiable'))
);
