package dev.backpop.postgres;

import dev.backpop.row.Row;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyInputStream;

/**
 * Rows out of and into PostgreSQL by {@code COPY … (FORMAT binary)}.
 *
 * <p>Source of the format: PostgreSQL's reference page of COPY, "Binary Format".
 */
public final class BinaryCopy {
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int BUFFER_BYTES = 1 << 16;

    private BinaryCopy() {}

    /**
     * Streams the rows of a query.
     *
     * @param query a SELECT whose columns are the fields of a row; no parameters
     * @param rows called with each row in turn; what it throws ends the stream and is thrown on
     * @throws SQLException when the query fails, possibly after some rows were delivered
     */
    public static void out(Connection connection, String query, Consumer<Row> rows) throws SQLException {
        String sql = "COPY (" + query + ") TO STDOUT (FORMAT binary)";
        try (PGCopyInputStream stream = new PGCopyInputStream(connection.unwrap(PGConnection.class), sql);
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream, BUFFER_BYTES))) {
            try {
                read(in, stream, rows);
            } catch (Error e) {
                abandon(connection, e);
                throw e;
            }
        } catch (IOException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new SQLException("the COPY stream broke: " + e.getMessage(), "08006", e);
        }
    }

    private static void read(DataInputStream in, PGCopyInputStream stream, Consumer<Row> rows)
            throws IOException, SQLException {
        byte[] signature = in.readNBytes(SIGNATURE.length);
        if (!Arrays.equals(signature, SIGNATURE)) {
            throw new SQLException("the server's COPY stream does not start with the binary signature", "08P01");
        }
        in.readInt();
        in.skipNBytes(in.readInt());
        for (int fields = in.readShort(); fields >= 0; fields = in.readShort()) {
            Row row = readRow(in, fields);
            try {
                rows.accept(row);
            } catch (RuntimeException e) {
                drain(stream, e);
                throw e;
            }
        }
        // To the very end, so that closing the stream has nothing left to cancel.
        if (in.read() >= 0) {
            throw new SQLException("the server's COPY stream goes on after its end", "08P01");
        }
    }

    /**
     * Ends a session whose stream stopped at an unknown place, as when memory ran out, so that nobody gets it again: its
     * pool notices when it is given back.
     */
    private static void abandon(Connection connection, Error cause) {
        try {
            connection.unwrap(Connection.class).abort(Runnable::run);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Reads what the server still sends: a stream that is only cancelled leaves a session that cannot be used again. */
    private static void drain(PGCopyInputStream stream, RuntimeException cause) {
        try {
            while (stream.readFromCopy() != null) {
                // Nobody wants it.
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static Row readRow(DataInputStream in, int size) throws IOException {
        byte[][] fields = new byte[size][];
        for (int i = 0; i < size; i++) {
            int length = in.readInt();
            if (length >= 0) {
                // Not readNBytes, which gathers pieces and needs the room twice.
                fields[i] = new byte[length];
                in.readFully(fields[i]);
            }
        }
        return new Row(fields);
    }

    /**
     * Writes rows into a table.
     *
     * @param table the table as SQL, with its column list
     * @throws SQLException when the server refuses; nothing is kept then
     */
    public static void in(Connection connection, String table, List<Row> rows) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table + " FROM STDIN (FORMAT binary)");
        try {
            write(copy, rows);
        } catch (IOException e) {
            throw new SQLException("a row could not be written to memory", e);
        } catch (Error e) {
            abandon(connection, e);
            throw e;
        } finally {
            if (!connection.isClosed() && copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void write(CopyIn copy, List<Row> rows) throws IOException, SQLException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER_BYTES);
        DataOutputStream out = new DataOutputStream(buffer);
        out.write(SIGNATURE);
        out.writeInt(0);
        out.writeInt(0);
        for (Row row : rows) {
            out.writeShort(row.size());
            for (int i = 0; i < row.size(); i++) {
                byte[] field = row.field(i);
                out.writeInt(field == null ? -1 : field.length);
                if (field != null && field.length < BUFFER_BYTES) {
                    out.write(field);
                } else if (field != null) {
                    // Past the buffer, which would grow to hold it.
                    flush(buffer, copy);
                    copy.writeToCopy(field, 0, field.length);
                }
            }
            if (buffer.size() >= BUFFER_BYTES) {
                flush(buffer, copy);
            }
        }
        out.writeShort(-1);
        flush(buffer, copy);
        copy.endCopy();
    }

    private static void flush(ByteArrayOutputStream buffer, CopyIn copy) throws SQLException {
        byte[] bytes = buffer.toByteArray();
        copy.writeToCopy(bytes, 0, bytes.length);
        buffer.reset();
    }
}
