package dev.backpop.legacy.reddit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.legacy.FailedRow.Kind;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.From;
import dev.backpop.plan.LegacySource;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.standin.RecordedThings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real things, served by the stand-in server: what writes and what verifies must read all of them alike. */
class RecordedThingsTest {
    private static final int AT_ONCE = 10_000;

    private long otherSlugs;
    private final List<String> examples = new ArrayList<>();

    private static Path file(String name) {
        Path file = Path.of(System.getProperty("backpop.root", "."))
                .resolve("../shared/data/" + name)
                .normalize();
        assumeTrue(Files.isRegularFile(file), "the real things are not beside this checkout: " + file);
        return file;
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return reader.lines().map(JsonMapper.shared()::readTree).toList();
        }
    }

    @Test
    void every_recorded_object_is_accounted_for_and_read_alike() throws IOException {
        Path file = file("opendiscussions-things.ndjson.gz");
        List<JsonNode> lines = lines(file);
        try (Moved moved = new Moved(RecordedThings.of(file, null), true, LegacySource.Lookups.NONE)) {
            for (From.Thing thing : List.of(From.Thing.CHANNELS, From.Thing.POSTS, From.Thing.COMMENTS)) {
                Set<Key> recorded = new HashSet<>();
                lines.stream()
                        .filter(line -> line.path("kind").asString().equals(thing.kind()))
                        .forEach(line -> recorded.add(key(thing, line.path("data"))));
                LegacyEntity entity = moved.open(thing);
                List<Key> keys = recorded.stream().toList();

                Moved.Found written = moved.fetch(entity, thing, new KeySelection.Keys(keys));
                Moved.Found expected = moved.expect(entity, thing, new KeySelection.Keys(keys));

                assertThat(expected.rows()).as(thing.word()).isEqualTo(written.rows());
                assertThat(expected.failed()).as(thing.word()).isEqualTo(written.failed());
                Set<Key> ends = new HashSet<>(written.rows().keySet());
                ends.addAll(written.failed().keySet());
                assertThat(ends).as(thing.word()).isEqualTo(recorded);
            }
        }
    }

    private static Key key(From.Thing thing, JsonNode data) {
        long number = ThingId.number(data.path("id").asString());
        return thing == From.Thing.COMMENTS
                ? CommentThings.key(
                        ThingId.number(From.Thing.POSTS, data.path("link_id").asString()), number)
                : Key.of(Long.toString(number));
    }

    @Test
    void real_posts_are_read_alike_and_as_they_were_published() throws IOException {
        Path file = file("reddit-top-posts-sample.ndjson.gz");
        try (Moved moved = new Moved(RecordedThings.of(file, null), true, LegacySource.Lookups.NONE)) {
            LegacyEntity posts = moved.open(From.Thing.POSTS);
            List<JsonNode> lines = lines(file);
            long rows = 0;
            for (int from = 0; from < lines.size(); from += AT_ONCE) {
                List<JsonNode> some = lines.subList(from, Math.min(lines.size(), from + AT_ONCE));
                List<Key> keys = new ArrayList<>();
                some.forEach(line -> keys.add(Key.of(line.path("id10").asString())));

                Moved.Found written = moved.fetch(posts, From.Thing.POSTS, new KeySelection.Keys(keys));
                Moved.Found expected = moved.expect(posts, From.Thing.POSTS, new KeySelection.Keys(keys));

                assertThat(expected.failed()).isEqualTo(written.failed());
                written.rows()
                        .forEach((key, row) ->
                                assertThat(expected.rows().get(key)).isEqualTo(row));
                assertThat(expected.rows()).hasSameSizeAs(written.rows());
                assertThat(written.of(Kind.ABSENT)).isZero();
                rows += written.rows().size() + written.of(Kind.UNVERIFIABLE) + written.of(Kind.EXCLUDED);
                some.forEach(line -> slug(line, written));
            }
            assertThat(rows).isEqualTo(113_937);
            // Titles with accents, which the server of those years took off, and with letters of small scripts.
            assertThat(otherSlugs).as("such as %s", examples).isEqualTo(263);
        }
    }

    /** The words of the title in the post's own address, where the server made them by the rule of today. */
    private void slug(JsonNode line, Moved.Found written) {
        Map<String, @Nullable String> row =
                written.rows().get(Key.of(line.path("id10").asString()));
        String[] parts = line.path("permalink").asString().split("/", -1);
        if (row != null && parts.length > 7 && !parts[7].equals(row.get("permalink_slug"))) {
            otherSlugs++;
            if (examples.size() < 10) {
                examples.add(parts[7] + " / " + row.get("permalink_slug"));
            }
        }
    }
}
