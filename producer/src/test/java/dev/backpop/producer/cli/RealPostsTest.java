package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.postgres.PostgresAddress;
import dev.backpop.testing.Servers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Moves 113,937 real posts with two worker processes, one of which is killed. The titles are HTML-escaped, which makes 219
 * of them longer than the 300 characters of their new column.
 */
class RealPostsTest {
    private static final long POSTS = 113_937;
    private static final long TOO_LONG = 219;
    private static final List<String> FIELDS = List.of(
            "id10",
            "name",
            "title",
            "url",
            "domain",
            "selftext",
            "subreddit",
            "created_utc",
            "edited",
            "score",
            "num_comments",
            "over_18",
            "is_self",
            "distinguished");
    private static final String ROOT = System.getProperty("backpop.root", "..");

    private final Path records =
            Path.of(ROOT, "..", "shared", "data").toAbsolutePath().normalize();
    private final Path data = records.resolve("reddit-top-posts-sample.ndjson.gz");
    private final Path workerJar = Path.of(ROOT, "worker", "target", "backpop-worker.jar");
    private final String legacy = Servers.newDatabase();
    private final String target = Servers.newDatabase();
    private final Path folder = Servers.newFolder();
    private final Map<String, String> variables = new HashMap<>();
    private final List<Process> workers = new ArrayList<>();

    @BeforeEach
    void the_records_and_the_worker_are_there() {
        assumeTrue(Files.isReadable(data), "skipped: the real records are not beside the project");
        assumeTrue(Files.isReadable(workerJar), "skipped: the worker's jar is not built yet, 'mvn verify' builds it");
        variables.put("BACKPOP_REDIS_URL", Servers.redis().url());
        variables.put("BACKPOP_REDIS_PREFIX", Servers.newPrefix());
        variables.put("BACKPOP_TARGET_URL", target);
        variables.put("LEGACY_URL", legacy);
    }

    @AfterEach
    void stop_the_workers() throws InterruptedException {
        for (Process worker : workers) {
            worker.destroyForcibly().waitFor();
        }
    }

    @Test
    void they_move_from_a_table_of_text_though_a_worker_is_killed() throws Exception {
        loadLegacyTable();
        createTarget("edited boolean NOT NULL, edited_at timestamptz");
        Path plan = Files.writeString(folder.resolve("posts.yaml"), """
                plan: posts
                legacy: { jdbc: { url: "${LEGACY_URL}" } }
                target: { url: "${BACKPOP_TARGET_URL}" }
                entities:
                  post:
                    from: { table: posts, key: "id10::bigint" }
                    into: { table: post, key: id }
                    columns:
                      name: name
                      title: title
                      url: url
                      domain: domain
                      selftext: selftext
                      subreddit: subreddit
                      created_at: to_timestamp(created_utc::double precision)
                      edited: edited <> 'False'
                      edited_at: "CASE WHEN edited IN ('True', 'False') THEN NULL ELSE to_timestamp(edited::double precision) END"
                      score: score::int
                      num_comments: num_comments::int
                      over_18: over_18::boolean
                      is_self: is_self::boolean
                      distinguished: nullif(distinguished, '')
                    guard: insert-only
                """);

        moveWithOneWorkerKilled(plan);

        String row =
                "id, name, title, url, domain, selftext, subreddit, created_at, edited, edited_at, score, num_comments,"
                        + " over_18, is_self, distinguished";
        String mapped = "id10::bigint, name, title, url, domain, selftext, subreddit,"
                + " to_timestamp(created_utc::double precision), edited <> 'False', CASE WHEN edited IN ('True', 'False')"
                + " THEN NULL ELSE to_timestamp(edited::double precision) END, score::int, num_comments::int,"
                + " over_18::boolean, is_self::boolean, nullif(distinguished, '')";
        assertThat(digest(target, row, "post", "true"))
                .isEqualTo(digest(legacy, mapped, "posts", "char_length(title) <= 300"));
    }

    @Test
    void they_move_straight_from_the_compressed_file() throws Exception {
        createTarget("edited text NOT NULL");
        variables.put("POSTS", records.toString());
        Path plan = Files.writeString(folder.resolve("posts-file.yaml"), """
                plan: posts-file
                legacy: { file: { directory: "${POSTS}" } }
                target: { url: "${BACKPOP_TARGET_URL}" }
                entities:
                  post:
                    from:
                      file: reddit-top-posts-sample.ndjson.gz
                      key: id10
                      fields: { id10: bigint, created_utc: epoch_seconds, score: integer, over_18: boolean }
                    into: { table: post, key: id }
                    columns:
                      name: name
                      title: title
                      url: url
                      domain: domain
                      selftext: selftext
                      subreddit: subreddit
                      created_at: created_utc
                      edited: edited
                      score: score
                      num_comments: num_comments
                      over_18: over_18
                      is_self: is_self
                      distinguished: distinguished
                    guard: insert-only
                """);

        moveWithOneWorkerKilled(plan);

        loadLegacyTable();
        String row = "id, name, title, url, domain, selftext, subreddit, created_at, edited, score, num_comments,"
                + " over_18, is_self, distinguished";
        String mapped = "id10::bigint, name, title, url, domain, selftext, subreddit,"
                + " to_timestamp(created_utc::double precision), edited, score::int, num_comments::int,"
                + " over_18::boolean, is_self::boolean, distinguished";
        assertThat(digest(target, row, "post", "true"))
                .isEqualTo(digest(legacy, mapped, "posts", "char_length(title) <= 300"));
    }

