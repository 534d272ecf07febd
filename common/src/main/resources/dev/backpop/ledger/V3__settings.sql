-- What "backpop set" changed, and the hold for the target's health, which is apart from every other hold: each ends by
-- itself.

ALTER TABLE backpop.campaign
    ADD COLUMN settings jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN health_hold text;
