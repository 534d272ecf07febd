package dev.backpop.producer.live;

import dev.backpop.producer.cli.WorkerJar;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * A target database, two legacy databases of which one is the target, and a real worker with several lanes that serves every
 * trial. Fetching and writing are slowed, so that much happens between the two.
 */
final class LiveScene implements AutoCloseable {
    /** The greatest key that campaigns see; of the keys up to it, every fourth has no row at first. */
    static final int BOUND = 6_000;

    /** Keys that come after the campaign's bound. */
    static final int LAST = BOUND + 500;

    /** Greater than every version of the rows that are there at first. */
    static final long FIRST_VERSION = 1;

    private static final int LANES = 6;
    private static final String SLOWLY = "CREATE FUNCTION slowly(text) RETURNS text LANGUAGE plpgsql AS"
            + " $$ BEGIN PERFORM pg_sleep(0.0005); RETURN $1; END $$";

    private final Path folder = Servers.newFolder();
    private final Map<String, String> variables = new HashMap<>();
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final Database target = Database.with(
            SLOWLY,
            "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$");
    private final Database other = Database.with(SLOWLY);

    private LiveScene() throws SQLException {}

    static Path workerJar() {
        return Path.of(System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar");
    }

    static LiveScene open() throws SQLException, IOException {
        LiveScene scene = withoutWorker();
        scene.worker("worker");
        return scene;
    }

    static LiveScene withoutWorker() throws SQLException {
        LiveScene scene = new LiveScene();
        scene.variables.put("BACKPOP_REDIS_URL", Servers.redis().url());
        scene.variables.put("BACKPOP_REDIS_PREFIX", Servers.newPrefix());
        scene.variables.put("BACKPOP_TARGET_URL", scene.target.url());
        scene.variables.put("OTHER_URL", scene.other.url());
        return scene;
    }

    /** Starts one more worker, or the first again after its end. */
    Process worker(String name) throws IOException {
        return start(
                name,
                WorkerJar.command(workerJar(), List.of("--lanes", String.valueOf(LANES), "--health-port", "0", "-v")));
    }

    /**
     * New tables: the legacy rows, and a third of them in the new table, as some older dual write has left them.
     *
     * @param upToDate whether those are what the legacy rows are now
     */
    LiveTables tables(String name, boolean oneDatabase, boolean upToDate) throws SQLException {
        Database legacy = oneDatabase ? target : other;
        String columns = " (id int PRIMARY KEY, x text NOT NULL, version bigint NOT NULL)";
        legacy.run(
                "CREATE TABLE old_" + name + columns,
                "INSERT INTO old_" + name + " SELECT i, 'legacy ' || i, 1 FROM generate_series(1, " + BOUND
                        + ") AS i WHERE i % 4 <> 1");
        target.run(
                "CREATE TABLE " + name + columns,
                "INSERT INTO " + name + " SELECT i, " + (upToDate ? "'legacy ' || i, 1" : "'before', 0")
                        + " FROM generate_series(1, " + BOUND + ", 3) AS i WHERE i % 4 <> 1",
                "CREATE TRIGGER slowly BEFORE INSERT ON " + name
                        + " WHEN (current_setting('backpop.session', true) <> '') EXECUTE FUNCTION slowly()");
        return new LiveTables(legacy, "old_" + name, target, name, oneDatabase);
    }

    /** New tables: the legacy rows, and the same rows in the new table. */
    LiveTables equalTables(String name, boolean oneDatabase) throws SQLException {
        return equalTables(name, oneDatabase, "int");
    }

    /** @param keyType int or text */
    LiveTables equalTables(String name, boolean oneDatabase, String keyType) throws SQLException {
        Database legacy = oneDatabase ? target : other;
        String create = " (id " + keyType + " PRIMARY KEY, x text NOT NULL, version bigint NOT NULL)";
        String rows = " SELECT i::" + keyType + ", 'legacy ' || i, 1 FROM generate_series(1, " + BOUND
                + ") AS i WHERE i % 4 <> 1";
        legacy.run("CREATE TABLE old_" + name + create, "INSERT INTO old_" + name + rows);
        target.run("CREATE TABLE " + name + create, "INSERT INTO " + name + rows);
        return new LiveTables(legacy, "old_" + name, target, name, oneDatabase);
    }

    LiveKeys keys() {
        return new LiveKeys(LAST, key -> key <= BOUND && key % 4 != 1);
    }

    /** A plan that moves the tables, named as the new one. */
    Path plan(LiveTables tables, String guard) throws IOException {
        return plan(tables, guard, "slowly(x)", "{}");
    }

    /**
     * A plan that verifies the tables, at full speed.
     *
     * @param verify as it stands in a plan
     */
    Path verification(LiveTables tables, String verify) throws IOException {
        return plan(tables, "fence", "x", verify);
    }

    private Path plan(LiveTables tables, String guard, String x, String verify) throws IOException {
        String url = tables.oneTransaction() ? "BACKPOP_TARGET_URL" : "OTHER_URL";
        return Files.writeString(folder.resolve(tables.newTable() + ".yaml"), """
                plan: %s
                legacy: { jdbc: { url: "${%s}" } }
                target: { url: "${BACKPOP_TARGET_URL}" }
                entities:
                  thing:
                    from: { table: %s, key: id }
                    into: { table: %s, key: id }
                    columns: { x: %s, version: version }
                    guard: %s
                    verify: %s
                """.formatted(
                        tables.newTable(), url, tables.oldTable(), tables.newTable(), x, guard, verify));
    }

    /** A file of every key that there is or may be, for {@code --ids}. */
    Path listOfKeys() throws IOException {
        return Files.write(
                folder.resolve("keys.txt"),
                IntStream.rangeClosed(1, LAST).mapToObj(String::valueOf).toList());
    }

    private Process start(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()));
        builder.environment().putAll(variables);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** How a command ended, and what it said. */
    record Run(int exitCode, String said) {}

