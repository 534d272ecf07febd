package dev.backpop.producer.demo;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.ledger.Ledger;
import dev.backpop.problem.InvalidInputException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What a demo moves: a legacy store with its trouble, the plan for it, and what must come of it. For one thread. */
public interface DemoScenario {
    /** The newest post of the demo of a Reddit server, where nobody says otherwise. */
    long REDDIT_POSTS = 300;

    /** An old application's tables. */
    static DemoScenario tables(DemoSize size) {
        return new DemoTables(size);
    }

    /**
     * A server that stands in for Reddit.
     *
     * @param posts the newest post's number, or a little less
     * @throws InvalidInputException when that is out of bounds
     */
    static DemoScenario reddit(long posts) {
        return new DemoReddit(posts);
    }

    /** The name of its plan. */
    String plan();

    /** The options of the command that choose it, each with a blank before it. */
    String options();

    /** The plan file's text, with its {@code ${VAR}}s unexpanded. */
    String planText();

    /** About how many rows a campaign of an entity counts. */
    long rows(String entity);

    /** How many keys an entity has to be cut into chunks. */
    long keys(String entity);

    /** The entity during whose backfill a worker is killed. */
    String killedIn();

    /**
     * Starts the legacy store, where it is none of the databases.
     *
     * @param database the URL of the legacy database
     * @return the environment variables that the plan takes it from, {@link DemoPlan#LEGACY_URL} among them
     */
    Map<String, String> startLegacy(DemoStage stage, String database);

    /**
     * Makes the tables of the stores, and what is in them before.
     *
     * @return what was made, for people
     * @throws SQLException when a store fails
     */
    String create(DemoAddresses addresses) throws SQLException;

    /** Does what is to be done before a campaign begins. */
    void before(String entity, CampaignKind kind);

    /** Puts an end to all trouble, so that people who try things afterwards find the stores as the demo says they are. */
    void ended();

    /** Whether the legacy store is a server of the demo's own, which is there as long as the demo. */
    boolean servesLegacy();

    /** What came of a campaign otherwise than expected; empty when nothing. */
    List<String> differences(DemoOutcome outcome, Ledger ledger);

    /** How the rows of the target differ from what the legacy store was made from; empty when they do not. */
    List<String> rowDifferences(DemoAddresses addresses) throws SQLException;

    /** What is to be told in the end, for people. */
    List<String> epilogue();
}
