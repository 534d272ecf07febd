package dev.backpop.producer.chaos;

import dev.backpop.scratch.ScratchRedis;
import dev.backpop.testing.Servers;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.exceptions.EmbeddedRedisException;

/** One Redis that can be killed, frozen and started again where it was. */
final class RedisNode implements RedisServers {
    private final Path folder = Servers.newFolder();
    private final String[] settings;
    private ScratchRedis server;
    private long pid;
    private boolean frozen;
    private boolean running;

    private RedisNode(List<String> settings) {
        this.settings = settings.toArray(String[]::new);
        this.server = started(() -> ScratchRedis.start(folder, this.settings));
        started();
    }

    /** @param settings lines of its configuration, such as {@code appendonly yes} */
    static RedisNode start(String... settings) {
        return new RedisNode(List.of(settings));
    }

    /**
     * Starts a server, again when its program was still being written: it is unpacked at each start, and a process that
     * another test forks at this moment holds it open for writing.
     */
    static <T> T started(Supplier<T> start) {
        synchronized (RedisNode.class) {
            for (int failures = 0; ; failures++) {
                try {
                    return start.get();
                } catch (EmbeddedRedisException e) {
                    if (failures == 10) {
                        throw e;
                    }
                }
            }
        }
    }

    private void started() {
        running = true;
        try (UnifiedJedis client = client()) {
            pid = client.info("server")
                    .lines()
                    .filter(line -> line.startsWith("process_id:"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public String url() {
        return server.url();
    }

    @Override
    public UnifiedJedis client() {
        return RedisClient.create("127.0.0.1", port());
    }

    /** SIGKILL. */
    void kill() {
        Signals.send("KILL", pid);
        server.close();
        running = false;
    }

    /** Starts it again on its port, over what its folder holds. */
    void restart() {
        int port = port();
        server = started(() -> ScratchRedis.startOn(port, folder, settings));
        started();
    }

    /** SIGSTOP. */
    void freeze() {
        Signals.send("STOP", pid);
        frozen = true;
    }

    /** SIGCONT. */
    void thaw() {
        Signals.send("CONT", pid);
        frozen = false;
    }

    @Override
    public void close() {
        if (frozen) {
            thaw();
        }
        if (running) {
            server.close();
        }
    }
}
