package dev.backpop.producer.cli;

import dev.backpop.plan.Spelling;
import dev.backpop.plan.Verification.Method;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.SampleRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code verify} alone can be told. */
final class VerifyOptions {
    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "Compare only N keys of each entity, drawn at random of those that the legacy store has, and say"
                            + " what that proves about all of them; at most 1,000,000.")
    private @Nullable Integer sample;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Draws the same sample of the same keys again; made up, and printed, by default.")
    private @Nullable Long seed;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description = "How rows are first looked at, in place of the plan's verify.method: digests, bytes or rows.")
    private @Nullable String method;

    /**
     * The sample that was asked for; null for none.
     *
     * @throws InvalidInputException when it cannot be drawn
     */
    @Nullable
    SampleRequest sample(boolean listed) {
        Integer size = sample;
        if (size == null) {
            if (seed != null) {
                throw new InvalidInputException("--seed is of a sample: give --sample N too");
            }
            return null;
        }
        if (listed) {
            throw new InvalidInputException(
                    "--sample draws from all keys: leave out --ids, which names them one by one, or --sample");
        }
        return new SampleRequest(size, seed);
    }

    /** Whether a sample was asked for, or something about one. */
    boolean isSampled() {
        return sample != null || seed != null;
    }

    /** @throws InvalidInputException when there is no such method */
    @Nullable
    Method method() {
        String word = method;
        if (word == null) {
            return null;
        }
        List<String> words = Method.words();
        return Method.ofWord(word)
                .orElseThrow(() -> new InvalidInputException("--method: there is no method '" + word + "'"
                        + Spelling.nearest(word, words)
                                .map(meant -> "; did you mean '" + meant + "'?")
                                .orElse("")
                        + " There are: " + String.join(", ", words)));
    }
}
