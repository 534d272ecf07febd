package dev.backpop.legacy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.From;
import dev.backpop.row.BinaryEncoder;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What verification reads of a file, against what the file's writer reads. */
class FileExpectTest {
    private static final int BIGINT = 20;
    private static final int TEXT = 25;
    private static final KeySelection ALL = new KeySelection.Range(null, null, null);

    /** What a record can say, as JSON. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-0.0",
            "7",
            "7.0",
            "7.50",
            "1E3",
            "1e400",
            "-1E-400",
            "123456789012345678901234567890",
            "[]",
            "{}",
            "[ 1.10,  {\"a\": null} ]",
            "{\"b\": 1, \"b\": 2, \"\\u0061\": \"x\"}",
            "{\"f\": 1}",
            "\"\"",
            "\" \"",
            "\"7\"",
            "\" 7 \"",
            "\"007\"",
            "\"7.50\"",
            "\"NaN\"",
            "\"-Infinity\"",
            "\"true\"",
            "\"no\"",
            "\"null\"",
            "\"a\\u0000b\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00 😀 漢字 e\\u0301\"",
            "\"\\\\xDEAD\"",
            "\"{\\\"a\\\": 1.10}\"",
            "\"[1, \\\"\\\\u0000\\\"]\"",
            "\"A0EEBC999C0B4EF8BB6D6BB9BD380A11\"",
            "\"2024-02-29\"",
            "\"0044-03-15 BC\"",
            "\"24:00\"",
            "\"23:59:60\"",
            "\"2024-02-29T10:00:00.123456\"",
            "\"2024-02-29T10:00:00.123456Z\"",
            "\"2024-02-29T10:00:00+02:30\"",
            "\"0044-03-15 12:30:00+00 BC\"",
            "\"2024-02-29T24:00:00Z\"",
            "\"infinity\"",
            "1346469006.5",
            "\"1346469006.0\"",
            "\"1346469006.1234567\"");

    static Stream<Integer> types() {
        return IntStream.range(0, 10_000).filter(BinaryEncoder::encodes).boxed();
    }

    private static Sample numbered(List<String> values) throws IOException {
        List<String> lines = new ArrayList<>(List.of("{\"id\": 1000}"));
        for (int i = 0; i < values.size(); i++) {
            lines.add(
                    "{\"x\": {\"f\": \"nested\"}, \"f\": " + values.get(i) + ", \"id\": " + (values.size() - i) + "}");
        }
        return Sample.ndjson(lines.toArray(new String[0])).column("id", BIGINT, "id");
    }

    @ParameterizedTest
    @MethodSource("types")
    void every_type_is_expected_as_it_is_written(int oid) throws Exception {
        assertSame(numbered(VALUES).column("v", oid, "f"), VALUES.size() + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "boolean",
                "bytea",
                "bigint",
                "int2",
                "INTEGER",
                "oid",
                "json",
                "float4",
                "double  precision",
                "char(3)",
                "varchar (10)",
                "date",
                "time(3) without time zone",
                "timestamp",
                "timestamp(3) with time zone",
                "numeric(10, 2)",
                "uuid",
                "jsonb",
                "text"
            })
    void a_field_s_own_type_is_asked_for_by_both(String type) throws Exception {
        Sample sample = numbered(VALUES)
                .fields(Map.of("f", type))
                .column("t", TEXT, "f")
                .column("n", 1700, "f");

        assertSame(sample, VALUES.size() + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1114, 1184})
    void seconds_since_1970_are_expected_as_they_are_written(int oid) throws Exception {
        assertSame(numbered(VALUES).fields(Map.of("\"f\"", "epoch_seconds")).column("at", oid, "f"), VALUES.size() + 1);
    }

    @Test
    void fields_are_found_where_the_writer_finds_them() throws Exception {
        Sample sample = Sample.ndjson(
                        "{\"id\": 1, \"a\": {\"b\": {\"c\": \"deep\"}, \"x\": 1}}",
                        "{\"id\": 2, \"a\": {\"b\": {\"c\": \"deep\"}}, \"a.b.c\": \"whole\"}",
                        "{\"id\": 3, \"a.b.c\": \"whole\", \"a\": {\"b\": {\"c\": \"deep\"}}}",
                        "{\"id\": 4, \"a\": [{\"b\": 1}]}",
                        "{\"id\": 5, \"a\": {\"b\": \"no object\"}}",
                        "{\"id\": 6, \"a.b.c\": null, \"a\": {\"b\": {\"c\": \"deep\"}}}",
                        "{\"id\": 7, \"a\": {\"b.c\": \"half\"}}",
                        "{\"id\": 8, \"a.b\": {\"c\": \"half\"}}",
                        "{\"id\": 9, \"a\": null, \"created at\": \"x\", \"b\": {\"c\": \"elsewhere\"}}",
                        "{\"id\": 10, \"x\": {\"a\": {\"b\": {\"c\": \"too deep\"}}}}")
                .column("id", BIGINT, "id")
                .column("c", TEXT, "a.b.c")
                .column("b", TEXT, " \"a.b\" ")
                .column("again", TEXT, "\"a.b.c\"")
                .column("blank", TEXT, "\"created at\"");

        assertSame(sample, 10);
        assertThat(sample.expected())
                .containsExactly(
                        "1|deep|{\"c\": \"deep\"}|deep|null",
                        "2|whole|{\"c\": \"deep\"}|whole|null",
                        "3|whole|{\"c\": \"deep\"}|whole|null",
                        "4|null|null|null|null",
                        "5|null|no object|null|null",
                        "6|null|{\"c\": \"deep\"}|null|null",
                        "7|null|null|null|null",
                        "8|null|{\"c\": \"half\"}|null|null",
                        "9|null|null|null|x",
                        "10|null|null|null|null");
    }

    @Test
    void of_members_of_one_name_the_last_counts_and_nothing_of_the_first() throws Exception {
        Sample sample = Sample.ndjson(
                        "{\"id\": 1, \"a\": {\"b\": 1}, \"a\": {\"c\": 2}}",
                        "{\"id\": 2, \"a\": {\"b\": 1}, \"a\": null}",
                        "{\"id\": 3, \"a\": {\"b\": 1}, \"a\": {\"b\": null}}",
                        "{\"id\": 4, \"a\": 5, \"a\": {\"b\": 1}}",
                        "{\"id\": 5, \"a.b\": 5, \"a\": {\"b\": 1}, \"a\": {}}",
                        "{\"id\": 6, \"a\": {\"b\": {\"x\": 1}}, \"a\": {\"b\": [2]}, \"a.b\": 5, \"a.b\": 6}")
                .column("id", BIGINT, "id")
                .column("b", TEXT, "a.b")
                .column("c", TEXT, "a.c");

        assertThat(sample.expected())
                .containsExactly("1|null|2", "2|null|null", "3|null|null", "4|1|null", "5|5|null", "6|6|null");
        assertThat(sample.rows()).isEqualTo(sample.expected());
    }

    @Test
    void csv_is_expected_as_it_is_written() throws Exception {
        Sample sample = Sample.csv(
                        "\uFEFFid,a.b,last one,\"\"\"q\"\"\",n",
                        "3,\"\",,x,1",
                        "1,,\"\",\"\",",
                        "2,\"a,\"\"b\"\"\nc\",😀,,abc",
                        "4, padded ,NULL,\"null\", 7 ",
                        "5,x,y,z,\"\"")
                .column("id", BIGINT, "id")
                .column("b", TEXT, "a.b")
                .column("last", 1043, "last one")
                .column("q", TEXT, "\"q\"")
                .column("n", 23, "n");

        assertSame(sample, 5);
        assertThat(sample.expected().subList(0, 3))
                .containsExactly("1|null|||null", "3||null|x|1", "4| padded |NULL|null|7");
    }

    @Test
    void columns_of_types_that_travel_as_text_are_expected_as_text() throws Exception {
        Sample sample = Sample.ndjson("{\"id\": 1, \"mood\": \"happy\"}", "{\"id\": 2, \"mood\": 1.10}")
                .column("id", BIGINT, "id")
                .column("mood", new ColumnType(16_400, "mood", "mood", true), "mood");

        assertSame(sample, 2);
        assertThat(sample.expected()).containsExactly("1|happy", "2|1.10");
    }

    @Test
    void a_record_that_cannot_be_a_row_costs_one_row_and_says_which_column() throws Exception {
        Sample sample = Sample.ndjson(
                        "{\"id\": 2, \"score\": \"abc\"}", "{\"id\": 1, \"score\": 5}", "{\"id\": 3, \"score\": 6}")
                .column("id", BIGINT, "id")
                .column("score", 23, "score");

        assertThat(sample.expected()).containsExactly("1|5", "3|6", "2 null column score: 'abc' is no integer");
    }

    @Test
    void selections_come_out_once_in_key_order_in_bounded_batches() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 2_499; i >= 0; i--) {
            text.append("{\"id\":").append(i).append("}\n");
        }
        String wide = "x".repeat(3 << 20);
        for (int i = 3_000; i < 3_004; i++) {
            text.append("{\"id\":").append(i).append(",\"v\":\"").append(wide).append("\"}\n");
        }
        Sample sample = new Sample(From.Format.NDJSON, false)
                .content(text.toString())
                .column("id", BIGINT, "id")
                .column("v", TEXT, "v");
        LegacyEntity entity = sample.open();
        List<Integer> sizes = new ArrayList<>();

        assertThat(entity.expect(ALL, batch -> sizes.add(batch.size()))).isEmpty();

        assertThat(sizes).containsExactly(1_000, 1_000, 502, 2);
        assertThat(sample.texts(entity::expect, new KeySelection.Range(null, Key.of("5"), Key.of("8"))))
                .containsExactly("6|null", "7|null", "8|null");
        assertThat(sample.texts(
                        entity::expect,
                        new KeySelection.Keys(List.of(Key.of("9"), Key.of("-1"), Key.of("0"), Key.of("9")))))
                .containsExactly("0|null", "9|null");
        assertThat(entity.marks(List.of(Key.of("9")))).isEmpty();
        assertThatThrownBy(() -> entity.expect(ALL, batch -> {
                    throw new UncheckedIOException(new IOException("the target's"));
                }))
                .isInstanceOf(UncheckedIOException.class);
    }

    /** Both readings give the same bytes of the same keys, and fail the same keys; no more and no fewer than there are. */
    private static void assertSame(Sample sample, int records) {
        LegacyEntity entity = sample.open();
        Map<Key, String> written = sample.bytes(entity::fetch);
        Map<Key, String> expected = sample.bytes(entity::expect);

        assertThat(expected).hasSize(records).isEqualTo(written);
        assertThat(List.copyOf(expected.keySet())).isEqualTo(List.copyOf(written.keySet()));
    }
}
