package dev.backpop.producer.demo;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Tally;
import dev.backpop.ledger.Ledger;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.standin.Fault;
import dev.backpop.standin.Misbehaviour;
import dev.backpop.standin.StandIn;
import dev.backpop.standin.StandInOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The demo of a server that stands in for Reddit and misbehaves, moved into the tables of Open Discussions. */
final class DemoReddit implements DemoScenario {
    static final long MIN_POSTS = 100;
    static final long MAX_POSTS = 1_000_000;

    private static final String SECRET = "BACKPOP_DEMO_LEGACY_SECRET";
    private static final String TOKEN = "BACKPOP_DEMO_LEGACY_TOKEN";
    private static final Duration SLOW = Duration.ofMillis(250);

    private final DemoThings things;
    private @Nullable StandIn server;

    /** @throws InvalidInputException when the number of posts is out of bounds */
    DemoReddit(long posts) {
        if (posts < MIN_POSTS || posts > MAX_POSTS) {
            throw new InvalidInputException("--rows is " + posts + "; the demo of a Reddit server takes " + MIN_POSTS
                    + " to " + MAX_POSTS + " posts, because every comment is a request or a part of one");
        }
        things = new DemoThings(posts);
    }

    @Override
    public String plan() {
        return "reddit-demo";
    }

    @Override
    public String options() {
        return " --legacy reddit";
    }

    @Override
    public String planText() {
        return Resources.text("reddit-plan.yaml");
    }

    @Override
    public long rows(String entity) {
        return Math.max(1, things.sums(entity).all());
    }

    @Override
    public long keys(String entity) {
        return entity.equals("channel") ? DemoThings.CHANNELS : things.posts();
    }

    @Override
    public String killedIn() {
        return "comment";
    }

    @Override
    public Map<String, String> startLegacy(DemoStage stage, String database) {
        StandIn started = stage.open(() -> StandIn.start(StandInOptions.of(things.served())), StandIn::close);
        server = started;
        return Map.of(
                DemoPlan.LEGACY_URL,
                started.url().toString(),
                SECRET,
                started.account().clientSecret(),
                TOKEN,
                started.account().refreshToken());
    }

    private StandIn server() {
        return Objects.requireNonNull(server, "the stand-in server is started first");
    }

    @Override
    public String create(DemoAddresses addresses) throws SQLException {
        try (Connection target = addresses.connectTarget()) {
            DemoSchema.REDDIT.makeAnew(target, Resources.text("discussions/schema.sql"));
        }
        return String.format(
                Locale.ROOT,
                "A stand-in server for Reddit with %,d numbers of channels, %,d of posts and %,d comments at %s; tables of"
                        + " Open Discussions in %s",
                DemoThings.CHANNELS,
                things.posts(),
                things.sums("comment").rows(),
                server().url(),
                addresses.target());
    }

    /** The server forgets, is slow and busy, and begins with failures: few, after more nobody asks it for a minute. */
    @Override
    public void before(String entity, CampaignKind kind) {
        List<Fault> faults = new ArrayList<>(List.of(
                Fault.of(Misbehaviour.SERVER_ERROR).withRequests(2),
                Fault.of(Misbehaviour.SERVER_ERROR).withShare(0.01),
                Fault.of(Misbehaviour.TOO_MANY_REQUESTS)
                        .withShare(0.01)
                        .withRequests(3)
                        .withRetryAfter("1"),
                Fault.of(Misbehaviour.SLOW).withShare(0.02).withDelay(SLOW)));
        // Posts are asked for by themselves too; of a channel the list is all that there is to go by.
        if (!entity.equals("channel")) {
            faults.add(Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.05));
        }
        server().misbehave(faults.toArray(Fault[]::new));
    }

    @Override
    public void ended() {
        server().behave();
    }

    @Override
    public boolean servesLegacy() {
        return true;
    }

    @Override
    public List<String> differences(DemoOutcome outcome, Ledger ledger) {
        boolean verify = outcome.campaign().kind() == CampaignKind.VERIFY;
        String label = outcome.campaign().kind().word() + " of " + outcome.entity();
        List<String> differences = new ArrayList<>();
        if (outcome.campaign().state() != CampaignState.COMPLETED) {
            differences.add(label + " should be completed and is "
                    + outcome.campaign().state().word());
        }
        Tally tally = outcome.totals().tally(outcome.campaign().kind());
        if (!tally.addsUp()) {
            differences.add(label + " does not add up: " + tally.explain());
        }
        DemoThings.Sums sums = things.sums(outcome.entity());
        Counters counters = tally.counters();
        compare(differences, label, verify ? Counter.ROWS_MATCHED : Counter.ROWS_WRITTEN, sums.rows(), counters);
        compare(
                differences,
                label,
                verify ? Counter.ROWS_UNVERIFIABLE : Counter.ROWS_REJECTED,
                sums.forbidden(),
                counters);
        compare(differences, label, Counter.ROWS_EXCLUDED, sums.excluded(), counters);
        compare(differences, label, Counter.ROWS_ABSENT, sums.absent(), counters);
        for (Counter none : List.of(
                Counter.ROWS_UNCHANGED,
                Counter.ROWS_GUARDED,
                Counter.ROWS_DEFERRED,
                Counter.ROWS_MISMATCHED,
                Counter.ROWS_MISSING,
                Counter.ROWS_UNEXPECTED)) {
            compare(differences, label, none, 0, counters);
        }
        return differences;
    }

    private static void compare(
            List<String> differences, String label, Counter counter, long expected, Counters counters) {
        if (counters.get(counter) != expected) {
            differences.add(
                    label + ": " + counter.word() + " should be " + expected + " and is " + counters.get(counter));
        }
    }

    @Override
    public List<String> rowDifferences(DemoAddresses addresses) throws SQLException {
        try (Connection target = addresses.connectTarget()) {
            return new DemoThingRows(things, target).differences();
        }
    }

    @Override
    public List<String> epilogue() {
        return List.of(
                "The server was asked " + requests()
                        + ". It left out one of 20 posts from lists of hundreds, answered one"
                        + " request of 50 late, and failed or refused others.",
                "All of this is exactly as expected: every row of the tables equals what the server's things were generated"
                        + " from, compared without Backpop, and no other row is there; what is excluded are advertisements"
                        + " and users' profiles, and the rejects are what is in channels that the account may not see.");
    }

    private String requests() {
        StringBuilder text = new StringBuilder();
        long all = 0;
        for (Map.Entry<Integer, Long> status : server().statistics().statuses().entrySet()) {
            all += status.getValue();
            text.append(text.isEmpty() ? "" : ", ")
                    .append(String.format(Locale.ROOT, "%,d with %d", status.getValue(), status.getKey()));
        }
        return String.format(Locale.ROOT, "%,d times and answered %s", all, text);
    }
}
