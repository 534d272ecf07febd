package dev.backpop.legacy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.plan.From;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileLegacyTest {
    private static final int BIGINT = 20;
    private static final int INTEGER = 23;
    private static final int TEXT = 25;
    private static final int TIMESTAMPTZ = 1184;
    private static final KeySelection ALL = new KeySelection.Range(null, null, null);

    @Test
    void json_values_keep_their_exact_text_and_null_and_absent_are_null() throws Exception {
        Sample sample = Sample.ndjson(
                        "{\"id\": 2, \"v\": 0.10}",
                        "{\"id\": 1, \"v\": null}",
                        "{\"id\": 3}",
                        "{\"id\": 4, \"v\": \"a\\tb 😀 \\ud83d\\ude00 \\u0001\"}",
                        "{\"id\": 5, \"v\": {\"n\": 1.10, \"e\": [1E5, {}]}}",
                        "{\"id\": 6, \"v\": [ 1.0,  \"x\" ], \"after\": 1}",
                        "{\"id\": 7, \"v\": true}",
                        "",
                        "{\"id\": 8, \"v\": 1E400}",
                        "{\"id\": 9, \"v\": \"\"}")
                .column("id", BIGINT, "id")
                .column("v", TEXT, "v");

        assertThat(sample.rows())
                .containsExactly(
                        "1|null",
                        "2|0.10",
                        "3|null",
                        "4|a\tb 😀 😀 \u0001",
                        "5|{\"n\": 1.10, \"e\": [1E5, {}]}",
                        "6|[ 1.0,  \"x\" ]",
                        "7|true",
                        "8|1E400",
                        "9|");
    }

    @Test
    void dotted_names_lead_into_nested_objects_and_a_whole_name_comes_first() throws Exception {
        Sample sample = Sample.ndjson(
                        "{\"id\": 1, \"a\": {\"b\": {\"c\": \"deep\"}, \"x\": 1}}",
                        "{\"id\": 2, \"a\": {\"b\": {\"c\": \"deep\"}}, \"a.b.c\": \"whole\"}",
                        "{\"id\": 3, \"a.b.c\": \"whole\", \"a\": {\"b\": {\"c\": \"deep\"}}}",
                        "{\"id\": 4, \"a\": [{\"b\": 1}]}",
                        "{\"id\": 5, \"a\": {\"b\": \"no object\"}}",
                        "{\"id\": 6, \"a.b.c\": null, \"a\": {\"b\": {\"c\": \"deep\"}}}")
                .column("id", BIGINT, "id")
                .column("c", TEXT, "a.b.c")
                .column("b", TEXT, "a.b");

        assertThat(sample.rows())
                .containsExactly(
                        "1|deep|{\"c\": \"deep\"}",
                        "2|whole|{\"c\": \"deep\"}",
                        "3|whole|{\"c\": \"deep\"}",
                        "4|null|null",
                        "5|null|no object",
                        "6|null|{\"c\": \"deep\"}");
    }

    @Test
    void nested_documents_keep_their_text_wherever_they_stand_in_a_long_record() throws Exception {
        String filler = "é😀\\n".repeat(40_000);
        Sample sample = Sample.ndjson("{\"id\": 1, \"filler\": \"" + filler + "\", \"v\": {\"n\": [1.10]}, \"more\": \""
                        + filler + "\", \"w\": [2.50]}")
                .column("id", BIGINT, "id")
                .column("v", TEXT, "v")
                .column("w", TEXT, "w");

        assertThat(sample.rows()).containsExactly("1|{\"n\": [1.10]}|[2.50]");
    }

    @Test
    void csv_tells_an_empty_field_from_an_empty_text() throws Exception {
        Sample sample = Sample.csv(
                        "\uFEFFid,note,last one",
                        "3,\"\",",
                        "1,,\"\"",
                        "2,\"a,\"\"b\"\"\nc\",😀",
                        "",
                        "4, padded ,NULL")
                .column("id", BIGINT, "id")
                .column("note", TEXT, "note")
                .column("last", TEXT, "last one");

        assertThat(sample.rows()).containsExactly("1|null|", "2|a,\"b\"\nc|😀", "3||null", "4| padded |NULL");
        assertThat(sample.open().documents(List.of(Key.of("1"), Key.of("9"))))
                .isEqualTo(Map.of(Key.of("1"), "{\"id\":\"1\",\"note\":null,\"last one\":\"\"}"));
    }

    @Test
    void one_bad_value_costs_one_row_and_says_which_column() throws Exception {
        Sample sample = Sample.ndjson(
                        "{\"id\": 1, \"score\": 5, \"title\": \"fine\"}",
                        "{\"id\": 2, \"score\": \"abc\", \"title\": \"x\"}",
                        "{\"id\": 3, \"score\": 99999999999, \"title\": \"x\"}",
                        "{\"id\": 4, \"score\": 6, \"title\": \"a\\u0000b\"}",
                        "{\"id\": 5, \"score\": 7, \"title\": \"\\ud800\"}",
                        "{\"id\": 6, \"score\": 8, \"title\": \"fine too\"}")
                .column("id", BIGINT, "id")
                .column("score", INTEGER, "score")
                .column("title", TEXT, "title");

        assertThat(sample.rows())
                .containsExactly(
                        "1|5|fine",
                        "6|8|fine too",
                        "2 22P02 column score: 'abc' is not an integer",
                        "3 22003 column score: 99999999999 is out of range for integer",
                        "4 22021 column title: the text holds U+0000 at position 2, which PostgreSQL cannot store",
                        "5 22021 column title: the text holds half a surrogate pair (U+D800) at position 1, which is no "
                                + "character");
    }

    @Test
    void declared_fields_are_converted_or_checked() throws Exception {
        Sample sample = Sample.ndjson(
                        "{\"id\": 1, \"created\": \"1346469006.0\", \"n\": \"1.5\"}",
                        "{\"id\": 2, \"created\": 1346469006.123456, \"n\": \"x\"}",
                        "{\"id\": 3, \"created\": \"False\", \"n\": 1}")
                .fields(Map.of("created", "epoch_seconds", "n", "numeric(10,2)"))
                .column("id", BIGINT, "id")
                .column("created", TIMESTAMPTZ, "created")
                .column("local", 1114, "created")
                .column("n", TEXT, "n");

        assertThat(sample.rows())
                .containsExactly(
                        "1|2012-09-01 03:10:06+00|2012-09-01 03:10:06|1.5",
                        "2 22P02 column n: 'x' is not a number",
                        "3 22P02 column created: 'False' is not a number of seconds since 1970");
    }

    @Test
    void columns_of_types_that_are_not_encoded_travel_as_text() throws Exception {
        Sample sample = Sample.ndjson("{\"id\": 1, \"mood\": \"happy\"}")
                .column("id", BIGINT, "id")
                .column("mood", new ColumnType(16_400, "mood", "mood", true), "mood");

        assertThat(sample.rows()).containsExactly("1|happy");
    }

    @ParameterizedTest
    @CsvSource({"NDJSON,false", "NDJSON,true", "CSV,false", "CSV,true"})
    void unsorted_composite_keys_come_out_in_key_order(From.Format format, boolean gzip) throws Exception {
        List<List<String>> records = new ArrayList<>();
        for (String name : List.of("b", "a", "ab", "", "Z", "é", "😀", "\uFFFD")) {
            for (int number : new int[] {10, -1, 9, 0}) {
                records.add(List.of(name, Integer.toString(number)));
            }
        }
        Collections.shuffle(records, new Random(7));
        StringBuilder text = new StringBuilder(format == From.Format.CSV ? "name,number\n" : "");
        for (List<String> record : records) {
            text.append(
                    format == From.Format.CSV
                            ? "\"" + record.get(0) + "\"," + record.get(1) + "\n"
                            : "{\"name\":\"" + record.get(0) + "\",\"number\":" + record.get(1) + "}\n");
        }
        Sample sample = new Sample(format, gzip)
                .content(text.toString())
                .runBytes(500)
                .key("name", "number")
                .column("name", TEXT, "name")
                .column("number", BIGINT, "number");
        List<Key> sorted =
                records.stream().map(Key::new).sorted(sample.shape().key()).toList();

        LegacyEntity entity = sample.open();

        assertThat(Sample.keys(entity)).isEqualTo(sorted);
        assertThat(sample.rows(entity, new KeySelection.Range(null, Key.of("a", "9"), Key.of("ab", "0"))))
                .containsExactly("a|10", "ab|-1", "ab|0");
    }

    @Test
    void uuid_and_date_keys_are_ordered_as_the_database_orders_them() throws Exception {
        Sample uuids = Sample.ndjson(
                        "{\"id\": \"F0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\"}",
                        "{\"id\": \"00000000-0000-0000-0000-000000000001\"}",
                        "{\"id\": \"7fffffff-0000-0000-0000-000000000001\"}")
                .column("id", 2950, "id");
        Sample dates = Sample.csv("id", "2024-02-29", "-0001-01-01", "1999-12-31", "2000-01-01")
                .column("id", 1082, "id");

        assertThat(Sample.keys(uuids.open()))
                .containsExactly(
                        Key.of("00000000-0000-0000-0000-000000000001"),
                        Key.of("7fffffff-0000-0000-0000-000000000001"),
                        Key.of("f0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"));
        assertThat(Sample.keys(dates.open()))
                .containsExactly(
                        Key.of("-0001-01-01"), Key.of("1999-12-31"), Key.of("2000-01-01"), Key.of("2024-02-29"));
    }

    @Test
    void ranges_lists_bounds_and_limits_hold() throws Exception {
        Sample sample = Sample.csv(Stream.concat(
                                Stream.of("id"),
                                IntStream.range(0, 100).map(i -> 99 - i).mapToObj(i -> Integer.toString(i * 10)))
                        .toArray(String[]::new))
                .column("id", BIGINT, "id");
        LegacyEntity entity = sample.open();
        List<Key> keys = new ArrayList<>();

        entity.keys(Key.of("15"), Key.of("30"), Key.of("75"), 3, keys::add);

        assertThat(keys).containsExactly(Key.of("40"), Key.of("50"), Key.of("60"));
        assertThat(entity.estimatedKeys()).contains(100L);
        assertThat(entity.lastKey(null, null)).contains(Key.of("990"));
        assertThat(entity.lastKey(null, Key.of("55"))).contains(Key.of("50"));
        assertThat(entity.lastKey(Key.of("51"), Key.of("59"))).isEmpty();
        assertThat(entity.lastKey(Key.of("1000"), null)).isEmpty();
        assertThat(sample.rows(entity, new KeySelection.Range(null, Key.of("970"), null)))
                .containsExactly("980", "990");
        assertThat(sample.rows(entity, new KeySelection.Range(null, null, Key.of("10"))))
                .containsExactly("0", "10");
        assertThat(sample.rows(
                        entity,
                        new KeySelection.Keys(
                                List.of(Key.of("990"), Key.of("5"), Key.of("0"), Key.of("990"), Key.of("-1")))))
                .containsExactly("0", "990");
    }

    @Test
    void an_empty_file_has_no_keys() throws Exception {
        LegacyEntity entity = new Sample(From.Format.NDJSON, false)
                .content("")
                .column("id", BIGINT, "id")
                .open();

        assertThat(entity.estimatedKeys()).contains(0L);
        assertThat(entity.lastKey(null, null)).isEmpty();
        assertThat(entity.fetch(ALL, batch -> assertThat(batch).isNotEmpty())).isEmpty();
    }

    @Test
    void rows_come_in_bounded_batches_and_what_the_consumer_throws_is_thrown_on() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            text.append("{\"id\":").append(i).append("}\n");
        }
        String wide = "x".repeat(3 << 20);
        for (int i = 3_000; i < 3_004; i++) {
            text.append("{\"id\":").append(i).append(",\"v\":\"").append(wide).append("\"}\n");
        }
        LegacyEntity entity = new Sample(From.Format.NDJSON, false)
                .content(text.toString())
                .column("id", BIGINT, "id")
                .column("v", TEXT, "v")
                .open();
        List<Integer> sizes = new ArrayList<>();

        entity.fetch(ALL, batch -> sizes.add(batch.size()));

        assertThat(sizes).containsExactly(1_000, 1_000, 502, 2);
        assertThatThrownBy(() -> entity.fetch(ALL, batch -> {
                    throw new UncheckedIOException(new IOException("the target's"));
                }))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void two_hundred_thousand_records_are_sorted_in_many_runs() throws Exception {
        int count = 200_000;
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(numbers, new Random(11));
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            text.append("{\"id\":")
                    .append(number)
                    .append(",\"v\":\"value ")
                    .append(number)
                    .append("\"}\n");
        }
        Sample sample = new Sample(From.Format.NDJSON, true)
                .content(text.toString())
                .runBytes(200_000)
                .column("id", BIGINT, "id")
                .column("v", TEXT, "v");

        LegacyEntity entity = sample.open();

        List<Row> rows = new ArrayList<>();
        assertThat(entity.fetch(ALL, rows::addAll)).isEmpty();
        assertThat(rows).hasSize(count);
        assertThat(IntStream.range(0, count)
                        .allMatch(i -> sample.shape().keyOf(rows.get(i)).equals(Key.of(Integer.toString(i)))))
                .isTrue();
        assertThat(leftOver(sample.scratch)).hasSize(3);
    }

    @Test
    void every_record_without_a_key_of_its_own_is_named_with_its_line() throws Exception {
        Sample sample = Sample.ndjson(
                        "{\"id\": 1}",
                        "{\"id\": ",
                        "[1]",
                        "{\"id\": null}",
                        "{}",
                        "{\"id\": \"abc\"}",
                        "{\"id\": 2}",
                        "{\"id\": 1}",
                        "{\"id\": \"01\"}",
                        "{\"id\": 3} {\"id\": 4}")
                .runBytes(100)
                .column("id", BIGINT, "id");

        assertThatThrownBy(sample::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("8 record(s) cannot be accounted for")
                .hasMessageContaining("line 2: the line is not JSON")
                .hasMessageContaining("line 3: the record is not a JSON object")
                .hasMessageContaining("line 4: the record has no key: field id is null or absent")
                .hasMessageContaining("line 5: the record has no key")
                .hasMessageContaining("line 6: 'abc' is not a key of type bigint")
                .hasMessageContaining("line 8: key 1 stands on line 1 already")
                .hasMessageContaining("line 9: key 1 stands on line 1 already")
                .hasMessageContaining("line 10: there is more after the end of the record");
        assertThat(leftOver(sample.scratch)).hasSize(1);
    }

    @Test
    void only_the_first_twenty_problems_are_listed_and_all_are_counted() throws Exception {
        String[] lines = new String[1_000];
        Arrays.fill(lines, "{}");

        assertThatThrownBy(Sample.ndjson(lines).column("id", BIGINT, "id")::open)
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        e -> assertThat(e.problems()).hasSize(21))
                .hasMessageContaining("1000 record(s)")
                .hasMessageContaining("line 20:")
                .hasMessageNotContaining("line 21:");
    }

    @Test
    void bytes_that_are_not_utf_8_are_named() throws Exception {
        byte[] latin = "{\"id\":1,\"v\":\"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] csv = "id,v\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(new Sample(From.Format.NDJSON, false).content(latin).column("id", BIGINT, "id")::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 1: the line is not UTF-8");
        assertThatThrownBy(new Sample(From.Format.CSV, false).content(csv).column("id", BIGINT, "id")::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void csv_records_that_do_not_read_are_named() throws Exception {
        assertThatThrownBy(Sample.csv("id,v", "1,a", "2,b,c", "3", "4,d").column("id", BIGINT, "id")::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2 record(s)")
                .hasMessageContaining("line 3: the record has 3 fields, but the header has 2 columns")
                .hasMessageContaining("line 4: the record has 1 fields");
        assertThatThrownBy(Sample.csv("id,v", "1,a", "2,\"never closed", "3,c").column("id", BIGINT, "id")::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 3: ")
                .hasMessageContaining("nothing after it was read");
        assertThatThrownBy(Sample.csv("id,v", "1,a", "2,\"x\"y").column("id", BIGINT, "id")::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 3: ");
        assertThatThrownBy(Sample.csv("id,id", "1,2").column("id", BIGINT, "id")::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("header line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lower(title)", "'a literal'", "a || b", "17", "a b", ""})
    void expressions_are_refused(String expression) throws Exception {
        Sample sample = Sample.ndjson("{\"id\":1}").column("id", BIGINT, "id").column("v", TEXT, expression);

        assertThatThrownBy(sample::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("files have no expressions");
    }

    @Test
    void names_and_types_that_do_not_fit_are_all_named_at_once() throws Exception {
        Sample sample = Sample.csv("id,title,created_utc", "1,a,2")
                .fields(Map.of("title", "txt", "created_utc", "epoch_seconds"))
                .column("id", BIGINT, "id")
                .column("title", TEXT, "titel")
                .column("created", BIGINT, "created_utc");

        assertThatThrownBy(sample::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no column 'titel' in the header; did you mean 'title'?")
                .hasMessageContaining("field 'title' has the unknown type 'txt'")
                .hasMessageContaining("epoch_seconds, which goes into a timestamp column");
    }

    @Test
    void a_key_column_mapped_from_another_field_is_refused() throws Exception {
        Sample sample = Sample.ndjson("{\"id\":1,\"other\":2}").column("id", BIGINT, "other");

        assertThatThrownBy(sample::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("legacy and target key must be the same field");
    }

    @Test
    void names_that_are_no_plain_words_stand_in_double_quotes() throws Exception {
        Sample sample = Sample.ndjson("{\"id\":1,\"created at\":\"x\"}")
                .column("id", BIGINT, "id")
                .column("v", TEXT, "\"created at\"");

        assertThat(sample.rows()).containsExactly("1|x");
    }

    @Test
    void a_missing_file_is_wrong_input_and_an_unreadable_one_an_unavailable_store() throws Exception {
        Sample missing = Sample.ndjson("{}").column("id", BIGINT, "id");
        Files.delete(missing.file());
        Sample folder = Sample.ndjson("{}").column("id", BIGINT, "id");
        folder.file(Files.createDirectory(folder.folder.resolve("sub")));

        assertThatThrownBy(missing::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no file " + missing.file());
        assertThatThrownBy(folder::open).isInstanceOf(LegacyUnavailableException.class);
    }

    @Test
    void a_sorted_copy_that_is_gone_is_an_unavailable_store_and_no_missing_key() throws Exception {
        Sample sample = Sample.ndjson("{\"id\":1}").column("id", BIGINT, "id");
        LegacyEntity entity = sample.open();
        for (Path file : leftOver(sample.scratch)) {
            Files.delete(file);
        }

        assertThatThrownBy(() -> entity.fetch(ALL, batch -> {})).isInstanceOf(LegacyUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NDJSON", "CSV"})
    void gzip_that_is_cut_off_or_is_none_is_refused(From.Format format) throws Exception {
        StringBuilder text = new StringBuilder("id\n");
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            text.append(random.nextLong()).append('\n');
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(whole)) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        Sample cut = new Sample(format, true).column("id", BIGINT, "id");
        Files.write(cut.file(), Arrays.copyOf(whole.toByteArray(), whole.size() / 2));
        Sample plain = new Sample(format, true).column("id", BIGINT, "id");
        Files.writeString(plain.file(), "id\n1\n");

        assertThatThrownBy(cut::open).isInstanceOf(InvalidInputException.class).hasMessageContaining("cut off");
        assertThatThrownBy(plain::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is not sound gzip data");
        assertThat(leftOver(cut.scratch)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void a_changed_file_gets_another_copy_and_an_unchanged_one_the_same() throws Exception {
        Sample sample = Sample.ndjson("{\"id\":1}").column("id", BIGINT, "id");
        sample.open();
        List<Path> copies = leftOver(sample.scratch);
        FileTime made = Files.getLastModifiedTime(copies.get(0));
        sample.open();
        assertThat(leftOver(sample.scratch)).isEqualTo(copies);
        assertThat(Files.getLastModifiedTime(copies.get(0))).isEqualTo(made);

        sample.content("{\"id\":1}\n{\"id\":2}\n");

        assertThat(sample.rows()).containsExactly("1", "2");
        assertThat(leftOver(sample.scratch)).hasSize(6);
    }

    @Test
    void two_builders_at_once_make_one_copy() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 20_000; i > 0; i--) {
            text.append("{\"id\":").append(i).append("}\n");
        }
        Sample sample = new Sample(From.Format.NDJSON, false)
                .content(text.toString())
                .runBytes(100_000)
                .column("id", BIGINT, "id");
        CyclicBarrier start = new CyclicBarrier(4);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                counts.add(threads.submit(() -> {
                    start.await();
                    return sample.open().estimatedKeys().orElseThrow();
                }));
            }
            for (Future<Long> count : counts) {
                assertThat(count.get()).isEqualTo(20_000);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(leftOver(sample.scratch)).hasSize(3);
    }

    /** What the other process of a test does: opens the file named, and says how many keys it has. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Sample sample =
                new Sample(From.Format.NDJSON, false, folder).runBytes(100_000).column("id", BIGINT, "id");
        Files.writeString(
                Path.of(arguments[1]),
                sample.open().estimatedKeys().orElseThrow().toString());
    }

    @Test
    void processes_share_one_copy() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 20_000; i > 0; i--) {
            text.append("{\"id\":").append(i).append("}\n");
        }
        Sample sample = new Sample(From.Format.NDJSON, false).content(text.toString());
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            FileLegacyTest.class.getName(),
                            sample.folder.toString(),
                            sample.folder.resolve("count" + i).toString())
                    .inheritIO()
                    .start());
        }
        for (int i = 0; i < 2; i++) {
            assertThat(processes.get(i).waitFor()).isZero();
            assertThat(sample.folder.resolve("count" + i)).hasContent("20000");
        }
        assertThat(leftOver(sample.scratch)).hasSize(3);
    }

    @Test
    void a_key_of_another_number_of_columns_is_refused() throws Exception {
        Sample sample = Sample.ndjson("{\"id\":1,\"more\":2}").column("id", BIGINT, "id");
        RowShape one = sample.shape();

        assertThatThrownBy(() -> sample.key("id", "more").open(one))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("from.key names 2 field(s), but the target's key has 1 column(s)");
    }

    @Test
    void a_crash_in_the_middle_leaves_nothing_that_is_taken_for_a_copy() throws Exception {
        Sample sample = Sample.ndjson("{\"id\":2}", "{\"id\":1}").column("id", BIGINT, "id");
        sample.open();
        for (Path path : leftOver(sample.scratch)) {
            if (path.toString().endsWith(".offsets")) {
                Files.delete(path);
            } else if (path.toString().endsWith(".data")) {
                Files.writeString(path, "half a cop");
            }
        }

        assertThat(sample.rows()).containsExactly("1", "2");
    }

    private static List<Path> leftOver(Path scratch) throws IOException {
        try (Stream<Path> files = Files.list(scratch)) {
            return files.sorted().toList();
        }
    }

    @Test
    void records_are_counted_within_the_scope_and_up_to_the_bound() throws Exception {
        LegacyEntity numbers = Sample.csv("id", "10", "-1", "9", "30", "2")
                .column("id", BIGINT, "id")
                .open();

        assertThat(numbers.count(null, null, null)).isEqualTo(5);
        assertThat(numbers.count(null, null, Key.of("9"))).isEqualTo(3);
        assertThat(numbers.count(Key.of("2"), Key.of("20"), Key.of("10"))).isEqualTo(3);
        assertThat(numbers.count(Key.of("2"), Key.of("9"), Key.of("10"))).isEqualTo(2);
    }
}