    /** Starts a command in a process of its own; {@link #ended} waits for it. */
    Process backpop(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.backpop.producer.cli.Backpop"));
        command.addAll(List.of(arguments));
        return start(name, command);
    }

    /**
     * Waits for a command, three minutes at most.
     *
     * @param name of its log
     */
    Run ended(String name, Process process) throws IOException, InterruptedException {
        boolean ended = process.waitFor(180, TimeUnit.SECONDS);
        String said = Files.readString(folder.resolve(name + ".log"));
        if (!ended) {
            throw new IllegalStateException(name + " did not end in three minutes: " + said);
        }
        return new Run(process.exitValue(), said);
    }

    /** How many chunks of a campaign are done; 0 when there is no such campaign yet. */
    long chunksDone(String campaign) {
        try {
            return target.ask("SELECT to_regclass('backpop.chunk') IS NULL").equals(List.of("t"))
                    ? 0
                    : Long.parseLong(target.ask("SELECT count(*) FROM backpop.chunk WHERE state = 'done'"
                                    + " AND campaign_id = '" + campaign + "'")
                            .get(0));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each wrong row of the new table, as {@code KIND KEY}, by SQL alone, in order. */
    List<String> wrong(LiveTables tables) throws Exception {
        String legacy = tables.oneTransaction() ? tables.oldTable() : copied(tables);
        return target.ask("""
                SELECT CASE WHEN young.id IS NULL THEN 'missing' WHEN old.id IS NULL THEN 'unexpected'
                    ELSE 'mismatched' END || ' ' || id
                FROM (SELECT id FROM (TABLE %1$s EXCEPT TABLE %2$s) AS a UNION SELECT id FROM (TABLE %2$s EXCEPT TABLE %1$s)
                    AS b) AS wrong LEFT JOIN %1$s AS old USING (id) LEFT JOIN %2$s AS young USING (id) ORDER BY 1
                """.formatted(legacy, tables.newTable()));
    }

    private String copied(LiveTables tables) throws Exception {
        String copy = tables.oldTable() + "_now";
        target.run("DROP TABLE IF EXISTS " + copy, "CREATE TABLE " + copy + " (LIKE " + tables.newTable() + ")");
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        try (Connection from = tables.legacy().connect();
                Connection into = target.connect()) {
            from.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY " + tables.oldTable() + " TO STDOUT", rows);
            into.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + copy + " FROM STDIN", new ByteArrayInputStream(rows.toByteArray()));
        }
        return copy;
    }

    Database target() {
        return target;
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly().onExit().join();
        }
    }
}
