package dev.backpop.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.backpop.problem.InvalidInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedditPlanTest {
    private static final String LOGIN =
            "url: https://oauth.reddit.com, user_agent: 'a:b:1', client_id: c, client_secret: '${SECRET}'";
    private static final String POSTS = """
            entities:
              post: { from: { things: posts }, into: { table: post, key: id }, columns: { title: title } }
            """;
    private static final Map<String, String> VARIABLES =
            Map.of("SECRET", "hush", "TOKEN", "hush-too", "BACKPOP_TARGET_URL", "postgresql://new/shop");

    private static Plan read(String reddit, String entities) {
        return new PlanReader(VARIABLES::get)
                .read("plan: shop\nlegacy: { reddit: { " + reddit + " } }\n" + entities, "shop.yaml", Path.of("/"));
    }

    private static List<String> problems(String reddit, String entities) {
        InvalidInputException refusal =
                requireNonNull(catchThrowableOfType(InvalidInputException.class, () -> read(reddit, entities)));
        return refusal.problems().stream().map(Object::toString).toList();
    }

    @Test
    void a_server_needs_little_and_the_rest_is_what_reddit_lets_a_client_do() {
        LegacySource.Reddit reddit = (LegacySource.Reddit)
                read(LOGIN + ", refresh_token: '${TOKEN}'", POSTS).legacy();

        assertThat(reddit.tokenUrl()).hasToString("https://oauth.reddit.com/api/v1/access_token");
        assertThat(reddit.login()).isEqualTo(new RedditLogin.RefreshToken("c", "hush", "hush-too"));
        assertThat(reddit.requests()).isEqualTo(100);
        assertThat(reddit.per()).isEqualTo(Duration.ofMinutes(1));
        assertThat(reddit.inFlight()).isEqualTo(8);
        assertThat(reddit.moderates()).isFalse();
        assertThat(reddit.lookups()).isEqualTo(LegacySource.Lookups.NONE);
        assertThat(reddit.toString() + reddit.login()).doesNotContain("hush");
    }

    @Test
    void each_way_to_log_in_is_one() {
        assertThat(((LegacySource.Reddit) read(LOGIN, POSTS).legacy()).login())
                .isEqualTo(new RedditLogin.Application("c", "hush"));
        assertThat(((LegacySource.Reddit)
                                read(LOGIN + ", username: u, password: '${TOKEN}', one_time_code: '${SECRET}'", POSTS)
                                        .legacy())
                        .login())
                .isEqualTo(new RedditLogin.Password("c", "hush", "u", "hush-too", "hush"));
        assertThat(problems(LOGIN + ", username: u, password: '${TOKEN}', refresh_token: '${TOKEN}'", POSTS))
                .anyMatch(problem -> problem.contains("two ways to log in"));
        assertThat(problems(LOGIN + ", username: u", POSTS)).anyMatch(problem -> problem.contains("go together"));
        assertThat(problems(LOGIN + ", one_time_code: '${SECRET}'", POSTS))
                .anyMatch(problem -> problem.contains("one_time_code goes with"));
    }

    @Test
    void lookups_name_a_database_and_the_fields_that_get_its_answers() {
        String lookups = ", lookups: { url: 'postgresql://app/od', queries: { author_id: 'SELECT 1' } }";

        LegacySource.Lookups read =
                ((LegacySource.Reddit) read(LOGIN + lookups, POSTS).legacy()).lookups();

        assertThat(read.queries()).containsExactly(Map.entry("author_id", "SELECT 1"));
        assertThat(requireNonNull(read.source()).url()).isEqualTo("postgresql://app/od");
        assertThat(problems(LOGIN + ", lookups: { url: 'postgresql://app/od' }", POSTS))
                .anyMatch(problem -> problem.contains("queries"));
    }

    @Test
    void voters_name_a_database_and_their_key_comes_from_a_variable() {
        String voters = ", voters: { url: 'postgresql://app/od', query: 'SELECT 1', access_key: '${TOKEN}' }";

        LegacySource.Reddit reddit =
                (LegacySource.Reddit) read(LOGIN + voters, POSTS).legacy();

        assertThat(reddit.voters())
                .isEqualTo(new LegacySource.Voters(
                        new LegacySource.Jdbc("postgresql://app/od", null, null), "SELECT 1", "hush-too"));
        assertThat(reddit.voters() + " " + reddit + new RedditLogin.OfUser("c", "hush", "ann", "hush-too"))
                .doesNotContain("hush");
        assertThat(((LegacySource.Reddit) read(LOGIN, POSTS).legacy()).voters()).isEqualTo(LegacySource.Voters.NONE);
        assertThat(problems(LOGIN + voters.replace("${TOKEN}", "hush-too"), POSTS))
                .anyMatch(problem -> problem.contains("a key stands in the plan"));
        assertThat(problems(LOGIN + ", voters: { url: 'postgresql://app/od' }", POSTS))
                .anyMatch(problem -> problem.contains("query"));
    }

    @Test
    void what_is_wrong_is_said_with_the_setting() {
        assertThat(problems(LOGIN.replace("https://oauth.reddit.com", "oauth.reddit.com"), POSTS))
                .anyMatch(problem -> problem.contains("legacy.reddit.url") && problem.contains("web address"));
        assertThat(problems(LOGIN + ", requests: 0", POSTS))
                .anyMatch(problem -> problem.contains("whole number from 1"));
        assertThat(problems(LOGIN + ", timeout: never", POSTS)).anyMatch(problem -> problem.contains("a time up to"));
        assertThat(problems(LOGIN, POSTS.replace("things: posts", "things: postings")))
                .anyMatch(problem -> problem.contains("is not one of channels, posts, comments"));
        assertThat(problems(LOGIN, POSTS.replace("things: posts", "table: post, key: id")))
                .anyMatch(problem -> problem.contains("use 'things' instead of 'table'"));
        assertThat(problems(LOGIN, POSTS.replace("things: posts", "things: posts, key: id")))
                .anyMatch(problem -> problem.contains("does not go with 'things'"));
    }

    @Test
    void things_have_the_keys_that_they_have() {
        assertThat(read(LOGIN, POSTS).entities().get(0).from().key()).containsExactly("id");
        assertThat(read(
                                LOGIN,
                                POSTS.replace("things: posts", "things: comments")
                                        .replace("key: id", "key: [post_id, id]"))
                        .entities()
                        .get(0)
                        .from()
                        .key())
                .containsExactly("post_id", "id");
    }
}
