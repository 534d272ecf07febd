package dev.backpop.target;

import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.target.WriteResult.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lengths of {@code varchar(n)} columns, checked before a row goes to the database. Immutable.
 *
 * <p>PostgreSQL refuses text that is too long, but not when only blanks are too many: those it cuts without a word, as the
 * SQL standard says. Here both are refused, for nothing may arrive other than it was; and the column can be named, which
 * the server's message does not.
 */
final class LengthLimits {
    private record Limit(int index, String column, int maxCharacters) {}

    private final List<Limit> limits = new ArrayList<>();

    LengthLimits(TargetTable table, RowShape shape) {
        for (int i = 0; i < shape.columns().size(); i++) {
            String name = shape.columns().get(i).name();
            int most = table.column(name).orElseThrow().maxCharacters();
            if (most > 0) {
                limits.add(new Limit(i, name, most));
            }
        }
    }

    /** Why the row cannot be written; empty when no column is too long. */
    Optional<Rejected> refusal(Row row) {
        for (Limit limit : limits) {
            byte[] field = row.field(limit.index());
            // A character takes at least a byte, so few fields are ever decoded.
            if (field == null || field.length <= limit.maxCharacters()) {
                continue;
            }
            String text = new String(field, StandardCharsets.UTF_8);
            int characters = text.codePointCount(0, text.length());
            if (characters > limit.maxCharacters()) {
                return Optional.of(new Rejected(
                        row,
                        "22001",
                        null,
                        limit.column(),
                        limit.column() + ": " + characters + " characters do not fit into character varying("
                                + limit.maxCharacters() + ")"));
            }
        }
        return Optional.empty();
    }
}
