package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.producer.discussions.DiscussionsFiles;
import dev.backpop.standin.RecordedThings;
import dev.backpop.standin.StandIn;
import dev.backpop.standin.StandInOptions;
import dev.backpop.testing.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recorded things behind a stand-in server, the tables of Open Discussions beside those of its application, which begin empty,
 * and a worker process. The plans are as they are delivered, but for the allowance and for waiting: nobody else writes here.
 */
final class DiscussionsMove {
    private static final String OLD_TABLES =
            "TRUNCATE auth_user, auth_user_groups, widgets_widgetlist, channels_channel,"
                    + " channels_channelgrouprole, channels_channelsubscription, channels_channelinvitation, channels_linkmeta,"
                    + " channels_post, channels_article, channels_comment, channels_subscription, channels_spamcheckresult CASCADE";

    final RealPosts posts = new RealPosts();
    final Database database = Database.at(posts.target);
    private final StandIn server;
    private final List<String> rules = new ArrayList<>();

    /** Serves a file that lies beside the project, or skips the test where it does not. */
    DiscussionsMove(String file) throws SQLException, IOException {
        try (InputStream old = Objects.requireNonNull(
                DiscussionsFiles.class.getResourceAsStream("old-application.sql"), "old-application.sql")) {
            database.run(new String(old.readAllBytes(), StandardCharsets.UTF_8), OLD_TABLES);
        }
        DiscussionsFiles.install(database);
        server = StandIn.start(StandInOptions.of(RecordedThings.of(posts.records.resolve(file), null)));
        posts.variables.put("REDDIT_URL", server.url().toString());
        posts.variables.put("REDDIT_TOKEN_URL", server.url() + "/api/v1/access_token");
        posts.variables.put("REDDIT_USER_AGENT", "test:backpop:1 (by /u/mover)");
        posts.variables.put("REDDIT_CLIENT_ID", server.account().clientId());
        posts.variables.put("REDDIT_CLIENT_SECRET", server.account().clientSecret());
        posts.variables.put("REDDIT_REFRESH_TOKEN", server.account().refreshToken());
        posts.startWorker(2);
    }

    /** What a command says of each entity, by its name. */
    Map<String, JsonNode> run(int exitCode, String command, String plan, String... arguments) throws IOException {
        String text = DiscussionsFiles.text(plan)
                .replace("requests: 100\n", "requests: 1000000\n")
                .replace(", settle: 10s", "")
                .replace("{ method: rows,", "{ method: rows, settle: 0s,");
        Path copy = Files.writeString(posts.folder.resolve(plan), text);
        List<String> all = new ArrayList<>(List.of(command, copy.toString()));
        all.addAll(List.of(arguments));
        all.add("--json");
        CommandRun run = posts.run(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(exitCode);
        Map<String, JsonNode> found = new HashMap<>();
        run.out()
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.has("entity"))
                .forEach(line -> found.put(line.path("entity").asString(), line));
        return found;
    }

    /** The counters of an entity that say where its rows ended, as {@code written 3, absent 1}; those that are 0 are left out. */
    static String ends(Map<String, JsonNode> lines, String entity) {
        JsonNode counters = Objects.requireNonNull(lines.get(entity), entity).path("counters");
        List<String> ends = new ArrayList<>();
        for (String end : List.of(
                "written",
                "unchanged",
                "guarded",
                "rejected",
                "deferred",
                "excluded",
                "absent",
                "matched",
                "mismatched",
                "missing",
                "unexpected",
                "unverifiable",
                "pending")) {
            long rows = counters.path("rows." + end).asLong();
            if (rows != 0) {
                ends.add(end + " " + rows);
            }
        }
        return String.join(", ", ends);
    }

    long count(String query) throws SQLException {
        return Long.parseLong(database.ask(query).get(0));
    }

    /**
     * Notes a rule that the data exercises, for the table.
     *
     * @param examples SQL that gives the name and what became of it, of each thing that the rule is about
     */
    void rule(String rule, long things, String examples) throws SQLException {
        List<String> found = database.ask(examples);
        assertThat(found).as(rule).hasSize(Math.toIntExact(things));
        rules.add(
                things == 0
                        ? rule + " | - | - | 0"
                        : rule + " | " + found.get(0).replaceFirst("\\|", " | ") + " | " + things);
    }

    /** Writes the table of rules into the folder of the build. */
    void writeRules(String name) throws IOException {
        String root = System.getProperty("backpop.root", "..");
        Path file = Path.of(root, "producer", "target", name);
        Files.writeString(file, "rule | example | outcome | things\n" + String.join("\n", rules) + "\n");
    }

    void stop() throws InterruptedException {
        posts.stopWorkers();
        server.close();
    }
}
