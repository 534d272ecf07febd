package dev.backpop.row;

import dev.backpop.testing.Servers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** A session of the shared server in UTC that speaks the binary COPY format. */
final class BinaryServer implements AutoCloseable {
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    private final Connection connection;

    BinaryServer() throws SQLException {
        connection = Servers.postgres().connect();
        execute("SET timezone = 'UTC'");
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    int oid(String type) throws SQLException {
        return Integer.parseInt(String.valueOf(
                texts("SELECT '" + type.replace("'", "''") + "'::regtype::oid").get(0)));
    }

    /** The first column of each row of a query. */
    List<@Nullable String> texts(String query) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** The first column of each row of a query, in the send format. */
    List<byte[]> binary(String query) throws SQLException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        copies().copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)", out);
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
        bytes.position(SIGNATURE.length + 8);
        List<byte[]> fields = new ArrayList<>();
        while (bytes.getShort() == 1) {
            byte[] field = new byte[bytes.getInt()];
            bytes.get(field);
            fields.add(field);
        }
        return fields;
    }

    /** Copies values in the send format into a table of one column. */
    void copyIn(String table, List<byte[]> fields) throws SQLException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(out);
        data.write(SIGNATURE);
        data.writeLong(0);
        for (byte[] field : fields) {
            data.writeShort(1);
            data.writeInt(field.length);
            data.write(field);
        }
        data.writeShort(-1);
        copies().copyIn("COPY " + table + " FROM STDIN (FORMAT binary)", new ByteArrayInputStream(out.toByteArray()));
    }

    private CopyManager copies() throws SQLException {
        return connection.unwrap(BaseConnection.class).getCopyAPI();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
