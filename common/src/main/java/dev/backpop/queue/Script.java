package dev.backpop.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A Lua script of this package's resources, called by its digest and sent whole when the server does not know it (any
 * more). Immutable. All keys of a call must share one hash tag.
 */
final class Script {
    private final String text;
    private final String digest;

    private Script(String text, String digest) {
        this.text = text;
        this.digest = digest;
    }

    /** @param name the resource, such as {@code lease.lua} */
    static Script load(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the script " + name + " is missing from the class path");
            }
            byte[] bytes = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes);
            return new Script(new String(bytes, UTF_8), HexFormat.of().formatHex(digest));
        } catch (IOException e) {
            throw new UncheckedIOException("the script " + name + " cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Null where the script returns nil or false; otherwise Long, String or a List of these. */
    @Nullable
    Object run(UnifiedJedis redis, List<String> keys, List<String> arguments) {
        try {
            return redis.evalsha(digest, keys, arguments);
        } catch (JedisNoScriptException e) {
            return redis.eval(text, keys, arguments);
        }
    }

    /** As {@link #run}, for a script that returns an integer. */
    long runToLong(UnifiedJedis redis, List<String> keys, List<String> arguments) {
        return run(redis, keys, arguments) instanceof Long number ? number : 0;
    }

    /** As {@link #run} with arguments that are no text, for a script whose answer does not matter. */
    void runBinary(UnifiedJedis redis, List<String> keys, List<byte[]> arguments) {
        List<byte[]> binaryKeys = keys.stream().map(key -> key.getBytes(UTF_8)).toList();
        try {
            redis.evalsha(digest.getBytes(UTF_8), binaryKeys, arguments);
        } catch (JedisNoScriptException e) {
            redis.eval(text.getBytes(UTF_8), binaryKeys, arguments);
        }
    }
}
