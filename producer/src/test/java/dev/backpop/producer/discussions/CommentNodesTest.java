package dev.backpop.producer.discussions;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.postgres.KeyConditions;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.testing.Database;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class CommentNodesTest {
    private static final Map<String, Comparator<Thing>> ORDERS = Map.of(
            "new", comparing(Thing::second).reversed().thenComparing(Thing::id),
            "old", comparing(Thing::second).thenComparing(Thing::id),
            "best", comparing(Thing::score).reversed().thenComparing(Thing::id));
    private static final KeyConditions KEY =
            new KeyConditions(List.of("post_id", "id"), new KeyShape(List.of(KeyType.INTEGER, KeyType.INTEGER)));

    private final Random random = new Random(20_190_129);
    private final List<Thing> things = new ArrayList<>();
    private Database database;

    /** A comment, as the database does not know it. */
    private record Thing(long id, long post, long parent, long second, long score) {}

    @BeforeEach
    void tables() throws SQLException {
        database = DiscussionsFiles.install(Database.with());
        database.run(
                "INSERT INTO channel (id, name, channel_type, allowed_post_types, created_on, updated_on)"
                        + " VALUES (1, 'a', 'public', 3, now(), now())",
                "INSERT INTO post (id, channel_id, post_type, title, created_on)"
                        + " SELECT i, 1, 'self', 't', now() FROM unnest(ARRAY[1, 2, 3, 4, 5, 14538007, 14538008,"
                        + " 3983689053]) AS i");
    }

    private void comment(long post, long parent, int score) {
        long id = things.size() + 1L;
        things.add(new Thing(id, post, parent, random.nextInt(50), score));
    }

    private void load() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (Thing thing : things) {
            rows.append(thing.id).append('\t').append(thing.post).append('\t');
            rows.append(thing.parent == 0 ? "\\N" : Long.toString(thing.parent));
            rows.append("\tx\t")
                    .append(thing.score)
                    .append("\t2019-01-29 00:00:")
                    .append(thing.second)
                    .append("Z\n");
        }
        try (Connection connection = database.connect()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY comment (id, post_id, parent_id, text, score, created_on) FROM STDIN",
                            new StringReader(rows.toString()));
        }
        database.run("ANALYZE comment");
    }

    /** Numbers of comments in the order of a walk through the tree; depth and children beside each. */
    private List<String> sorted(long post, Comparator<Thing> order) {
        Map<Long, List<Thing>> children = new HashMap<>();
        things.stream()
                .filter(thing -> thing.post == post)
                .sorted(order.reversed())
                .forEach(thing -> children.computeIfAbsent(thing.parent, parent -> new ArrayList<>())
                        .add(thing));
        List<String> walk = new ArrayList<>();
        Deque<long[]> ahead = new ArrayDeque<>();
        ahead.push(new long[] {0, 1});
        while (!ahead.isEmpty()) {
            long[] node = ahead.pop();
            List<Thing> below = children.getOrDefault(node[0], List.of());
            walk.add((node[0] == 0 ? -post : node[0]) + "|" + node[1] + "|" + below.size());
            below.forEach(thing -> ahead.push(new long[] {thing.id, node[1] + 1}));
        }
        return walk;
    }

    @Test
    void they_stand_in_the_order_of_an_independent_sort() throws Exception {
        long parent = 0;
        for (int i = 0; i < 200; i++) {
            comment(1, parent, 1);
            parent = things.size();
        }
        for (int i = 0; i < 10_000; i++) {
            comment(2, 0, random.nextInt(3));
        }
        for (int i = 0; i < 2_000; i++) {
            long above = (long) things.size() - i;
            comment(3, i == 0 || random.nextInt(10) == 0 ? 0 : above + 1 + random.nextInt(i), random.nextInt(9) - 4);
        }
        for (int i = 0; i < 70; i++) {
            comment(14_538_008, 0, -i);
        }
        load();

        database.run("SELECT comment_nodes_rebuild(id) FROM post");

        for (String sort : ORDERS.keySet()) {
            for (long post : List.of(1L, 2L, 3L, 4L, 14_538_007L, 14_538_008L, 3_983_689_053L)) {
                assertThat(database.ask("SELECT id, depth, numchild FROM comment_node_" + sort + " WHERE post_id = "
                                + post + " ORDER BY path"))
                        .as("%s of post %s", sort, post)
                        .isEqualTo(sorted(post, ORDERS.get(sort)));
            }
            assertThat(database.ask("SELECT count(*) FROM comment_node_" + sort + " AS parent JOIN comment_node_" + sort
                            + " AS child ON starts_with(child.path, parent.path) AND parent.id < 0"
                            + " WHERE child.post_id <> parent.post_id"))
                    .as("no root is the beginning of another post's path")
                    .containsExactly("0");
        }
    }

    @Test
    void a_subtree_of_a_thread_deeper_than_others_can_hold_is_one_range_of_paths() throws Exception {
        long parent = 0;
        for (int i = 0; i < 1_500; i++) {
            comment(1, parent, 1);
            parent = things.size();
        }
        load();

        database.run("SELECT comment_nodes_rebuild(1)");

        assertThat(database.ask("SELECT count(*), max(depth) FROM comment_node_old WHERE path LIKE"
                        + " (SELECT path FROM comment_node_old WHERE id = 1000) || '%'"))
                .containsExactly("501|1501");
    }

    @Test
    void a_chunk_computes_the_trees_of_its_own_posts() throws Exception {
        for (int i = 0; i < 40; i++) {
            comment(1 + i % 5, 0, i);
        }
        load();
        // The trees of all other posts cannot be computed: whoever tries fails.
        database.run("ALTER FUNCTION comment_tree(bigint) RENAME TO real_tree", """
                CREATE FUNCTION comment_tree(post bigint) RETURNS TABLE (id bigint, comment_id bigint, depth integer,
                    numchild integer, created_on timestamptz, score bigint, path_new text, path_old text, path_best text)
                LANGUAGE plpgsql STABLE AS $$
                BEGIN
                    IF post NOT IN (2, 3) THEN RAISE 'the tree of post % was asked for', post; END IF;
                    RETURN QUERY SELECT * FROM real_tree(post);
                END $$""", """
                CREATE OR REPLACE VIEW comment_trees AS SELECT post_id, (node).* FROM
                    (SELECT post.id AS post_id, comment_tree(post.id) AS node FROM post ORDER BY post.id) AS every""");
        List<Key> listed = new ArrayList<>();
        things.stream()
                .filter(thing -> thing.post == 3)
                .forEach(thing -> listed.add(Key.of("3", Long.toString(thing.id))));

        String from = "SELECT id FROM (SELECT * FROM comment_trees) AS legacy WHERE true AND ";
        assertThat(database.ask(from + KEY.in(new KeySelection.Range(null, Key.of("2", "-2"), Key.of("3", "9999")))))
                .hasSize(17);
        assertThat(database.ask(from + KEY.in(new KeySelection.Keys(listed)))).hasSize(8);
        assertThatThrownBy(() -> database.ask(from + "true")).hasMessageContaining("the tree of post");
    }

    @Test
    void only_as_many_trees_are_computed_as_the_next_keys_need() throws Exception {
        for (int i = 0; i < 40; i++) {
            comment(1 + i % 5, 0, i);
        }
        load();

        List<String> plan = database.ask("EXPLAIN ANALYZE SELECT post_id, id FROM comment_trees WHERE "
                + KEY.between(null, Key.of("2", "-2"), Key.of("3983689053", "0")) + " ORDER BY post_id, id LIMIT 5");

        assertThat(plan).anyMatch(line -> line.matches(".* on post .*actual .*rows=2(\\.00)? loops=1.*"));
    }

    @Test
    void siblings_that_pass_each_other_in_several_chunks_keep_their_paths_apart() throws Exception {
        for (int i = 0; i < 9; i++) {
            comment(1, 0, i);
        }
        load();
        database.run(
                "SELECT comment_nodes_rebuild(1)",
                "INSERT INTO comment (id, post_id, text, score, created_on) VALUES (10, 1, 'x', 99, now())");

        assertThatThrownBy(() -> database.run(writing("= 10")))
                .as("others than Backpop are refused")
                .hasMessageContaining("comment_node_best_path_once");

        for (String chunk : List.of("IN (10, 1, 2, 3)", "IN (4, 5, 6)", "IN (7, 8, 9)", "= -1")) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET backpop.session = 'backfill'");
                statement.execute(writing(chunk));
            }
        }

        assertThat(database.ask("SELECT comment_id FROM comment_node_best ORDER BY path"))
                .containsExactly("null", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1");
        assertThat(database.ask("SELECT count(*) FROM comment_node_best WHERE path LIKE '~%'"))
                .containsExactly("0");
    }

    private static String writing(String ids) {
        return "INSERT INTO comment_node_best (id, post_id, comment_id, path, depth, numchild, score)"
                + " SELECT id, post_id, comment_id, path_best, depth, numchild, score FROM comment_trees WHERE id "
                + ids
                + " ON CONFLICT (post_id, id) DO UPDATE SET path = excluded.path, numchild = excluded.numchild";
    }
}
