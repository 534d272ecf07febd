package dev.backpop.legacy.reddit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.legacy.FailedRow;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final KeyShape NUMBER = new KeyShape(List.of(KeyType.INTEGER));
    private static final long ALL = 1 << 20;
    private static final long ALMOST_NOTHING = 200;

    @TempDir
    Path scratch;

    private static Key key(int number) {
        return Key.of(Integer.toString(number));
    }

    private static FailedRow absent(int number) {
        return new FailedRow(key(number), FailedRow.Kind.ABSENT, null, "404 Not Found");
    }

    private List<String> told(Spool spool) {
        for (int number = 50; number > 0; number--) {
            if (number % 10 == 0) {
                spool.failed(absent(number));
            } else {
                spool.found(key(number), "{\"n\":" + number + "}");
            }
        }
        spool.found(key(7), "later");
        spool.failed(absent(8));
        spool.found(key(40), "there after all");
        List<String> told = new ArrayList<>();
        spool.deliver(
                (key, document) -> told.add(key.parts().get(0) + " " + document),
                row -> told.add(row.key().parts().get(0) + " " + row.kind() + " " + row.message()));
        return told;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(scratch)) {
            return files.filter(file -> !file.equals(scratch)).toList();
        }
    }

    @Test
    void what_is_small_stays_in_memory_and_comes_out_in_key_order_each_key_once() throws IOException {
        try (Spool spool = new Spool(scratch, NUMBER, ALL)) {
            List<String> told = told(spool);

            assertThat(told).hasSize(50);
            assertThat(told.subList(6, 10))
                    .containsExactly("7 {\"n\":7}", "8 {\"n\":8}", "9 {\"n\":9}", "10 ABSENT 404 Not Found");
            assertThat(told.get(39)).isEqualTo("40 there after all");
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void what_is_large_is_kept_in_files_and_comes_out_the_same() throws IOException {
        try (Spool small = new Spool(scratch, NUMBER, ALL);
                Spool large = new Spool(scratch, NUMBER, ALMOST_NOTHING)) {
            assertThat(told(large)).isEqualTo(told(small));

            List<Key> wanted = List.of(key(7), key(20), key(33), key(99));
            assertThat(large.documents(wanted))
                    .isEqualTo(small.documents(wanted))
                    .isEqualTo(Map.of(key(7), "{\"n\":7}", key(33), "{\"n\":33}"));
            assertThat(files()).isNotEmpty();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void what_comes_after_the_end_leaves_nothing_behind() throws IOException {
        Spool spool = new Spool(scratch, NUMBER, ALMOST_NOTHING);
        told(spool);
        spool.close();

        for (int number = 0; number < 50; number++) {
            spool.found(key(number), "{\"n\":" + number + "}");
        }

        assertThat(files()).isEmpty();
    }
}
