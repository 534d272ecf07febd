package dev.backpop.producer.discussions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.testing.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

class DiscussionsSchemaTest {
    private static final String CHANNEL =
            "INSERT INTO channel (id, name, channel_type, allowed_post_types, created_on, updated_on) VALUES ";
    private static final String POST = "INSERT INTO post (id, channel_id, post_type, title, url, created_on) VALUES ";
    private static final String COMMENT = "INSERT INTO comment (id, post_id, parent_id, text, created_on) VALUES ";

    private static Database filled() throws SQLException {
        Database database = DiscussionsFiles.install(
                Database.with("CREATE TABLE auth_user (id int PRIMARY KEY)", "INSERT INTO auth_user VALUES (1), (2)"));
        database.run(
                CHANNEL + "(1, 'Physics', 'public', 7, now(), now())",
                POST + "(1, 1, 'link', 't', 'https://example.org', now()), (2, 1, 'self', 't', NULL, now())",
                COMMENT + "(1, 1, NULL, '', now()), (2, 1, 1, 'x', now()), (3, 2, NULL, 'x', now())",
                "INSERT INTO post_vote VALUES (1, 1, 1)",
                "INSERT INTO comment_vote VALUES (1, 1, -1)",
                "INSERT INTO channel_role VALUES (1, 1, 'moderators')",
                "INSERT INTO reddit_moderator VALUES (1, 1, 1, 'ann', now())",
                "INSERT INTO reddit_contributor VALUES (1, 1, 1, 'ann', NULL)",
                "INSERT INTO channel_subscription VALUES (1, 1, now())",
                "INSERT INTO channel_invitation (channel_id, inviter_id, email, redeemed, created_on, updated_on)"
                        + " VALUES (1, 1, 'a@b', false, now(), now())",
                "INSERT INTO link_meta (url, created_on, updated_on) VALUES ('https://example.org', now(), now())",
                "INSERT INTO article VALUES (1, 1, '[]', NULL, now(), now())",
                "INSERT INTO subscription (user_id, post_id, comment_id, created_on, updated_on)"
                        + " VALUES (1, 1, NULL, now(), now()), (1, 1, 1, now(), now())",
                "INSERT INTO report (post_id) VALUES (1)",
                "INSERT INTO report (comment_id) VALUES (1)",
                "SELECT comment_nodes_rebuild(id) FROM post");
        return database;
    }

    @Test
    void it_is_made_once_and_may_be_made_again() throws Exception {
        Database database = filled();
        List<String> before = constraints(database);

        DiscussionsFiles.install(database);

        assertThat(constraints(database)).isEqualTo(before);
        assertThat(database.ask("SELECT count(*) FROM post")).containsExactly("2");
        assertThat(
                        database.ask(
                                "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = 'public'"
                                        + " AND table_name <> 'auth_user' AND column_name ~ '(^|_)id$' AND column_name <> 'ga_tracking_id'"))
                .containsExactly("bigint");
    }

    private static List<String> constraints(Database database) throws SQLException {
        return database.ask("SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
                + " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2");
    }

    @Test
    void it_needs_nothing_of_the_application() throws Exception {
        Database database = DiscussionsFiles.install(Database.with());

        assertThat(database.ask(
                        "SELECT count(*) FROM pg_constraint WHERE conname LIKE '%\\_known'" + " AND contype = 'f'"))
                .containsExactly("0");
    }

