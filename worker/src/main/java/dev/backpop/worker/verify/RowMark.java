package dev.backpop.worker.verify;

import dev.backpop.row.BinaryValues;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What tells one state of a row from another: the version that its store gives it, and a digest of what was read. */
final class RowMark {
    /** Of a row that is not there. */
    static final String NONE = "none";

    private static final int BYTES = 16;

    private RowMark() {}

    /**
     * @param version as the store tells it; null where it cannot
     * @param except positions of columns that are not compared
     */
    static String of(@Nullable String version, @Nullable Row row, Set<Integer> except) {
        if (row == null) {
            return NONE;
        }
        return (version == null ? "" : version + " ") + digest(row, except, (column, field) -> field);
    }

    /**
     * A digest of what a row says, the same for rows of one content on both sides, however they spell their numbers.
     *
     * @param except positions that are left out
     */
    static String content(Row row, RowShape shape, Set<Integer> except) {
        return digest(
                row,
                except,
                (column, field) -> BinaryValues.canonical(
                        shape.columns().get(column).type().transferOid(), field));
    }

    /** The first half of the SHA-256 of a row's fields, in hexadecimal. */
    private static String digest(Row row, Set<Integer> except, Form form) {
        MessageDigest digest = sha256();
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        for (int i = 0; i < row.size(); i++) {
            if (except.contains(i)) {
                continue;
            }
            byte[] read = row.field(i);
            byte[] field = read == null ? null : form.of(i, read);
            // With its length, so that no two rows of different fields are one text; -1 is NULL.
            digest.update(length.putInt(0, field == null ? -1 : field.length).array());
            if (field != null) {
                digest.update(field);
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    /** What of a field counts. */
    private interface Form {
        byte[] of(int column, byte[] field);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
