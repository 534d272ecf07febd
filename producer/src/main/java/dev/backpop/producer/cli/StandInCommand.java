package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import dev.backpop.plan.DurationText;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.standin.Account;
import dev.backpop.standin.Allowance;
import dev.backpop.standin.Fault;
import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.RecordedThings;
import dev.backpop.standin.StandIn;
import dev.backpop.standin.StandInOptions;
import dev.backpop.standin.Things;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code backpop stand-in}. */
@Command(
        name = "stand-in",
        description = {
            "Starts a server that stands in for Reddit until Ctrl-C: the same API over generated or recorded things, with"
                    + " the limits and oddities of the real one, and misbehaving when told to.",
            "Listens on this machine only. Prints its address and how to log in."
        })
final class StandInCommand implements Callable<Integer> {
    private static final String GENERATED = "generated";

    @Option(names = "--port", paramLabel = "N", description = "8070 by default; 0 for any that is free.")
    private int port = 8_070;

    @Option(
            names = "--things",
            paramLabel = "generated|FILE",
            description =
                    "What to tell of: generated things, which is the default, or the recorded ones in a file of JSON"
                            + " lines (.ndjson, .ndjson.gz).")
    private String things = GENERATED;

    @Option(names = "--posts", paramLabel = "N", description = "The newest generated post; 100000 by default.")
    private long posts = 100_000;

    @Option(names = "--channels", paramLabel = "N", description = "How many channels to generate; 100 by default.")
    private int channels = 100;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed generates the same things; 1 by default.")
    private long seed = 1;

    @Option(names = "--density", paramLabel = "SHARE", description = "Share of ids that have a post; 0.97 by default.")
    private double density = 0.97;

    @Option(
            names = "--moderated",
            paramLabel = "SHARE",
            description = "Share of channels that the account moderates; 1 by default.")
    private double moderated = 1;

    @Option(
            names = "--closed",
            paramLabel = "SHARE",
            description = "Share of channels that the account may not see; 0.02 by default.")
    private double closed = 0.02;

    @Option(names = "--plain", description = "Generate nothing odd, deleted, removed or closed.")
    private boolean plain;

    @Option(
            names = "--comments",
            paramLabel = "POST=N",
            description = "How many comments one generated post has, by its number; may be repeated.")
    private Map<Long, Integer> comments = new HashMap<>();

    @Option(
            names = "--channels-by-posts",
            description =
                    "Answer for channels that recorded posts only name, as is always done for posts by themselves.")
    private boolean channelsByPosts;

    @Option(names = "--latency", paramLabel = "TIME", description = "Before every answer, as 50ms; none by default.")
    private String latency = "0ms";

    @Option(
            names = "--allowance",
            paramLabel = "N/TIME",
            description = "How many requests a user may make in each period, as 100/60s; any number by default.")
    private @Nullable String allowance;

    @Option(
            names = "--children-per-call",
            paramLabel = "N",
            description = "Comments in one answer of morechildren; 20 by default, 100 at reddit.com.")
    private int childrenPerCall = 20;

    @Option(
            names = "--token-life",
            paramLabel = "TIME",
            description = "How long an access token is good; 1h by default.")
    private String tokenLife = "1h";

    @Option(
            names = "--faults",
            paramLabel = "JSON",
            description = "How to misbehave from the start, as [{\"kind\": \"server_error\", \"share\": 0.1}]; later by"
                    + " POST /_standin/faults.")
    private String faults = "[]";

    @Mixin
    private JsonOption json = new JsonOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        StandInOptions options = options(Account.standard().withTokenLife(time("--token-life", tokenLife)));
        Output output = Output.of(spec.commandLine());
        try (StandIn standIn = StandIn.start(options.withThings(things()))) {
            Thread end = new Thread(standIn::close);
            Runtime.getRuntime().addShutdownHook(end);
            try {
                tell(standIn, output);
                new CountDownLatch(1).await();
            } finally {
                forget(end);
            }
        }
        return ExitCode.CLEAN;
    }

    private static void forget(Thread end) {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // The process ends already, and the hook with it.
        }
    }

    private StandInOptions options(Account account) {
        try {
            return StandInOptions.of(new GeneratedThings(GeneratedOptions.of(0)))
                    .withPort(port)
                    .withAccount(account)
                    .withLatency(time("--latency", latency))
                    .withAllowance(allowance == null ? null : allowance(allowance))
                    .withChildrenPerCall(childrenPerCall)
                    .withFaults(Fault.read(faults));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(e.getMessage() + "; see: backpop stand-in -h");
        }
    }

    private Things things() {
        if (!things.equals(GENERATED)) {
            return RecordedThings.of(Path.of(things), channelsByPosts ? Boolean.TRUE : null);
        }
        try {
            return new GeneratedThings(
                    new GeneratedOptions(seed, posts, channels, density, moderated, closed, plain, comments));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(e.getMessage() + "; see: backpop stand-in -h");
        }
    }

    private static Allowance allowance(String text) {
        return Allowance.parse(text)
                .orElseThrow(() -> new InvalidInputException(
                        "--allowance is '" + text + "'; write how many requests in how long, as 100/60s"));
    }

    private static Duration time(String option, String text) {
        return DurationText.parse(text)
                .orElseThrow(() -> new InvalidInputException(
                        option + " is '" + text + "'; write a number with its unit, as 50ms, 5s or 2m"));
    }

    private void tell(StandIn standIn, Output output) {
        Account account = standIn.account();
        Line line = new Line(
                standIn.url().toString(),
                account.clientId(),
                account.clientSecret(),
                account.username(),
                account.password(),
                account.refreshToken());
        if (json.isJson()) {
            output.json(line);
            return;
        }
        output.line("The stand-in server is at " + line.url());
        output.line("client_id: " + line.clientId() + ", client_secret: " + line.clientSecret());
        output.line("refresh_token: " + line.refreshToken() + ", or username: " + line.username() + ", password: "
                + line.password());
    }

    private record Line(
            String url, String clientId, String clientSecret, String username, String password, String refreshToken) {}
}
