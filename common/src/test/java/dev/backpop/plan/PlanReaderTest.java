package dev.backpop.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.backpop.problem.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanReaderTest {
    private static final String HEAD = """
            plan: shop
            legacy: { jdbc: { url: "${LEGACY_URL}" } }
            """;
    private static final String CUSTOMER = """
              customer:
                from: { table: crm.customer, key: customer_id }
                into: { table: public.customer, key: id }
                columns: { name: name }
            """;

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "LEGACY_URL", "postgresql://old/shop",
            "BACKPOP_TARGET_URL", "postgresql://new/shop"));

    private Plan read(String text) {
        return new PlanReader(environment::get).read(text, "shop.yaml", directory);
    }

    private List<String> problems(String text) {
        InvalidInputException refusal = catchThrowableOfType(InvalidInputException.class, () -> read(text));
        assertThat(refusal).as("the plan was accepted").isNotNull();
        return refusal.problems().stream().map(Object::toString).toList();
    }

    private static String entity(String body) {
        return HEAD + "entities:\n  customer:\n" + body.indent(4);
    }

    private static final String FROM = "from: { table: crm.customer, key: customer_id }\n";
    private static final String INTO = "into: { table: public.customer, key: id }\n";

    @Test
    void reads_a_whole_plan() {
        String text = """
                plan: shop-1_a
                legacy: { jdbc: { url: "${LEGACY_URL}", user: app, password: "${P}" } }
                target: { url: "${BACKPOP_TARGET_URL}", user: "${P}x", password: "${P}" }
                entities:
                  customer:
                    from: { table: crm."Customer", key: customer_id, where: "not deleted" }
                    into: { table: public.customer, key: id }
                    columns:
                      id: " customer_id "
                      name: "trim(first || ' ' || last)"
                      active: true
                      n: 3
                      note: null
                      updated_at: last_update
                    guard: { version: { from: last_update, into: updated_at } }
                """;
        environment.put("P", "s3cret");

        Plan plan = read(text);

        assertThat(plan.name()).isEqualTo("shop-1_a");
        assertThat(plan.text()).isEqualTo(text);
        assertThat(plan.legacy()).isEqualTo(new LegacySource.Jdbc("postgresql://old/shop", "app", "s3cret"));
        assertThat(plan.target()).isEqualTo(new TargetSource("postgresql://new/shop", "s3cretx", "s3cret"));
        assertThat(plan.entities())
                .containsExactly(new Entity(
                        "customer",
                        List.of(),
                        new From.Table("crm.\"Customer\"", List.of("customer_id"), "not deleted"),
                        new Into("public.customer", List.of("id")),
                        List.of(
                                new ColumnRule("id", "customer_id"),
                                new ColumnRule("name", "trim(first || ' ' || last)"),
                                new ColumnRule("active", "true"),
                                new ColumnRule("n", "3"),
                                new ColumnRule("note", "null"),
                                new ColumnRule("updated_at", "last_update")),
                        new Guard.Version("last_update", "updated_at")));
    }

    @Test
    void the_target_comes_from_its_environment_variable_when_the_plan_does_not_say() {
        assertThat(read(HEAD + "entities:\n" + CUSTOMER).target())
                .isEqualTo(new TargetSource("postgresql://new/shop", null, null));
        assertThat(read(HEAD + "target: { user: me }\nentities:\n" + CUSTOMER).target())
                .isEqualTo(new TargetSource("postgresql://new/shop", "me", null));

        environment.remove("BACKPOP_TARGET_URL");
        assertThat(problems(HEAD + "entities:\n" + CUSTOMER))
                .singleElement()
                .asString()
                .startsWith("shop.yaml:1 target.url: the environment variable BACKPOP_TARGET_URL is not set");
        assertThat(problems(HEAD + "target: { user: me }\nentities:\n" + CUSTOMER))
                .singleElement()
                .asString()
                .startsWith("shop.yaml:3 target.url: the environment variable BACKPOP_TARGET_URL is not set");
    }

    @Test
    void a_store_may_have_a_statement_timeout_of_its_own() {
        String head = "plan: p\nlegacy: { jdbc: { url: \"${LEGACY_URL}\", statement_timeout: 90s } }\n";
        Plan plan = read(head + "target: { statement_timeout: 500 ms }\nentities:\n" + CUSTOMER);

        assertThat(plan.legacy())
                .isEqualTo(new LegacySource.Jdbc("postgresql://old/shop", null, null, Duration.ofSeconds(90)));
        assertThat(plan.target())
                .isEqualTo(new TargetSource("postgresql://new/shop", null, null, Duration.ofMillis(500)));
        assertThat(problems(head.replace("90s", "90") + "target: { statement_timeout: 0s }\nentities:\n" + CUSTOMER))
                .containsExactly(
                        "shop.yaml:2 legacy.jdbc.statement_timeout: is not a time: write a number with its unit, such as"
                                + " 500ms, 60s or 5min",
                        "shop.yaml:3 target.statement_timeout: must be between 100ms and 60min: a store that may take for"
                                + " ever stops a campaign for ever");
        assertThat(problems(head.replace("90s", "999999999min") + "target: { statment_timeout: 1s }\nentities:\n"
                        + CUSTOMER))
                .containsExactly(
                        "shop.yaml:2 legacy.jdbc.statement_timeout: must be between 100ms and 60min: a store that may take"
                                + " for ever stops a campaign for ever",
                        "shop.yaml:3 target.statment_timeout: unknown key 'statment_timeout'; did you mean"
                                + " 'statement_timeout'?");
    }

    @Test
    void reads_a_query_with_a_composite_key() {
        Entity entity = read(entity("""
                        from: { query: "select a, b from t", key: [a, b] }
                        into: { table: t, key: [x, y] }
                        columns: { c: "a + b", y: b }
                        """)).entities().get(0);

        assertThat(entity.from()).isEqualTo(new From.Query("select a, b from t", List.of("a", "b")));
        assertThat(entity.columns())
                .containsExactly(new ColumnRule("x", "a"), new ColumnRule("c", "a + b"), new ColumnRule("y", "b"));
        assertThat(entity.guard()).isEqualTo(new Guard.Fence());
    }

    @Test
    void reads_files_and_knows_format_and_compression_from_the_name() {
        assertThat(file("posts.NDJSON.GZ", "")).isEqualTo(records("posts.NDJSON.GZ", From.Format.NDJSON, true));
        assertThat(file("posts.jsonl", "")).isEqualTo(records("posts.jsonl", From.Format.NDJSON, false));
        assertThat(file("posts.csv", "")).isEqualTo(records("posts.csv", From.Format.CSV, false));
        assertThat(file("posts", ", format: csv, compression: gzip"))
                .isEqualTo(records("posts", From.Format.CSV, true));
        assertThat(file("posts.csv.gz", ", format: ndjson, compression: none"))
                .isEqualTo(records("posts.csv.gz", From.Format.NDJSON, false));
    }

    private static From.Records records(String file, From.Format format, boolean gzip) {
        return new From.Records(
                file, format, gzip, List.of("id10"), Map.of("created", "epoch_seconds", "score", "bigint"));
    }

    private From file(String name, String more) {
        Plan plan = read(files(
                "{ file: " + name + ", key: id10, fields: { created: epoch_seconds, score: bigint }" + more + " }"));
        assertThat(plan.legacy()).isEqualTo(new LegacySource.Files(directory.resolve("dumps")));
        return plan.entities().get(0).from();
    }

    private static String files(String from) {
        return "plan: p\nlegacy: { file: { directory: x/../dumps } }\nentities:\n  post:\n    from: " + from
                + "\n    into: { table: post, key: id }\n    columns: { }\n";
    }

    @Test
    void tells_what_is_wrong_with_a_file() {
        assertThat(problems(files("{ file: posts.txt, key: id }")))
                .containsExactly("shop.yaml:5 entities.post.from.file: its name does not tell how it is written "
                        + "(.ndjson, .jsonl or .csv, then maybe .gz): add format: ndjson or format: csv");
        assertThat(problems(files("{ file: /posts.csv, key: id, format: cvs, compression: zip }")))
                .containsExactly(
                        "shop.yaml:5 entities.post.from.file: must be relative to the legacy store's directory",
                        "shop.yaml:5 entities.post.from.format: 'cvs' is not one of ndjson, csv; did you mean 'csv'?",
                        "shop.yaml:5 entities.post.from.compression: 'zip' is not one of gzip, none; did you mean 'gzip'?");
        assertThat(problems(files("{ file: \"a\\0b.csv\", key: id }")))
                .containsExactly(
                        "shop.yaml:5 entities.post.from.file: holds a NUL character or half of a surrogate pair, "
                                + "which PostgreSQL cannot take: remove it");
    }

    @Test
    void every_guard_has_its_word() {
        assertThat(guard("fence")).isEqualTo(new Guard.Fence());
        assertThat(guard("insert-only")).isEqualTo(new Guard.InsertOnly());
        assertThat(guard("overwrite")).isEqualTo(new Guard.Overwrite());
        assertThat(guardProblem("insert_only")).contains("did you mean 'insert-only'?");
        assertThat(guardProblem("version")).contains("write guard: { version: { from: EXPRESSION, into: COLUMN } }");
        assertThat(guardProblem("{ fence: 1, version: { from: v, into: v } }")).contains("guard.fence: unknown key");
        assertThat(guardProblem("[fence]")).contains("expected a single value, found a list");
    }

    private Guard guard(String guard) {
        return read(entity(FROM + INTO + "columns: { v: v, w: w }\nguard: " + guard + "\n"))
                .entities()
                .get(0)
                .guard();
    }

    private String guardProblem(String guard) {
        List<String> problems = problems(entity(FROM + INTO + "columns: { v: v, w: w }\nguard: " + guard + "\n"));
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void a_version_must_be_written_as_it_is_compared() {
        assertThat(guard("{ version: { from: v, into: v } }")).isEqualTo(new Guard.Version("v", "v"));
        assertThat(guardProblem("{ version: { from: v, into: u } }"))
                .startsWith("shop.yaml:8 entities.customer.guard.version.into: ")
                .contains("'columns' does not map");
        assertThat(guardProblem("{ version: { from: v, into: w } }")).contains("another expression than version.from");
        assertThat(guardProblem("{ version: { from: customer_id, into: id } }")).contains("is a key column");
        assertThat(guardProblem("{ version: { from: v } }")).contains("'into' is missing");
    }

    @Test
    void a_mapped_key_must_be_the_same_text_on_both_sides() {
        assertThat(problems(entity(FROM + INTO + "columns: { id: customer_id + 1 }\n")))
                .singleElement()
                .asString()
                .startsWith("shop.yaml:7 entities.customer.columns.id: the key is the same value on both sides")
                .contains("from: { key: \"customer_id + 1\" }");
    }

    @Test
    void keys_must_pair_up() {
        assertThat(problems(entity(FROM + "into: { table: t, key: [a, b] }\ncolumns: {}\n")))
                .containsExactly("shop.yaml:6 entities.customer.into.key: names 2 key column(s), but from.key names 1: "
                        + "they must pair up");
        assertThat(problems(entity("from: { table: t, key: [] }\ninto: { table: t, key: [a, a] }\ncolumns: {}\n")))
                .containsExactly(
                        "shop.yaml:5 entities.customer.from.key: is an empty list: name at least one",
                        "shop.yaml:6 entities.customer.into.key: is in the list twice: keep one");
    }

    @Test
    void what_is_read_must_fit_the_legacy_store() {
        assertThat(problems(entity("from: { file: a.csv, key: id }\n" + INTO + "columns: {}\n")))
                .containsExactly("shop.yaml:5 entities.customer.from: the legacy store is a database: use 'table' or "
                        + "'query' instead of 'file'");
        assertThat(problems(files("{ table: t, key: id }")))
                .containsExactly(
                        "shop.yaml:5 entities.post.from: the legacy store is files: use 'file' instead of 'table'");
        assertThat(problems(entity("from: { key: id }\n" + INTO + "columns: {}\n")))
                .containsExactly("shop.yaml:5 entities.customer.from: name what to read: 'table' or 'query'");
        assertThat(problems(entity("from: { table: t, query: q, key: id }\n" + INTO + "columns: {}\n")))
                .containsExactly("shop.yaml:5 entities.customer.from: keep one of table, query");
        assertThat(problems(entity("from: { query: q, key: id, where: x, fields: {} }\n" + INTO + "columns: {}\n")))
                .containsExactly(
                        "shop.yaml:5 entities.customer.from.where: does not go with 'query': put the condition into the"
                                + " query",
                        "shop.yaml:5 entities.customer.from.fields: does not go with 'query'");
    }

    @Test
    void a_tables_name_has_one_or_two_parts() {
        for (String table : List.of("t", "s.t", "ölçü", "'\"a.b\".\"c \"\"d\"\"\"'", "'s.\"T\"'", "a$1")) {
            assertThat(read(entity(FROM + "into: { table: " + table + ", key: id }\ncolumns: {}\n"))
                            .entities())
                    .hasSize(1);
        }
        for (String table : List.of("a.b.c", "a b", "1a", "'\"a'", "'\"\"'", "t;", "a..b", "x".repeat(100_000))) {
            assertThat(problems(entity(FROM + "into: { table: " + table + ", key: id }\ncolumns: {}\n")))
                    .singleElement()
                    .asString()
                    .contains("entities.customer.into.table: is not a table's name");
        }
    }

    @Test
    void every_problem_is_told_at_once_in_the_order_of_the_file() {
        environment.remove("LEGACY_URL");

        assertThat(problems("""
                plan: my shop
                legacy: { jdbc: { url: "${LEGACY_URL}", usr: me } }
                entites: {}
                entities:
                  customer:
                    colums: { a: b }
                    into: { table: a b, key: id }
                    from: [table]
                  order:
                    parents: [custmer, customer, customer]
                    from: { table: order, key: id }
                    into: { table: order, key: id }
                    columns:
                      id:
                      total: { a: b }
                      name: a
                      name: b
                """))
                .containsExactly(
                        "shop.yaml:1 plan: a plan's name is letters, digits, '-' and '_'",
                        "shop.yaml:2 legacy.jdbc.url: the environment variable LEGACY_URL is not set: set LEGACY_URL to "
                                + "the value, or LEGACY_URL_FILE to a file that holds it",
                        "shop.yaml:2 legacy.jdbc.usr: unknown key 'usr'; did you mean 'user'?",
                        "shop.yaml:3 entites: unknown key 'entites'; did you mean 'entities'?",
                        "shop.yaml:5 entities.customer: 'columns' is missing",
                        "shop.yaml:6 entities.customer.colums: unknown key 'colums'; did you mean 'columns'?",
                        "shop.yaml:7 entities.customer.into.table: is not a table's name: write name or schema.name, and "
                                + "double quotes round a part with other characters than letters, digits, _ and $",
                        "shop.yaml:8 entities.customer.from: expected a mapping, found a list",
                        "shop.yaml:10 entities.order.parents: the plan has no entity 'custmer'; did you mean 'customer'?",
                        "shop.yaml:10 entities.order.parents: 'customer' is in the list twice: keep one",
                        "shop.yaml:14 entities.order.columns.id: is empty: give it a value or leave it out",
                        "shop.yaml:15 entities.order.columns.total: expected a single value, found a mapping",
                        "shop.yaml:17 entities.order.columns.name: is written twice, first in line 16: keep one");
    }

    @Test
    void what_must_be_there_is_asked_for() {
        assertThat(problems("target: { url: postgresql://h/d }"))
                .containsExactly(
                        "shop.yaml:1: 'plan' is missing",
                        "shop.yaml:1: 'legacy' is missing",
                        "shop.yaml:1: 'entities' is missing");
        assertThat(problems("plan: p\nlegacy: {}\nentities: {}\n"))
                .containsExactly(
                        "shop.yaml:2 legacy: name the legacy store: jdbc: { url: … }, file: { directory: … } or"
                                + " reddit: { url: … }",
                        "shop.yaml:3 entities: is empty: name at least one entity to move");
        assertThat(problems("plan:\nlegacy: { jdbc: {}, file: }\nentities:\n"))
                .containsExactly(
                        "shop.yaml:1 plan: is empty: give it a value or leave it out",
                        "shop.yaml:2 legacy: a plan has one legacy store: keep one of jdbc, file",
                        "shop.yaml:3 entities: is empty: expected a mapping");
        assertThat(problems("[a]")).containsExactly("shop.yaml:1: expected a mapping, found a list");
    }

    @Test
    void urls_must_be_of_databases_that_are_known() {
        assertThat(problems(
                        "plan: p\nlegacy: { jdbc: { url: \"http://h/d\" } }\ntarget: { url: \"jdbc:mysql://h/d\" }\n"
                                + "entities:\n" + CUSTOMER))
                .hasSize(2)
                .satisfies(found ->
                        assertThat(found.get(0)).startsWith("shop.yaml:2 legacy.jdbc.url: is not a database URL"))
                .satisfies(found ->
                        assertThat(found.get(1)).startsWith("shop.yaml:3 target.url: is not a PostgreSQL URL"));
        environment.put("BACKPOP_TARGET_URL", "redis://u:s3cret@h");
        assertThat(problems(HEAD + "entities:\n" + CUSTOMER))
                .singleElement()
                .asString()
                .startsWith("shop.yaml:1 target.url: BACKPOP_TARGET_URL is not a PostgreSQL URL")
                .doesNotContain("s3cret");
    }

    @Test
    void entities_have_plain_short_names() {
        String rest = CUSTOMER.substring(CUSTOMER.indexOf('\n') + 1);
        assertThat(problems(HEAD + "entities:\n  my customer:\n" + rest))
                .containsExactly(
                        "shop.yaml:4 entities.my customer: an entity's name is 1 to 40 letters, digits, '-' and '_'");
        assertThat(problems(HEAD + "entities:\n  " + "x".repeat(41) + ":\n" + rest))
                .hasSize(1);
        assertThat(read(HEAD + "entities:\n  " + "x".repeat(40) + ":\n" + rest).entities())
                .hasSize(1);
    }

    @Test
    void parents_come_first_and_otherwise_the_file_decides() {
        Plan plan = read(HEAD + "entities:\n" + named("d", "b") + named("c", "") + named("b", "a") + named("a", ""));

        assertThat(plan.entities()).extracting(Entity::name).containsExactly("c", "a", "b", "d");
    }

    @Test
    void a_cycle_of_parents_is_shown_whole() {
        assertThat(problems(HEAD + "entities:\n" + named("d", "a") + named("a", "b") + named("b", "c") + named("c", "a")
                        + named("s", "s")))
                .hasSize(2)
                .satisfies(found -> assertThat(found.get(0))
                        .startsWith("shop.yaml:10 entities.a.parents: parents go round in a circle: a → b → c → a"))
                .satisfies(found -> assertThat(found.get(1)).contains("entities.s.parents", "s → s"));
    }

    private static String named(String name, String parent) {
        return "  " + name + ":\n    parents: [" + parent + "]\n    from: { table: t, key: id }\n"
                + "    into: { table: t, key: id }\n    columns: { }\n";
    }

    @Test
    void a_variables_value_cannot_break_the_plan() {
        environment.put("NAME", "it's \"quoted\": [a, {b\n- c # ${LEGACY_URL} $1 \\");

        Entity entity = read(entity(FROM + INTO + "columns: { a: \"${NAME}\", b: 'x $${NAME} $$y$$ ${NAME}' }\n"))
                .entities()
                .get(0);

        assertThat(entity.columns())
                .contains(
                        new ColumnRule("a", "it's \"quoted\": [a, {b\n- c # ${LEGACY_URL} $1 \\"),
                        new ColumnRule("b", "x ${NAME} $$y$$ it's \"quoted\": [a, {b\n- c # ${LEGACY_URL} $1 \\"));
    }

    @Test
    void a_variable_may_come_from_a_file() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), " s3cret \n\n");
        environment.put("P_FILE", secret.toString());
        String text =
                "plan: p\nlegacy: { jdbc: { url: \"${LEGACY_URL}\", password: \"${P}\" } }\nentities:\n" + CUSTOMER;

        assertThat(((LegacySource.Jdbc) read(text).legacy()).password()).isEqualTo(" s3cret \n");

        environment.put("P", "wins");
        assertThat(((LegacySource.Jdbc) read(text).legacy()).password()).isEqualTo("wins");
        environment.put("P", "");
        assertThat(((LegacySource.Jdbc) read(text).legacy()).password()).isEmpty();
        environment.remove("P");
        environment.put("P_FILE", directory.resolve("none").toString());
        assertThat(problems(text))
                .singleElement()
                .asString()
                .startsWith(
                        "shop.yaml:2 legacy.jdbc.password: P is not set, and the file named by P_FILE cannot be read");
        Files.write(secret, new byte[] {(byte) 0xff});
        environment.put("P_FILE", secret.toString());
        assertThat(problems(text)).singleElement().asString().contains("P_FILE is not UTF-8 text");
    }

    @Test
    void every_unset_variable_is_named_where_it_stands() {
        assertThat(problems(
                        entity(FROM + INTO + "columns:\n  a: \"${A} ${B}\"\n  b: ${A}\n  c: ${no-name}\n  d: ${E}\n")))
                .hasSize(5)
                .satisfies(found -> assertThat(found.get(0))
                        .startsWith("shop.yaml:8 entities.customer.columns.a: ")
                        .contains("variable A "))
                .satisfies(found -> assertThat(found.get(1))
                        .startsWith("shop.yaml:8 entities.customer.columns.a: ")
                        .contains("variable B "))
                .satisfies(found -> assertThat(found.get(2))
                        .startsWith("shop.yaml:9 entities.customer.columns.b: ")
                        .contains("variable A "))
                .satisfies(found -> assertThat(found.get(3)).contains("columns.c: '${' begins a variable", "$${"));
        environment.put("E", " ");
        assertThat(problems(entity(FROM + INTO + "columns: { d: \"${E}\" }\n")))
                .containsExactly(
                        "shop.yaml:7 entities.customer.columns.d: is empty: the variable that it is made of is set to nothing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ url: \"postgresql://h/d\", password: hunter2 }",
                "{ url: \"postgresql://h/d\", password: \"$${hunter2}\" }",
                "{ url: \"postgresql://h/d\", password: [hunter2] }",
                "{ url: \"postgresql://h/d\", password: !hunter2 }",
                "{ url: \"postgresql://h/d\", password: !hunter2 \"\" }",
                "{ url: \"postgresql://h/d\", password: !a!hunter2 x }",
                "{ url: \"postgresql://h/d\", password: *hunter2 }",
                "{ url: \"postgresql://h/d\", pasword: hunter2 }",
                "{ url: \"postgresql://h/d\", hunter2 }",
                "{ url: \"postgresql://h/d\", password hunter2 }",
                "{ url: \"postgresql://h/d\", password: \"hunter2 }",
                "{ url: \"postgresql://user:hunter2@h/d\" }",
                "{ url: \"postgresql://user:hunter2@h/d?password=${LEGACY_URL}&x=a@b\" }",
                "{ url: \"postgresql://${LEGACY_URL}:hunter2@h:5432,i:5432/d\" }",
                "{ url: \"postgresql://user:hunter2/x@h/d\" }",
                "{ url: \"jdbc:postgresql://h/d?user=u&password=hunter2\" }",
                "{ url: \"jdbc:postgresql://h/d?sslPassword=hunter2&a=b\" }",
                "{ url: \"jdbc:sqlserver://h;user=u;PASSWORD=hunter2\" }",
                "{ url: \"jdbc:oracle:thin:scott/hunter2@//h:1521/d\" }",
                "{ url: \"ftp://user:hunter2@h/d\" }",
                "{ url: \"postgresql://h/d\", password: \"\\uhunter2\" }",
                "{ url: \"postgresql://h/d\", password: \"\\xhunter2\" }",
                "{ url: \"postgresql://h/d\", password: \"\\Uhunter2hunter2\" }",
                "{ url: \"postgresql://h/d\", password: |hunter2 }",
                "{ url: \"postgresql://h/d\", password: @hunter2 }",
                "{ url: \"postgresql://h/d\", password: %hunter2 }",
                "{ url: \"postgresql://h/d\", password: !<hunter2 x }",
                "{ url: \"postgresql://h/d\", password: &hunter2* x }",
                "{ url: \"postgresql://h/d\", password: hunter2: hunter2: x }",
                "{ url: \"postgresql://h/d\", password: { hunter2: hunter2 } }",
                "{ url: \"postgresql://h/d\", password: \"hunter2\", password: \"hunter2\" }",
                "{ url: \"postgresql://h/d\", password: { ? hunter2 } }",
                "{ url: &x \"postgresql://u:hunter2@h/d\", user: *x, password: *x }",
                "\"postgresql://user:hunter2@h/d\"",
                "[\"postgresql://user:hunter2@h/d\"]",
            })
    void a_secret_in_the_plan_is_refused_and_never_repeated(String jdbc) {
        assertThat(String.join("\n", problems("plan: p\nlegacy: { jdbc: " + jdbc + " }\nentities:\n" + CUSTOMER)))
                .startsWith("shop.yaml:")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://h:5432/d?user=a@b",
                "postgresql://user@h:5432/d",
                "postgresql://[::1]:5432/d?user=a@b",
                "postgresql://u:${LEGACY_URL}@h:5432/d",
                "postgresql://${LEGACY_URL}:${LEGACY_URL}@h:5432/d",
                "jdbc:postgresql://h/d?user=u&password=${LEGACY_URL}",
                "jdbc:postgresql://h1:5432,h2:5432/d",
            })
    void a_url_without_a_secret_of_its_own_is_taken(String url) {
        environment.put("LEGACY_URL", "x");
        assertThat(read("plan: p\nlegacy: { jdbc: { url: \"" + url + "\" } }\nentities:\n" + CUSTOMER)
                        .legacy())
                .isEqualTo(new LegacySource.Jdbc(url.replace("${LEGACY_URL}", "x"), null, null));
    }

    @Test
    void the_value_of_a_variable_is_in_no_problem() {
        environment.put("S", "hunter2 hunter2");
        assertThat(String.join("\n", problems("""
                plan: "${S}"
                legacy: { jdbc: { url: "${S}" } }
                target: { url: "${S}" }
                entities:
                  a:
                    parents: ["${S}"]
                    from: { table: "${S}", key: ["${S}", "${S}"] }
                    into: { table: "${S}", key: "${S}" }
                    columns: { a: b }
                    guard: "${S}"
                  b:
                    from: { file: "${S}", key: "${S}", format: "${S}" }
                    into: { table: t, key: id }
                    columns: { id: "${S}x" }
                    guard: { version: { from: "${S}", into: "${S}" } }
                """)))
                .doesNotContain("hunter2")
                .contains("guard '${S}'")
                .hasLineCount(11);
    }

    @Test
    void no_plan_prints_its_credentials() {
        environment.put("P", "hunter2");
        environment.put("LEGACY_URL", "postgresql://u:hunter2@h/d");
        assertThat(read("plan: p\nlegacy: { jdbc: { url: \"${LEGACY_URL}\", password: \"${P}\" } }\n"
                                + "target: { url: \"${LEGACY_URL}\", password: \"${P}\" }\nentities:\n" + CUSTOMER)
                        .toString())
                .doesNotContain("hunter2");
    }

    @Test
    void text_that_is_not_yaml_is_refused_with_its_line() {
        assertThat(problems("plan: shop\nlegacy: {\n  a: b: c\n"))
                .singleElement()
                .asString()
                .startsWith("shop.yaml:3: is not YAML: ");
        assertThat(problems("plan: shop\nlegacy: { jdbc: { url: ${URL} } }\n"))
                .singleElement()
                .asString()
                .startsWith("shop.yaml:2: is not YAML: ")
                .endsWith("inside { } a variable needs quotes: \"${NAME}\")");
        assertThat(problems("plan: a\n---\nplan: b\n"))
                .singleElement()
                .asString()
                .contains("is not YAML");
        assertThat(problems("plan: a\nb: \u0001\n"))
                .containsExactly("shop.yaml:2: is not YAML: character U+0001 is not allowed");
        assertThat(problems("\n# nothing\n")).containsExactly("shop.yaml: is empty: a plan begins with plan: NAME");
        assertThat(problems("plan: " + "[".repeat(100_000)))
                .containsExactly("shop.yaml:1: is nested deeper than 50 levels");
    }

    @Test
    void names_and_tags_that_are_not_plain_are_refused() {
        assertThat(problems(entity(FROM + INTO + "columns: { [a]: b, \"\": c, <<: d, e: !sql f }\n")))
                .containsExactly(
                        "shop.yaml:7 entities.customer.columns: expected a name before the colon",
                        "shop.yaml:7 entities.customer.columns: expected a name before the colon",
                        "shop.yaml:7 entities.customer.columns: merge keys (<<) are not read: write the keys out",
                        "shop.yaml:7 entities.customer.columns.e: YAML tags are not read: put quotes round a text that "
                                + "begins with '!', and write ${VAR} for a value of the environment");
    }

    @Test
    void anchors_and_recursion_do_no_harm() {
        assertThat(read(entity(FROM + INTO + "columns: { a: &x name, b: *x }\n"))
                        .entities()
                        .get(0)
                        .columns())
                .contains(new ColumnRule("a", "name"), new ColumnRule("b", "name"));
        assertThat(problems("&a\nplan: p\nlegacy: *a\nentities: *a\n")).isNotEmpty();
    }

    @Test
    void reads_a_file_and_takes_its_folder_for_relative_paths() throws IOException {
        Path file = Files.writeString(directory.resolve("my.yaml"), "\uFEFF" + files("{ file: a.csv, key: id }"));

        Plan plan = new PlanReader(environment::get).read(file);

        assertThat(plan.legacy()).isEqualTo(new LegacySource.Files(directory.resolve("dumps")));
        Files.writeString(file, "plan: 1\nplan: 2\n");
        assertThatThrownBy(() -> new PlanReader(environment::get).read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("my.yaml:2 plan: is written twice, first in line 1");
    }

    @Test
    void a_file_that_cannot_be_a_plan_is_refused_with_its_path() throws IOException {
        Path file = directory.resolve("my.yaml");
        refuses(file, file + ": no such file: give the path of a plan file");
        refuses(directory, directory + ": is a directory: give the path of a plan file");
        refuses(Path.of("/"), "/: is a directory: give the path of a plan file");
        Files.write(file, new byte[0]);
        refuses(file, file + ": is empty: a plan begins with plan: NAME");
        Files.write(file, "plan: a\nb: \u00ff".getBytes(StandardCharsets.ISO_8859_1));
        refuses(file, file + ":2: is not UTF-8 text: save the plan in UTF-8");
        Files.write(file, new byte[] {'a', (byte) 0xc3});
        refuses(file, file + ":1: is not UTF-8 text: save the plan in UTF-8");
        Files.write(file, new byte[(4 << 20) + 1]);
        refuses(file, file + ": is larger than 4 MB: this is not a plan, or it should be several");
    }

    private void refuses(Path file, String message) {
        assertThatThrownBy(() -> new PlanReader(environment::get).read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    @Test
    void a_plan_that_says_nothing_of_holds_has_the_defaults() {
        HoldThresholds holds = read(HEAD + "entities:\n" + CUSTOMER).holds();

        assertThat(holds).isEqualTo(HoldThresholds.DEFAULTS);
        assertThat(holds.byWord())
                .containsExactly(
                        Map.entry("replica_lag", "5s"),
                        Map.entry("wraparound_autovacuum", "true"),
                        Map.entry("unarchived_wal", "42"),
                        Map.entry("active_backends", "0.8"),
                        Map.entry("lock_waits", "10"),
                        Map.entry("query", "null"));
    }

    @Test
    void holds_are_read_and_null_switches_one_off() {
        HoldThresholds holds = read(HEAD + """
                holds:
                  replica_lag: 1m
                  wraparound_autovacuum: null
                  unarchived_wal: ~
                  active_backends: .95
                  query: SELECT 'it rains' WHERE false
                entities:
                """ + CUSTOMER).holds();

        assertThat(holds.replicaLag()).contains(java.time.Duration.ofMinutes(1));
        assertThat(holds.wraparoundAutovacuum()).isFalse();
        assertThat(holds.unarchivedWal()).isEmpty();
        assertThat(holds.activeBackends()).hasValue(0.95);
        assertThat(holds.lockWaits()).hasValue(10);
        assertThat(holds.query()).contains("SELECT 'it rains' WHERE false");
    }

    @Test
    void every_problem_of_holds_is_told_at_once_with_its_line() {
        assertThat(problems(HEAD + """
                holds:
                  replica_lags: 5s
                  replica_lag: 5
                  wraparound_autovacuum: maybe
                  unarchived_wal: 4.2
                  active_backends: 80
                  lock_waits: [1]
                entities:
                """ + CUSTOMER))
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("shop.yaml:4", "did you mean 'replica_lag'?"),
                        problem -> assertThat(problem)
                                .contains(
                                        "shop.yaml:5 holds.replica_lag",
                                        "such as 5s",
                                        "null to switch it off; found 5"),
                        problem -> assertThat(problem).contains("shop.yaml:6", "true or false"),
                        problem -> assertThat(problem).contains("shop.yaml:7", "number of WAL segments"),
                        problem -> assertThat(problem).contains("shop.yaml:8", "share of max_connections"),
                        problem -> assertThat(problem).contains("shop.yaml:9", "expected a single value"));
        assertThat(problems(HEAD + "holds: 5s\nentities:\n" + CUSTOMER))
                .singleElement()
                .asString()
                .contains("holds", "expected a mapping");
    }

    @Test
    void the_holds_of_a_plan_are_read_without_its_variables() {
        EntityHolds holds = new PlanReader(name -> null)
                .holds(HEAD + "holds: { lock_waits: 3 }\nentities:\n" + CUSTOMER, "shop", "customer");

        assertThat(holds.thresholds().lockWaits()).hasValue(3);
        assertThat(holds.table()).isEqualTo("public.customer");
        assertThat(new PlanReader(name -> null).holds("plan: shop", "shop", "customer"))
                .isEqualTo(new EntityHolds(HoldThresholds.DEFAULTS, null));
    }
}
