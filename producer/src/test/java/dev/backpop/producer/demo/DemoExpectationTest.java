package dev.backpop.producer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the expectation against moving the rows one at a time with nothing but SQL. */
class DemoExpectationTest {
    @ParameterizedTest
    @ValueSource(longs = {1_000, 1_001, 5_000})
    void moving_row_by_row_in_plain_sql_gives_exactly_the_expected_outcome(long posts) throws Exception {
        DemoSize size = new DemoSize(posts);
        try (DemoDatabase database = new DemoDatabase()) {
            new DemoStores(size).create(database.connection, database.connection);
            database.execute("CREATE TABLE outcome (entity text, key text, outcome text, state text)");
            for (DemoExpectation expected : DemoExpectation.of(size)) {
                DemoMapping mapping = DemoMapping.of(expected.entity());
                database.execute(mapping.moveRowByRow());
                assertThat(counts(database, expected.entity()))
                        .as("backfill of " + expected.entity())
                        .isEqualTo(present(expected.backfill()));
                assertThat(states(database, expected.entity()))
                        .as("rejects of " + expected.entity())
                        .isEqualTo(expected.rejectsBySqlState());
                assertThat(database.count("discussions." + expected.entity(), "true"))
                        .isEqualTo(expected.inTarget());
            }
            for (DemoExpectation expected : DemoExpectation.of(size)) {
                DemoMapping mapping = DemoMapping.of(expected.entity());
                database.execute("TRUNCATE outcome");
                database.execute(mapping.compareRowByRow());
                assertThat(counts(database, expected.entity()))
                        .as("verify of " + expected.entity())
                        .isEqualTo(present(expected.verify()));
                assertThat(database.list("SELECT id FROM discussions." + expected.entity() + " EXCEPT SELECT "
                                + mapping.key() + " FROM legacy." + expected.entity()))
                        .as("unexpected in " + expected.entity())
                        .isEmpty();
                if (expected.entity().equals("post")) {
                    DemoDifference planted = DemoDifference.of(size);
                    assertThat(database.list("SELECT key, state FROM outcome WHERE outcome = 'mismatched'"))
                            .containsExactly(planted.postId() + " " + planted.column());
                    assertThat(database.text("SELECT title FROM legacy.post WHERE post_id = " + planted.postId()))
                            .isEqualTo(planted.legacy());
                    assertThat(database.text("SELECT title FROM discussions.post WHERE id = " + planted.postId()))
                            .isEqualTo(planted.target());
                }
            }
        }
    }

    @Test
    void the_numbers_add_up_and_every_rejected_post_takes_one_comment_with_it() {
        DemoExpectation post = DemoExpectation.of("post", new DemoSize(1_000));
        assertThat(post.rejected()).isEqualTo(DemoReject.COMMENT_POST_REJECTED.count());
        for (DemoExpectation expected : DemoExpectation.of(new DemoSize(DemoSize.DEFAULT_POSTS))) {
            assertThat(sum(expected.backfill())).isEqualTo(expected.enumerated());
            assertThat(sum(expected.verify())).isEqualTo(expected.enumerated());
        }
    }

    @Test
    void a_count_that_is_off_by_one_is_named() {
        DemoExpectation post = DemoExpectation.of("post", new DemoSize(1_000));
        assertThat(post.backfillDifferences(1_000, post.backfill().plus(Counter.ROWS_READ, 5_000)))
                .isEmpty();
        assertThat(post.verifyDifferences(1_000, post.verify())).isEmpty();
        assertThat(post.verifyDifferences(999, post.verify().plus(Counter.ROWS_UNEXPECTED, 1)))
                .containsExactly(
                        "verify of post: enumerated should be 1000 and is 999",
                        "verify of post: unexpected should be 0 and is 1");
    }

    private static long sum(Counters counters) {
        return counters.asMap().values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> present(Counters counters) {
        return counters.asMap().entrySet().stream()
                .filter(entry -> entry.getValue() != 0)
                .collect(Collectors.toMap(entry -> entry.getKey().word(), Map.Entry::getValue));
    }

    private static Map<String, Long> counts(DemoDatabase database, String entity) throws Exception {
        return grouped(database, "SELECT outcome, count(*) FROM outcome WHERE entity = '" + entity + "' GROUP BY 1");
    }

    private static Map<String, Long> states(DemoDatabase database, String entity) throws Exception {
        return grouped(
                database,
                "SELECT state, count(*) FROM outcome WHERE outcome = 'rejected' AND entity = '" + entity
                        + "' GROUP BY 1");
    }

    private static Map<String, Long> grouped(DemoDatabase database, String sql) throws Exception {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String line : database.list(sql)) {
            counts.put(line.substring(0, line.indexOf(' ')), Long.valueOf(line.substring(line.indexOf(' ') + 1)));
        }
        return counts;
    }
}
