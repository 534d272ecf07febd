package dev.backpop.queue;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.legacy.Allowance;
import dev.backpop.legacy.LegacyAccess;
import dev.backpop.legacy.RequestClass;
import dev.backpop.legacy.RequestLimit;
import dev.backpop.legacy.SharedTokens;

/** Access to legacy stores that all processes of one Redis share, for requests of one class. Thread-safe. */
public final class SharedAccess implements LegacyAccess {
    private final RedisConnection connection;
    private final RedisKeys keys;
    private final RequestClass requestClass;

    public SharedAccess(RedisConnection connection, RedisKeys keys, RequestClass requestClass) {
        this.connection = connection;
        this.keys = keys;
        this.requestClass = requestClass;
    }

    /** Access for the requests of a campaign. */
    public static SharedAccess of(RedisConnection connection, RedisKeys keys, CampaignKind kind) {
        return new SharedAccess(
                connection,
                keys,
                switch (kind) {
                    case REPAIR -> RequestClass.REPAIR;
                    case BACKFILL -> RequestClass.BACKFILL;
                    // Whoever makes a backup has time, like whoever verifies.
                    case VERIFY, BACKUP -> RequestClass.VERIFY;
                });
    }

    @Override
    public Allowance allowance(String store, RequestLimit limit) {
        return new BudgetAllowance(new Budget(connection, keys, store, limit), requestClass, System::nanoTime);
    }

    @Override
    public SharedTokens tokens(String store) {
        return new RedisTokens(connection, keys, store);
    }
}
