package dev.backpop.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.backpop.campaign.Counters;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counters of a campaign as people watch them: a view, rebuilt from the ledger whenever Redis lost it. Thread-safe.
 * All calls are tried a second time when their connection broke; all may be applied twice.
 */
public final class Progress {
    private static final Script REBUILD = Script.load("rebuild.lua");
    private static final String KEYS_ENUMERATED = "keys.enumerated";
    private static final String CHUNKS_PLANNED = "chunks.planned";

    private final RedisConnection connection;
    private final RedisKeys keys;

    public Progress(RedisConnection connection, RedisKeys keys) {
        this.connection = connection;
        this.keys = keys;
    }

    /** Every field that was counted, by name; empty for a campaign that Redis does not know. A new map. */
    public Map<String, Long> read(String id) {
        Map<String, Long> counts = new TreeMap<>();
        connection
                .retrying(redis -> redis.hgetAll(keys.progress(id)))
                .forEach((field, value) -> counts.put(field, Long.valueOf(value)));
        return counts;
    }

    /** Says what planning has come to, in all, as the ledger has it. */
    public void setPlanned(String id, long chunksPlanned, long keysEnumerated) {
        Map<String, String> fields =
                Map.of(CHUNKS_PLANNED, Long.toString(chunksPlanned), KEYS_ENUMERATED, Long.toString(keysEnumerated));
        connection.retrying(redis -> redis.hset(keys.progress(id), fields));
    }

    /**
     * Replaces the progress by what the ledger says. A chunk that completes between the reading of the ledger and this
     * call is not shown until the next rebuild; the ledger has it.
     *
     * @param done the sum of the done chunks' counters
     * @param doneChunks the numbers of the done chunks: completing them again counts nothing
     * @param failedChunks the numbers of the failed chunks: completing them moves them to the done
     */
    public void rebuild(
            String id, Counters done, long chunksPlanned, long keysEnumerated, BitSet doneChunks, BitSet failedChunks) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bitmap(doneChunks));
        arguments.add(bitmap(failedChunks));
        add(arguments, KEYS_ENUMERATED, keysEnumerated);
        add(arguments, CHUNKS_PLANNED, chunksPlanned);
        add(arguments, "chunks.done", doneChunks.cardinality());
        add(arguments, "chunks.failed", failedChunks.cardinality());
        done.asMap().forEach((counter, amount) -> add(arguments, counter.redisField(), amount));
        List<String> scriptKeys = List.of(keys.progress(id), keys.counted(id), keys.failed(id), keys.campaign(id));
        connection.retrying(redis -> {
            REBUILD.runBinary(redis, scriptKeys, arguments);
            return true;
        });
    }

    /** As SETBIT would make it: the first bit of a byte is its highest. */
    private static byte[] bitmap(BitSet numbers) {
        byte[] bytes = new byte[(numbers.length() + 7) / 8];
        numbers.stream().forEach(number -> bytes[number >> 3] |= (byte) (0x80 >> (number & 7)));
        return bytes;
    }

    private static void add(List<byte[]> arguments, String field, long value) {
        arguments.add(field.getBytes(UTF_8));
        arguments.add(Long.toString(value).getBytes(UTF_8));
    }
}
