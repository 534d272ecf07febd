package dev.backpop.scratch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import redis.embedded.RedisServer;
import redis.embedded.RedisServerBuilder;

/** A Redis of its own in a scratch folder, gone with {@link #close}. Needs the embedded server on the class path. */
public final class ScratchRedis implements AutoCloseable {
    private final RedisServer server;
    private final int port;

    private ScratchRedis(RedisServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a server on a free port of the loopback address, without persistence.
     *
     * @param folder an existing folder for whatever the server writes
     * @param settings further lines of its configuration, such as {@code maxmemory 4mb}
     * @throws redis.embedded.exceptions.EmbeddedRedisException when it does not start
     */
    public static ScratchRedis start(Path folder, String... settings) {
        return startOn(freePort(), folder, settings);
    }

    /** As {@link #start}, on a given port: a server that comes back where it was. */
    public static ScratchRedis startOn(int port, Path folder, String... settings) {
        RedisServerBuilder builder = RedisServer.builder()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("dir " + folder);
        for (String setting : settings) {
            builder.setting(setting);
        }
        RedisServer server = builder.build();
        server.start();
        return new ScratchRedis(server, port);
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Stops the server. */
    @Override
    public void close() {
        server.stop();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
