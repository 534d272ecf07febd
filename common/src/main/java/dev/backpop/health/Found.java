package dev.backpop.health;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The answer to one question, or why there is none. */
record Found<T>(@Nullable T answer, String why) {
    static <T> Found<T> of(T answer) {
        return new Found<>(answer, "");
    }

    static <T> Found<T> unknown(String why) {
        return new Found<>(null, why);
    }

    <R> R map(Function<T, R> known, Function<String, R> unknown) {
        return answer == null ? unknown.apply(why) : known.apply(answer);
    }
}
