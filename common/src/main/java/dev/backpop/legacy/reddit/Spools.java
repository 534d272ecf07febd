package dev.backpop.legacy.reddit;

import dev.backpop.row.KeyShape;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each thread read last, kept until it reads again: whoever keeps what could not be written wants its documents then.
 * Thread-safe; close it to remove all files.
 */
final class Spools implements AutoCloseable {
    private record Last(RedditEntity reader, Spool spool) {}

    private final Path scratch;
    private final Map<Thread, Last> last = new ConcurrentHashMap<>();

    /** @param scratch where files are kept; made when missing */
    Spools(Path scratch) {
        this.scratch = scratch;
    }

    /** A new one for this thread, in place of its last. */
    Spool begin(RedditEntity reader, KeyShape shape) {
        Last done = last.remove(Thread.currentThread());
        if (done != null) {
            done.spool().close();
        }
        Spool spool = new Spool(scratch, shape);
        last.put(Thread.currentThread(), new Last(reader, spool));
        return spool;
    }

    /** What this thread read last, if it was of this entity. */
    Optional<Spool> last(RedditEntity reader) {
        return Optional.ofNullable(last.get(Thread.currentThread()))
                .filter(done -> done.reader() == reader)
                .map(Last::spool);
    }

    @Override
    public void close() {
        last.values().forEach(done -> done.spool().close());
        last.clear();
    }
}