    @Test
    void every_constraint_refuses_a_bad_row() throws Exception {
        Database database = filled();
        List<String[]> bad = new ArrayList<>(List.of(new String[][] {
            {"channel_name_once", CHANNEL + "(2, 'physics', 'public', 7, now(), now())"},
            {"channel_name_letters", CHANNEL + "(2, 'a b', 'public', 7, now(), now())"},
            {"channel_type_known", CHANNEL + "(2, 'b', 'user', 7, now(), now())"},
            {"channel_post_types", CHANNEL + "(2, 'b', 'public', 8, now(), now())"},
            {"channel_role_known", "INSERT INTO channel_role VALUES (1, 1, 'admins')"},
            {"channel_role_pkey", "INSERT INTO channel_role VALUES (1, 1, 'moderators')"},
            {"channel_role_channel_id_fkey", "INSERT INTO channel_role VALUES (9, 1, 'moderators')"},
            {"channel_role_user_id_known", "INSERT INTO channel_role VALUES (1, 9, 'moderators')"},
            {"reddit_moderator_pkey", "INSERT INTO reddit_moderator VALUES (1, 1, 2, 'bob', now())"},
            {"reddit_moderator_channel_id_fkey", "INSERT INTO reddit_moderator VALUES (9, 2, 1, 'ann', now())"},
            {"reddit_moderator_user_id_known", "INSERT INTO reddit_moderator VALUES (1, 2, 9, 'ann', now())"},
            {"reddit_contributor_pkey", "INSERT INTO reddit_contributor VALUES (1, 1, 2, 'bob', now())"},
            {"reddit_contributor_channel_id_fkey", "INSERT INTO reddit_contributor VALUES (9, 2, 1, 'ann', now())"},
            {"reddit_contributor_user_id_known", "INSERT INTO reddit_contributor VALUES (1, 2, 9, 'ann', now())"},
            {"channel_subscription_pkey", "INSERT INTO channel_subscription VALUES (1, 1, now())"},
            {"channel_subscription_channel_id_fkey", "INSERT INTO channel_subscription VALUES (9, 1, now())"},
            {"channel_subscription_user_id_known", "INSERT INTO channel_subscription VALUES (1, 9, now())"},
            {
                "channel_invitation_once",
                "INSERT INTO channel_invitation (channel_id, inviter_id, email, redeemed, created_on, updated_on)"
                        + " VALUES (1, 2, 'a@b', true, now(), now())"
            },
            {
                "link_meta_url_once",
                "INSERT INTO link_meta (url, created_on, updated_on) VALUES ('https://example.org', now(), now())"
            },
            {"post_id_positive", POST + "(0, 1, 'self', 't', NULL, now())"},
            {"post_channel_id_fkey", POST + "(9, 9, 'self', 't', NULL, now())"},
            {"post_type_known", POST + "(9, 1, 'poll', 't', NULL, now())"},
            {"post_url_of_links", POST + "(9, 1, 'link', 't', NULL, now())"},
            {"post_url_of_links", POST + "(9, 1, 'self', 't', 'x', now())"},
            {"post_edited_when", "UPDATE post SET edited_on = now()"},
            {"post_author_id_known", "UPDATE post SET author_id = 9"},
            {"post_link_meta_id_fkey", "UPDATE post SET link_meta_id = 9"},
            {"article_post_id_fkey", "INSERT INTO article VALUES (9, 1, '[]', NULL, now(), now())"},
            {"article_pkey", "INSERT INTO article VALUES (1, 1, '[]', NULL, now(), now())"},
            {"comment_id_positive", COMMENT + "(-1, 1, NULL, 'x', now())"},
            {"comment_post_id_fkey", COMMENT + "(9, 9, NULL, 'x', now())"},
            {"comment_parent_of_same_post", COMMENT + "(9, 1, 8, 'x', now())"},
            {"comment_parent_of_same_post", COMMENT + "(9, 1, 3, 'x', now())"},
            {"comment_not_its_own_parent", COMMENT + "(9, 1, 9, 'x', now())"},
            {"comment_edited_when", "UPDATE comment SET edited_on = now()"},
            {"comment_author_id_known", "UPDATE comment SET author_id = 9"},
            {"post_vote_direction", "INSERT INTO post_vote VALUES (2, 1, 0)"},
            {"post_vote_pkey", "INSERT INTO post_vote VALUES (1, 1, -1)"},
            {"post_vote_post_id_fkey", "INSERT INTO post_vote VALUES (9, 1, 1)"},
            {"post_vote_voter_id_known", "INSERT INTO post_vote VALUES (2, 9, 1)"},
            {"comment_vote_direction", "INSERT INTO comment_vote VALUES (2, 1, 2)"},
            {"comment_vote_pkey", "INSERT INTO comment_vote VALUES (1, 1, -1)"},
            {"comment_vote_comment_id_fkey", "INSERT INTO comment_vote VALUES (9, 1, 1)"},
            {"comment_vote_voter_id_known", "INSERT INTO comment_vote VALUES (2, 9, 1)"},
            {"report_of_one_thing", "INSERT INTO report (post_id, comment_id) VALUES (2, 2)"},
            {"report_of_one_thing", "INSERT INTO report (reason) VALUES ('x')"},
            {"report_open_once_post", "INSERT INTO report (post_id) VALUES (1)"},
            {"report_open_once_comment", "INSERT INTO report (comment_id) VALUES (1)"},
            {"report_resolved", "INSERT INTO report (post_id, resolved_by) VALUES (2, 1)"},
            {
                "subscription_once",
                "INSERT INTO subscription (user_id, post_id, created_on, updated_on) VALUES (1, 1, now(), now())"
            },
            {
                "subscription_comment_of_post",
                "INSERT INTO subscription (user_id, post_id, comment_id, created_on, updated_on)"
                        + " VALUES (1, 1, 3, now(), now())"
            },
            {
                "spam_check_result_of_one_thing",
                "INSERT INTO spam_check_result (checks, is_spam, created_on, updated_on)"
                        + " VALUES ('{}', true, now(), now())"
            },
        }));
        for (String sort : List.of("new", "old", "best")) {
            String table = "comment_node_" + sort;
            String value = sort.equals("best") ? "score" : "created_on";
            String set = "UPDATE " + table + " SET ";
            String insert =
                    "INSERT INTO " + table + " (id, post_id, comment_id, path, depth, numchild, " + value + ") VALUES ";
            bad.addAll(List.of(new String[][] {
                {table + "_path_once", set + "path = '0001' WHERE id = -2"},
                {table + "_steps", set + "path = '00010' WHERE id = 1"},
                {table + "_steps", set + "path = '000é' WHERE id = 1"},
                {table + "_depth", set + "depth = 0 WHERE id = 1"},
                {table + "_numchild", set + "numchild = -1 WHERE id = 1"},
                {table + "_number", set + "id = 7 WHERE id = 1"},
                {table + "_root", set + "depth = 2 WHERE id = -1"},
                {table + "_root", set + value + " = NULL WHERE id = 1"},
                {table + "_comment_of_post", set + "post_id = 2 WHERE id = 1"},
                {table + "_pkey", insert + "(-1, 1, NULL, 'zzzz', 1, 0, NULL)"},
            }));
        }
        List<String> notRefused = new ArrayList<>();
        for (String[] one : bad) {
            try {
                database.run(one[1]);
                notRefused.add(one[0] + ": " + one[1]);
            } catch (PSQLException e) {
                String constraint = String.valueOf(
                        e.getServerErrorMessage() == null
                                ? null
                                : e.getServerErrorMessage().getConstraint());
                if (!constraint.equals(one[0])) {
                    notRefused.add(one[0] + " but " + constraint + ": " + e.getMessage());
                }
            }
        }

        assertThat(notRefused).isEmpty();
        Matcher named = Pattern.compile("CONSTRAINT (\\w+)").matcher(DiscussionsFiles.text("schema.sql"));
        List<String> tried = bad.stream().map(one -> one[0]).toList();
        while (named.find()) {
            // The number makes the comment unique already; this one only serves the cascade.
            if (!named.group(1).endsWith("_comment_once") && !named.group(1).endsWith("_of_post")) {
                assertThat(tried).contains(named.group(1));
            }
        }
        assertThatThrownBy(() -> database.run("UPDATE post SET title = repeat('ü', 301)"))
                .hasMessageContaining("character varying(300)");
        database.run(
                "UPDATE post SET title = repeat('🐘', 300)", "UPDATE post SET url = repeat('u', 7531) WHERE id = 1");
    }
}
