package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One PostgreSQL that can be stopped, killed and started again where it was; the embedded one's programs. */
final class PostgresNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder = Servers.newFolder();
    private final Path log = folder.resolve("postgres.log");
    private final String programs;
    private final int port;
    private final List<String> prefix;
    private final List<String> settings;
    private Process server;

    private PostgresNode(List<String> prefix, List<String> settings) throws Exception {
        try (var connection = Servers.postgres().connect()) {
            programs = Database.ask(connection, "SELECT setting FROM pg_config WHERE name = 'BINDIR'")
                    .get(0);
        }
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        this.prefix = prefix;
        this.settings = settings;
        List<String> command = new ArrayList<>(asNobody());
        command.addAll(List.of(programs + "/initdb", "-D", data(), "-U", "postgres", "-A", "trust", "--no-sync"));
        Process initdb = process(command);
        assertThat(initdb.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(initdb.exitValue()).as(said()).isZero();
        server = launch();
        awaitAnswer();
        run("CREATE DATABASE app");
    }

    /** @param settings each as {@code name=value} */
    static PostgresNode start(String... settings) throws Exception {
        return new PostgresNode(List.of(), List.of(settings));
    }

    /**
     * With a tablespace {@code small} on a file system of its own, which lasts as long as the server runs.
     *
     * @param megabytes how large it is
     */
    static PostgresNode withSmallDisk(int megabytes, String... settings) throws Exception {
        Path disk = Servers.newFolder();
        PostgresNode node = new PostgresNode(
                List.of(
                        "unshare",
                        "-U",
                        "-r",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=" + megabytes + "m small " + disk + " && mkdir " + disk
                                + "/small && exec unshare -U \"$@\"",
                        "sh"),
                List.of(settings));
        node.run("CREATE TABLESPACE small LOCATION '" + disk + "/small'");
        return node;
    }

    /** Whether this system lets anybody mount a file system for his own processes. */
    static boolean canMount() throws IOException, InterruptedException {
        Process mount = new ProcessBuilder(
                        "sh",
                        "-c",
                        "unshare -U -r -m sh -c 'mount -t tmpfs -o size=1m small " + Servers.newFolder() + "'")
                .start();
        return mount.waitFor() == 0;
    }

    /** PostgreSQL refuses to run as root, and does not look whose root it is. */
    private static List<String> asNobody() {
        return System.getProperty("user.name").equals("root") ? List.of("unshare", "-U") : List.of();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private Process process(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(prefix.isEmpty() ? asNobody() : prefix);
        command.addAll(List.of(programs + "/postgres", "-D", data(), "-p", String.valueOf(port), "-k", ""));
        command.addAll(List.of("-c", "fsync=off", "-c", "timezone=UTC"));
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        return process(command);
    }

    private void awaitAnswer() {
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    if (!server.isAlive()) {
                        // What is left of the one before may still hold its memory.
                        server = launch();
                    }
                    return !ask("SELECT 1").isEmpty();
                });
    }

    String said() throws IOException {
        return Files.readString(log);
    }

    private String url(String database) {
        return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
    }

    Database database() {
        return Database.at(url("app"));
    }

    /** In the database {@code postgres}. */
    void run(String... statements) throws SQLException {
        Database.at(url("postgres")).run(statements);
    }

    /** In the database {@code postgres}. */
    List<String> ask(String query) throws SQLException {
        return Database.at(url("postgres")).ask(query);
    }

    /** Ends every session and stops, as an administrator does. */
    void stop() {
        Signals.send("INT", server.pid());
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL of the postmaster alone: its sessions end when they notice. */
    void kill() {
        Signals.send("KILL", server.pid());
        awaitEnd();
    }

    /** SIGKILL of the postmaster and of every process of its own, at once: as when the machine goes. */
    void killAll() {
        List<ProcessHandle> all =
                new ArrayList<>(server.toHandle().descendants().toList());
        server.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd();
    }

    /** Starts it again on its port over what it left; returns when it answers. */
    void restart() throws IOException {
        server = launch();
        awaitAnswer();
    }

    /** Stops it and starts it as a standby of nobody, which answers and takes no writes until it is promoted. */
    void demote() throws IOException {
        stop();
        Files.createFile(folder.resolve("data").resolve("standby.signal"));
        restart();
    }

    void promote() throws SQLException {
        assertThat(ask("SELECT pg_promote()")).containsExactly("t");
    }

    @Override
    public void close() {
        killAll();
    }
}
