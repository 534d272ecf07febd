-- The ledger: what was asked for, what was planned, what happened. Append rows; keep no row that every worker updates.

CREATE TABLE backpop.campaign (
    id          text PRIMARY KEY,
    plan        text        NOT NULL,
    entity      text        NOT NULL,
    kind        text        NOT NULL,
    spec        jsonb       NOT NULL,
    state       text        NOT NULL DEFAULT 'planned',
    reason      text,
    hold_reason text,
    key_upper   jsonb,
    plan_cursor jsonb,
    plan_done   boolean     NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    started_at  timestamptz,
    finished_at timestamptz,
    created_by  text        NOT NULL,
    CONSTRAINT campaign_kind_word CHECK (kind IN ('backfill', 'verify', 'repair', 'backup')),
    CONSTRAINT campaign_state_word
        CHECK (state IN ('planned', 'running', 'paused', 'completed', 'cancelled', 'failed'))
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX campaign_one_active ON backpop.campaign (plan, entity)
    WHERE state IN ('planned', 'running', 'paused');

CREATE TABLE backpop.chunk (
    campaign_id       text   NOT NULL REFERENCES backpop.campaign (id),
    chunk_no          int    NOT NULL,
    after_key         jsonb,
    first_key         jsonb,
    last_key          jsonb,
    keys              jsonb,
    key_count         bigint NOT NULL,
    state             text   NOT NULL DEFAULT 'planned',
    attempts          int    NOT NULL DEFAULT 0,
    last_error        text,
    worker            text,
    started_at        timestamptz,
    finished_at       timestamptz,
    rows_read         bigint NOT NULL DEFAULT 0,
    rows_written      bigint NOT NULL DEFAULT 0,
    rows_unchanged    bigint NOT NULL DEFAULT 0,
    rows_guarded      bigint NOT NULL DEFAULT 0,
    rows_rejected     bigint NOT NULL DEFAULT 0,
    rows_absent       bigint NOT NULL DEFAULT 0,
    rows_excluded     bigint NOT NULL DEFAULT 0,
    rows_matched      bigint NOT NULL DEFAULT 0,
    rows_mismatched   bigint NOT NULL DEFAULT 0,
    rows_missing      bigint NOT NULL DEFAULT 0,
    rows_unexpected   bigint NOT NULL DEFAULT 0,
    rows_unverifiable bigint NOT NULL DEFAULT 0,
    rows_pending      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, chunk_no),
    CONSTRAINT chunk_state_word CHECK (state IN ('planned', 'done', 'failed', 'split')),
    CONSTRAINT chunk_range_or_list
        CHECK ((keys IS NULL) = (first_key IS NOT NULL AND last_key IS NOT NULL))
) WITH (fillfactor = 85);

CREATE INDEX chunk_planned ON backpop.chunk (campaign_id, chunk_no) WHERE state = 'planned';
CREATE INDEX chunk_failed ON backpop.chunk (campaign_id, chunk_no) WHERE state = 'failed';
CREATE INDEX chunk_finished ON backpop.chunk (campaign_id, finished_at) WHERE state = 'done';

-- Rejects and discrepancies refer to their chunk, whose row their transaction has locked, and not to the campaign: a
-- foreign key writes a share lock into the row it refers to, and every worker would write into the campaign's.
CREATE TABLE backpop.reject (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id     text        NOT NULL,
    chunk_no        int         NOT NULL,
    entity          text        NOT NULL,
    key             jsonb       NOT NULL,
    stage           text        NOT NULL,
    sqlstate        text,
    constraint_name text,
    column_name     text,
    message         text        NOT NULL,
    -- json and not jsonb: it keeps the document as it was, U+0000 escapes and doubled names included.
    source          json,
    created_at      timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (campaign_id, chunk_no) REFERENCES backpop.chunk (campaign_id, chunk_no),
    CONSTRAINT reject_stage_word CHECK (stage IN ('fetch', 'transform', 'write'))
);

CREATE INDEX reject_by_campaign ON backpop.reject (campaign_id, id);
-- A hash takes keys of any length; a btree entry ends at 2,704 bytes, and a reject must always find room.
CREATE INDEX reject_by_key ON backpop.reject USING hash (key);

CREATE TABLE backpop.discrepancy (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id text        NOT NULL,
    -- Null for a target row outside every chunk.
    chunk_no    int,
    entity      text        NOT NULL,
    key         jsonb       NOT NULL,
    kind        text        NOT NULL,
    columns     jsonb       NOT NULL,
    cause       text,
    first_seen  timestamptz NOT NULL DEFAULT now(),
    last_seen   timestamptz NOT NULL DEFAULT now(),
    checks      int         NOT NULL DEFAULT 1,
    state       text        NOT NULL,
    UNIQUE (campaign_id, key),
    FOREIGN KEY (campaign_id, chunk_no) REFERENCES backpop.chunk (campaign_id, chunk_no),
    CONSTRAINT discrepancy_kind_word CHECK (kind IN ('missing', 'mismatched', 'unexpected')),
    CONSTRAINT discrepancy_state_word CHECK (state IN ('pending', 'confirmed', 'resolved'))
) WITH (fillfactor = 90);

CREATE INDEX discrepancy_by_campaign ON backpop.discrepancy (campaign_id, id);
