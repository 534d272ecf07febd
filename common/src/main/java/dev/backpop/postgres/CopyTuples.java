package dev.backpop.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a query as the server's binary COPY sends them, pulled one by one and not taken apart: 16 bits with the number
 * of fields, then each field's length in 32 bits, -1 for NULL, and its bytes. Memory is one row. For one thread.
 *
 * <p>The server works ahead while nobody pulls, as far as the buffers between the two reach. Source of the format:
 * PostgreSQL's reference page of COPY; that a message holds exactly one row: its page of message formats, CopyData.
 */
public final class CopyTuples implements AutoCloseable {
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    /** What is read of an unfinished stream to keep its session; beyond that a new session is cheaper. */
    private static final long MOST_DRAINED = 4L << 20;

    private final Connection connection;
    private final CopyOut copy;
    private boolean begun;
    private boolean ended;

    private CopyTuples(Connection connection, CopyOut copy) {
        this.connection = connection;
        this.copy = copy;
    }

    /**
     * Sends the query; the server begins to work on it and nothing is waited for but its consent.
     *
     * @param query a SELECT without parameters
     */
    public static CopyTuples open(Connection connection, String query) throws SQLException {
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)");
        return new CopyTuples(connection, copy);
    }

    /**
     * The next row, which nobody else holds; null after the last one.
     *
     * @throws SQLException when the query fails, possibly after some rows
     */
    public byte @Nullable [] next() throws SQLException {
        if (ended) {
            return null;
        }
        byte[] message = copy.readFromCopy();
        if (!begun && message != null) {
            begun = true;
            message = withoutHeader(message);
            if (message.length == 0) {
                message = copy.readFromCopy();
            }
        }
        if (message == null || message.length < 2) {
            throw new SQLException("the server's COPY stream ends before its end", "08P01");
        }
        if (message[0] < 0) {
            ended = true;
            if (copy.readFromCopy() != null) {
                throw new SQLException("the server's COPY stream goes on after its end", "08P01");
            }
            return null;
        }
        return message;
    }

    /** The signature, 32 bits of flags, and an extension behind its length. */
    private static byte[] withoutHeader(byte[] message) throws SQLException {
        int fixed = SIGNATURE.length + 8;
        if (message.length < fixed || !Arrays.equals(SIGNATURE, Arrays.copyOf(message, SIGNATURE.length))) {
            throw new SQLException("the server's COPY stream does not start with the binary signature", "08P01");
        }
        int extension = ByteBuffer.wrap(message).getInt(SIGNATURE.length + 4);
        return Arrays.copyOfRange(message, fixed + extension, message.length);
    }

    /**
     * Ends the stream wherever it stands. The session can be used again, or is broken so that its pool notices when it gets
     * it back.
     */
    @Override
    public void close() throws SQLException {
        if (ended || !copy.isActive()) {
            return;
        }
        ended = true;
        long drained = 0;
        while (drained <= MOST_DRAINED) {
            byte[] message = copy.readFromCopy();
            if (message == null) {
                return;
            }
            drained += message.length;
        }
        connection.unwrap(Connection.class).abort(Runnable::run);
    }
}
