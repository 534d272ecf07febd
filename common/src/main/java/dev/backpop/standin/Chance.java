package dev.backpop.standin;

/** Numbers that look random and are a function of a seed, a question and an id: the same at every look. Immutable. */
record Chance(long seed) {
    /** The numbers of another question. */
    Chance of(String question) {
        return new Chance(mixed(seed ^ mixed(question.hashCode())));
    }

    /** Any long. */
    long bits(long id) {
        return mixed(seed + id * 0x9E3779B97F4A7C15L);
    }

    /** At least 0, below 1. */
    double share(long id) {
        return (bits(id) >>> 11) * 0x1p-53;
    }

    /** At least 0, below the bound. */
    int below(int bound, long id) {
        return (int) Long.remainderUnsigned(bits(id), bound);
    }

    /** SplitMix64's finalizer. */
    private static long mixed(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
