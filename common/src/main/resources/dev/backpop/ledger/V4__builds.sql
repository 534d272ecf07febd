-- What a build must know to say what became of a chunk. Sessions of builds from this script on tell the ledger version that
-- they know in the setting backpop.ledger; earlier ones tell none. Workers look only for the script of their own version, so
-- one of an older build goes on beside newer ones and takes chunks that it would misunderstand.

-- The version that a chunk's worker must know. Up to version 3, backfills got passes, rows that wait for their parents, and
-- triggers that take a worker which does not name its entity for a live writer. A script that changes what is to become of
-- some chunks replaces this function, and no more.
CREATE FUNCTION backpop.needed_ledger(kind text, pass text) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE WHEN kind IN ('backfill', 'repair') THEN 4 ELSE 0 END $$;

CREATE FUNCTION backpop.refuse_older_build() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    known int := coalesce(nullif(current_setting('backpop.ledger', true), ''), '0');
    kind text := (SELECT campaign.kind FROM backpop.campaign WHERE id = OLD.campaign_id);
    needed int := backpop.needed_ledger(kind, OLD.pass);
BEGIN
    IF known < needed THEN
        -- Class 53 makes every build so far hand the chunk back, hold the campaign with these words, and burn no attempt.
        -- They name no chunk, or each would be a hold of its own.
        RAISE EXCEPTION USING ERRCODE = '53OLD',
            MESSAGE = format('%s chunks here are for workers that know version %s of the ledger, and the one that was'
                ' refused is of an older build: stop it and start a newer one', kind, needed),
            HINT = format('To change such a chunk by hand: SET backpop.ledger = %s', needed);
    END IF;
    RETURN NEW;
END $$;

-- Attempts and failures too: what an older worker comes to with such a chunk says nothing of the chunk.
CREATE TRIGGER refuse_older_build BEFORE UPDATE ON backpop.chunk
    FOR EACH ROW WHEN (OLD.state = 'planned') EXECUTE FUNCTION backpop.refuse_older_build();
