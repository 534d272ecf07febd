package dev.backpop.producer.demo;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.ledger.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The demo of an old application's tables, deliberately ugly. */
final class DemoTables implements DemoScenario {
    private final DemoSize size;

    DemoTables(DemoSize size) {
        this.size = size;
    }

    @Override
    public String plan() {
        return "demo";
    }

    @Override
    public String options() {
        return "";
    }

    @Override
    public String planText() {
        return DemoPlan.text();
    }

    @Override
    public long rows(String entity) {
        return size.rows(entity);
    }

    @Override
    public long keys(String entity) {
        return size.rows(entity);
    }

    @Override
    public String killedIn() {
        return "post";
    }

    @Override
    public Map<String, String> startLegacy(DemoStage stage, String database) {
        return Map.of(DemoPlan.LEGACY_URL, database);
    }

    @Override
    public String create(DemoAddresses addresses) throws SQLException {
        try (Connection legacy = addresses.connectLegacy();
                Connection target = addresses.connectTarget()) {
            new DemoStores(size).create(legacy, target);
        }
        return String.format(
                Locale.ROOT,
                "Seeded %,d channels, %,d posts and %,d comments, deliberately ugly, into %s; new tables into %s",
                size.channels(),
                size.posts(),
                size.comments(),
                addresses.legacy(),
                addresses.target());
    }

    @Override
    public void before(String entity, CampaignKind kind) {}

    @Override
    public void ended() {}

    @Override
    public boolean servesLegacy() {
        return false;
    }

    @Override
    public List<String> differences(DemoOutcome outcome, Ledger ledger) {
        DemoCheck check = new DemoCheck(ledger, size);
        return outcome.campaign().kind() == CampaignKind.VERIFY ? check.verify(outcome) : check.backfill(outcome);
    }

    /** Their counts are exact, and the planted mismatch shows that values are looked at. */
    @Override
    public List<String> rowDifferences(DemoAddresses addresses) {
        return List.of();
    }

    @Override
    public List<String> epilogue() {
        return List.of(
                "All of this is exactly as expected: the rejects are the rows that the new tables must refuse, and"
                        + " the one mismatch is the one that the demo planted. Nothing was repaired.");
    }
}
