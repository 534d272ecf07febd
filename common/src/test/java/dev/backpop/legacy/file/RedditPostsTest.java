package dev.backpop.legacy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.From;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedditPostsTest {
    private static final List<String> TEXTS = List.of(
            "domain",
            "id",
            "title",
            "ups",
            "downs",
            "num_comments",
            "permalink",
            "selftext",
            "link_flair_text",
            "thumbnail",
            "subreddit_id",
            "edited",
            "link_flair_css_class",
            "author_flair_css_class",
            "is_self",
            "name",
            "url",
            "distinguished",
            "subreddit");

    private static Sample posts() {
        Path file = Path.of(System.getProperty("backpop.root", "."))
                .resolve("../shared/data/reddit-top-posts-sample.ndjson.gz")
                .normalize();
        assumeTrue(Files.isRegularFile(file), "the sample of real posts is not beside this checkout: " + file);
        Sample sample = new Sample(From.Format.NDJSON, true)
                .file(file)
                .runBytes(8 << 20)
                .key("id10")
                .fields(Map.of("created_utc", "epoch_seconds"))
                .column("number", 20, "id10")
                .column("created_on", 1184, "created_utc")
                .column("score", 20, "score")
                .column("over_18", 16, "over_18");
        for (String field : TEXTS) {
            sample.column(field, 25, field);
        }
        return sample;
    }

    @Test
    void real_posts_come_out_by_number_with_their_values_as_they_are() {
        LegacyEntity entity = posts().open();
        AtomicLong nulls = new AtomicLong();
        AtomicLong rows = new AtomicLong();

        List<FailedRow> failed = entity.fetch(new KeySelection.Range(null, null, null), batch -> {
            rows.addAndGet(batch.size());
            batch.forEach(row -> nulls.addAndGet(IntStream.range(0, row.size())
                    .filter(i -> row.field(i) == null)
                    .count()));
        });

        assertThat(failed).isEmpty();
        assertThat(nulls).hasValue(0);
        assertThat(rows).hasValue(113_937);
        assertThat(entity.estimatedKeys()).contains(113_937L);
        assertThat(entity.documents(List.of(Key.of("59072420"))).get(Key.of("59072420")))
                .startsWith("{\"created_utc\": \"1346469006.0\"");
    }

    @Test
    void real_posts_are_expected_as_they_are_written() {
        LegacyEntity entity = posts().open();
        KeySelection all = new KeySelection.Range(null, null, null);
        List<Row> written = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();

        assertThat(entity.fetch(all, written::addAll)).isEmpty();
        List<FailedRow> failed = entity.expect(all, batch -> {
            for (Row row : batch) {
                Row other = written.get(next.getAndIncrement());
                for (int i = 0; i < row.size(); i++) {
                    assertThat(row.field(i)).isNotNull().isEqualTo(other.field(i));
                }
            }
        });

        assertThat(failed).isEmpty();
        assertThat(next).hasValue(113_937);
    }
}
