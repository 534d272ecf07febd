package dev.backpop.row;

/**
 * Which types may go into PostgreSQL's record hash as they are, because values with the same hash are the same by {@link
 * BinaryValues#sameValue}, but for chance.
 *
 * <p>Of others the hash leaves something out that a fault may well have changed:
 *
 * <ul>
 *   <li>{@code numeric}, and ranges of it: the sign ({@code 1} and {@code -1} have one hash);
 *   <li>{@code bigint}, and ranges of it: folded to 32 bits such that {@code -1} and {@code 4294967295} have one hash, which is
 *       what a negative integer becomes when it is read as unsigned;
 *   <li>{@code interval}: {@code =} and hash take a month for 30 days and a day for 24 hours;
 *   <li>arrays: dimensions and lower bounds ({@code {1,2}} and {@code {{1},{2}}} have one hash);
 *   <li>{@code jsonb}: where an array or object ends ({@code [[1],2]} and {@code [[1,2]]} have one hash);
 *   <li>{@code json}, {@code xml}, {@code bit}, geometric and other types: they have no extended hash;
 *   <li>types that are not built in, enums among them: their hash is made of a number of their own database.
 * </ul>
 *
 * <p>Text must be hashed in collation {@code "C"}, since one that is not deterministic calls different texts equal. The hash
 * of {@code time}, {@code timestamp} and {@code timestamptz} is made of 32 bits, without a pattern that a fault would follow:
 * two different ones have the same hash with a chance of 1 in 2 to the power of 32.
 */
public final class Digestible {
    private Digestible() {}

    /** Whether a value of this type may go into a record hash as it is. */
    public static boolean isDigestible(int oid) {
        return switch (oid) {
            case 16,
                    17,
                    18,
                    19,
                    21,
                    23,
                    25,
                    26,
                    650,
                    700,
                    701,
                    774,
                    829,
                    869,
                    1042,
                    1043,
                    1082,
                    1083,
                    1114,
                    1184,
                    1266,
                    2950,
                    3904,
                    3912,
                    4451,
                    4535 -> true;
            default -> false;
        };
    }

    /**
     * SQL of what may go into a record hash in place of a value, for PostgreSQL 14 and newer: values with the same hash are
     * the same, but for chance. Those that are the same may have different hashes only where text spells one value in
     * several ways, as {@code jsonb} and arrays do with {@code 1.0} and {@code 1.00}.
     *
     * @param oid the type in which the value travels
     * @param expression SQL of a value of that type, put into parentheses here
     */
    public static String sql(int oid, String expression) {
        if (isDigestible(oid)) {
            return "(" + expression + ")";
        }
        return switch (oid) {
            case 20 -> "int8send(" + expression + ")";
            case 1700 -> "numeric_send(trim_scale(" + expression + "))";
            default -> "((" + expression + ")::text)";
        };
    }
}
