package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.StandIn;
import dev.backpop.standin.StandInOptions;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedditPlanCheckTest {
    private static final String PLAN = """
            plan: forum
            legacy:
              reddit:
                url: "${REDDIT_URL}"
                user_agent: "test:backpop:1"
                client_id: stand-in
                client_secret: "${REDDIT_SECRET}"
                refresh_token: "${REDDIT_TOKEN}"
                requests: 1000
            target: { url: "${TARGET_URL}" }
            entities:
              post:
                from: { things: posts }
                into: { table: post, key: id }
                columns: { title: title, created_on: created_on }
                guard: overwrite
            """;

    private final Path folder = Servers.newFolder();

    private CommandRun check(StandIn server, Database target, String plan, String token) throws IOException {
        Path file = Files.writeString(folder.resolve("forum.yaml"), plan);
        return CommandRun.of(
                Map.of(
                        "REDDIT_URL",
                        server.url().toString(),
                        "REDDIT_SECRET",
                        "stand-in-secret",
                        "REDDIT_TOKEN",
                        token,
                        "TARGET_URL",
                        target.url()),
                "plan",
                "check",
                file.toString());
    }

    @Test
    void a_plan_on_a_reddit_server_is_checked_by_asking_it() throws IOException, SQLException {
        Database target =
                Database.with("CREATE TABLE post (id bigint PRIMARY KEY, title text, created_on timestamptz)");
        try (StandIn server = StandIn.start(StandInOptions.of(
                new GeneratedThings(GeneratedOptions.of(50).withPlain(true).withClosed(0))))) {
            CommandRun fine = check(server, target, PLAN, "stand-in-refresh");
            assertThat(fine.out()).contains("50 keys by id", "0 errors");
            assertThat(fine.exitCode()).isZero();

            CommandRun wrong = check(server, target, PLAN.replace("title: title", "title: titel"), "stand-in-refresh");
            assertThat(wrong.out() + wrong.err()).contains("there is no field 'titel'; did you mean 'title'?");
            assertThat(wrong.exitCode()).isEqualTo(2);

            CommandRun refused = check(server, target, PLAN, "no-such-token-of-anybody");
            assertThat(refused.err())
                    .contains("the Reddit server at " + server.url() + " does not serve", "the login in the plan")
                    .doesNotContain("no-such-token-of-anybody", "stand-in-secret");
            assertThat(refused.exitCode()).isEqualTo(3);
        }
    }
}
