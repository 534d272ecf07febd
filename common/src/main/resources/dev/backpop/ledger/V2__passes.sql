-- Passes over a campaign's keys after the main one: replays of what could not be written, and the closing sweep.

ALTER TABLE backpop.chunk
    ADD COLUMN pass          text    NOT NULL DEFAULT 'main',
    -- The rounds of the closing sweep count from 1; 0 is everything else.
    ADD COLUMN closing_round int     NOT NULL DEFAULT 0,
    -- Whether a closing chunk was planned over the same keys.
    ADD COLUMN closed        boolean NOT NULL DEFAULT false,
    ADD COLUMN rows_deferred bigint  NOT NULL DEFAULT 0,
    ADD COLUMN rows_swept    bigint  NOT NULL DEFAULT 0,
    ADD COLUMN rows_renewed  bigint  NOT NULL DEFAULT 0,
    ADD CONSTRAINT chunk_pass_word CHECK (pass IN ('main', 'replay', 'closing'));

-- Rows that a campaign wrote are younger than it.
ALTER TABLE backpop.campaign ADD COLUMN created_xid xid8 NOT NULL DEFAULT pg_current_xact_id();

ALTER TABLE backpop.reject
    ADD COLUMN state         text        NOT NULL DEFAULT 'rejected',
    ADD COLUMN parent_table  text,
    ADD COLUMN parent_key    jsonb,
    ADD COLUMN tries         int         NOT NULL DEFAULT 1,
    ADD COLUMN last_tried_at timestamptz NOT NULL DEFAULT now(),
    -- The chunk that tries the row again, or did last.
    ADD COLUMN replay_chunk  int,
    ADD CONSTRAINT reject_state_word CHECK (state IN ('deferred', 'rejected', 'resolved')),
    DROP CONSTRAINT reject_stage_word,
    ADD CONSTRAINT reject_stage_word CHECK (stage IN ('fetch', 'transform', 'write', 'closing'));

CREATE INDEX reject_open ON backpop.reject (campaign_id, id) WHERE state <> 'resolved';
CREATE INDEX reject_deferred ON backpop.reject (campaign_id, constraint_name) WHERE state = 'deferred';
CREATE INDEX reject_by_replay ON backpop.reject (campaign_id, replay_chunk) WHERE state <> 'resolved';
