package dev.backpop.producer.cli;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** 113,937 real posts, a legacy and a target database for them, and worker processes. */
final class RealPosts {
    static final long COUNT = 113_937;
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
            "distinguished",
            "subreddit_id");
    private static final String ROOT = System.getProperty("backpop.root", "..");

    final Path records = Path.of(ROOT, "..", "shared", "data").toAbsolutePath().normalize();
    final String legacy = Servers.newDatabase();
    final String target = Servers.newDatabase();
    final Path folder = Servers.newFolder();
    final Map<String, String> variables = new HashMap<>();
    private final Path data = records.resolve("reddit-top-posts-sample.ndjson.gz");
    private final Path workerJar = Path.of(ROOT, "worker", "target", "backpop-worker.jar");
    private final List<Process> workers = new ArrayList<>();

    /** Skips the test where the records, or the worker's jar, are not there. */
    RealPosts() {
        assumeTrue(Files.isReadable(data), "skipped: the real records are not beside the project");
        assumeTrue(Files.isReadable(workerJar), "skipped: the worker's jar is not built yet, 'mvn verify' builds it");
        variables.put("BACKPOP_REDIS_URL", Servers.redis().url());
        variables.put("BACKPOP_REDIS_PREFIX", Servers.newPrefix());
        variables.put("BACKPOP_TARGET_URL", target);
        variables.put("LEGACY_URL", legacy);
    }

    Path plan(String text) throws IOException {
        return Files.writeString(folder.resolve("posts.yaml"), text);
    }

    CommandRun run(String... arguments) {
        return CommandRun.of(variables, arguments);
    }

    static JsonNode lastLine(CommandRun run) {
        String[] lines = run.out().strip().split("\n", -1);
        return JsonMapper.shared().readTree(lines[lines.length - 1]);
    }

    Process startWorker(int lanes) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(WorkerJar.command(
                workerJar, List.of("--lanes", Integer.toString(lanes), "--health-port", "0", "--with-parent")));
        builder.environment().putAll(variables);
        builder.environment().put("BACKPOP_LOG_LEVEL", "WARN");
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        Process worker = builder.start();
        workers.add(worker);
        return worker;
    }

    void loadLegacyTable() throws SQLException, IOException {
        load(legacy);
    }

    /** Makes table {@code posts} of the records as they are, every value a text, in a database. */
    void load(String database) throws SQLException, IOException {
        execute(database, "CREATE TABLE posts (" + String.join(" text NOT NULL, ", FIELDS) + " text NOT NULL)");
        JsonMapper mapper = JsonMapper.shared();
        try (Connection connection = connect(database);
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
        execute(database, "CREATE UNIQUE INDEX ON posts ((id10::bigint))");
        execute(database, "ANALYZE posts");
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    /** How many rows, and the sum of a digest of each. */
    static @Nullable String digest(String url, String columns, String table, String condition) {
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

    static long ask(String url, String sql) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(String url, String sql) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Connection connect(String url) throws SQLException {
        PostgresAddress address = PostgresAddress.parse("test", url, null, null);
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), "");
    }

    void stopWorkers() throws InterruptedException {
        for (Process worker : workers) {
            worker.destroyForcibly().waitFor();
        }
    }
}