    private void moveWithOneWorkerKilled(Path plan) throws Exception {
        startWorker();
        startWorker();
        CompletableFuture<CommandRun> backfill =
                CompletableFuture.supplyAsync(() -> CommandRun.of(variables, "backfill", plan.toString(), "--json"));
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> backfill.isDone() || chunksDone() >= 20);
        assertThat(backfill).as("must not be over before a worker is killed").isNotDone();
        workers.get(0).destroyForcibly();
        CommandRun moved = backfill.get(180, TimeUnit.SECONDS);

        JsonNode result = lastLine(moved);
        assertThat(result.path("state").asString()).isEqualTo("completed");
        assertThat(result.path("enumerated").asLong()).isEqualTo(POSTS);
        assertThat(result.path("counters").path("rows.written").asLong()).isEqualTo(POSTS - TOO_LONG);
        assertThat(result.path("counters").path("rows.rejected").asLong()).isEqualTo(TOO_LONG);
        assertThat(moved.exitCode()).isEqualTo(1);
        assertThat(ask(
                        target,
                        "SELECT count(*) FROM backpop.reject WHERE sqlstate = '22001' AND column_name = 'title'"
                                + " AND message LIKE 'title: % characters do not fit into character varying(300)'"
                                + " AND source IS NOT NULL"))
                .isEqualTo(TOO_LONG);

        CommandRun verified = CommandRun.of(variables, "verify", plan.toString(), "--json");
        JsonNode comparison = lastLine(verified);
        assertThat(comparison.path("counters").path("rows.matched").asLong()).isEqualTo(POSTS - TOO_LONG);
        assertThat(comparison.path("counters").path("rows.missing").asLong()).isEqualTo(TOO_LONG);
        assertThat(comparison.path("counters").path("rows.mismatched").asLong()).isZero();
        assertThat(comparison.path("counters").path("rows.unexpected").asLong()).isZero();
        assertThat(verified.exitCode()).isEqualTo(1);
    }

    private static JsonNode lastLine(CommandRun run) {
        String[] lines = run.out().strip().split("\n", -1);
        return JsonMapper.shared().readTree(lines[lines.length - 1]);
    }

    private long chunksDone() {
        return ask(
                target,
                "SELECT CASE WHEN to_regclass('backpop.chunk') IS NULL THEN 0 ELSE (xpath('/row/n/text()',"
                        + " query_to_xml('SELECT count(*) AS n FROM backpop.chunk WHERE state = ''done''', true, true, '')))[1]"
                        + "::text::bigint END");
    }

    private void startWorker() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                WorkerJar.command(workerJar, List.of("--lanes", "1", "--health-port", "0", "--with-parent")));
        builder.environment().putAll(variables);
        builder.environment().put("BACKPOP_LOG_LEVEL", "WARN");
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        workers.add(builder.start());
    }

    private void createTarget(String edited) {
        execute(
                target,
                "CREATE TABLE post (id bigint PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, title varchar(300) NOT NULL,"
                        + " url text NOT NULL, domain text, selftext text NOT NULL, subreddit text NOT NULL,"
                        + " created_at timestamptz NOT NULL, " + edited + ", score int NOT NULL,"
                        + " num_comments int NOT NULL, over_18 boolean NOT NULL, is_self boolean NOT NULL,"
                        + " distinguished text)");
        execute(target, "CREATE INDEX ON post (created_at)");
    }

    private void loadLegacyTable() throws SQLException, IOException {
        execute(legacy, "CREATE TABLE posts (" + String.join(" text NOT NULL, ", FIELDS) + " text NOT NULL)");
        JsonMapper mapper = JsonMapper.shared();
        try (Connection connection = connect(legacy);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(data)), StandardCharsets.UTF_8))) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            StringBuilder rows = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode post = mapper.readTree(line);
                for (String field : FIELDS) {
                    rows.append(field.equals(FIELDS.get(0)) ? "" : "\t")
                            .append(escaped(post.path(field).asString()));
                }
                rows.append('\n');
                if (rows.length() > 1 << 20) {
                    copy.copyIn("COPY posts FROM STDIN", new StringReader(rows.toString()));
                    rows.setLength(0);
                }
            }
            copy.copyIn("COPY posts FROM STDIN", new StringReader(rows.toString()));
        }
        execute(legacy, "CREATE UNIQUE INDEX ON posts ((id10::bigint))");
        execute(legacy, "ANALYZE posts");
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static @Nullable String digest(String url, String columns, String table, String condition) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
            try (ResultSet found =
                    statement.executeQuery("SELECT count(*) || ' ' || sum(('x' || left(md5((" + "ROW(" + columns + ")"
                            + ")::text), 15))" + "::bit(60)::bigint::numeric) FROM " + table + " WHERE " + condition)) {
                found.next();
                return found.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long ask(String url, String sql) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(String url, String sql) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(String url) throws SQLException {
        PostgresAddress address = PostgresAddress.parse("test", url, null, null);
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), "");
    }
}
