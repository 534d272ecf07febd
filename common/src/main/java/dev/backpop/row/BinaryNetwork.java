package dev.backpop.row;

import java.util.HexFormat;

/** Network addresses in their send formats. */
final class BinaryNetwork {
    private static final int IPV4 = 2;

    private BinaryNetwork() {}

    /**
     * An {@code inet} or {@code cidr}: family, bits of the net mask, a flag, the length of the address, the address.
     *
     * @param always whether the net mask is shown even if it covers the whole address
     */
    static String address(byte[] field, boolean always) {
        int bits = Byte.toUnsignedInt(field[1]);
        boolean short4 = field[0] == IPV4;
        String text = short4 ? dotted(field, 4) : colons(field);
        return always || bits != (short4 ? 32 : 128) ? text + "/" + bits : text;
    }

    static String hardware(byte[] field) {
        return HexFormat.ofDelimiter(":").formatHex(field);
    }

    private static String dotted(byte[] field, int from) {
        return Byte.toUnsignedInt(field[from])
                + "." + Byte.toUnsignedInt(field[from + 1])
                + "." + Byte.toUnsignedInt(field[from + 2])
                + "." + Byte.toUnsignedInt(field[from + 3]);
    }

    private static int word(byte[] field, int index) {
        return Byte.toUnsignedInt(field[4 + 2 * index]) << 8 | Byte.toUnsignedInt(field[5 + 2 * index]);
    }

    /** As PostgreSQL does: the longest run of zeros becomes {@code ::}, and addresses that hold an IPv4 one show it. */
    private static String colons(byte[] field) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && word(field, end) == 0) {
                end++;
            }
            if (end - i > bestLength) {
                best = i;
                bestLength = end - i;
            }
            i = Math.max(i, end);
        }
        boolean embedded = best == 0
                && (bestLength == 6
                        || (bestLength == 7 && word(field, 7) != 1)
                        || (bestLength == 5 && word(field, 5) == 0xffff));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (best >= 0 && i >= best && i < best + bestLength) {
                text.append(i == best ? ":" : "");
                continue;
            }
            text.append(i == 0 ? "" : ":");
            if (i == 6 && embedded) {
                return text.append(dotted(field, 16)).toString();
            }
            text.append(Integer.toHexString(word(field, i)));
        }
        return best >= 0 && best + bestLength == 8 ? text.append(':').toString() : text.toString();
    }
}
