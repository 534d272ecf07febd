-- Who vouches for a verification. Rows are appended and never changed; whether one still holds is worked out when it is
-- looked at, from the time and from what was written since, and never kept.
CREATE TABLE backpop.sign_off (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id text        NOT NULL REFERENCES backpop.campaign (id),
    plan        text        NOT NULL,
    entity      text        NOT NULL,
    signed_by   text        NOT NULL,
    note        text,
    -- The kinds of faults that whoever signed lets pass.
    tolerated   text[]      NOT NULL DEFAULT '{}',
    -- What was signed: the faults found, with their counts.
    verdict     jsonb       NOT NULL,
    signed_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX sign_off_by_campaign ON backpop.sign_off (campaign_id, id);
