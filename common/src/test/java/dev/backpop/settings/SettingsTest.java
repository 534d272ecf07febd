package dev.backpop.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.plan.TargetSource;
import dev.backpop.problem.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private final Map<String, String> variables = new HashMap<>();
    private final Environment environment = new Environment(variables::get);

    @TempDir
    Path folder;

    @Test
    void defaults_are_a_local_redis_and_the_plans_target() {
        Settings settings = Settings.of(Settings.Flags.NONE, environment);

        assertThat(settings).isEqualTo(new Settings("redis://127.0.0.1:6379", "backpop", null, null, null));
        TargetSource plan = new TargetSource("postgresql://plan/shop", "ann", "plan's");
        assertThat(settings.over(plan)).isEqualTo(plan);
    }

    @Test
    void flags_win_over_the_environment_and_the_environment_over_the_plan() {
        variables.put("BACKPOP_REDIS_URL", "redis://environment");
        variables.put("BACKPOP_REDIS_PREFIX", "environment");
        variables.put("BACKPOP_TARGET_URL", "postgresql://environment/shop");
        variables.put("BACKPOP_TARGET_USER", "bob");
        TargetSource plan = new TargetSource("postgresql://plan/shop", "ann", "plan's");

        Settings heard = Settings.of(Settings.Flags.NONE, environment);
        Settings told = Settings.of(new Settings.Flags("redis://flag", "flag", "postgresql://flag/shop"), environment);

        assertThat(heard.redisUrl()).isEqualTo("redis://environment");
        assertThat(heard.over(plan)).isEqualTo(new TargetSource("postgresql://environment/shop", "bob", "plan's"));
        assertThat(told.redisUrl()).isEqualTo("redis://flag");
        assertThat(told.redisPrefix()).isEqualTo("flag");
        assertThat(told.over(plan).url()).isEqualTo("postgresql://flag/shop");
    }

    @Test
    void an_empty_variable_is_not_set() {
        variables.put("BACKPOP_REDIS_URL", "");

        assertThat(Settings.of(Settings.Flags.NONE, environment).redisUrl()).isEqualTo(Settings.DEFAULT_REDIS_URL);
    }

    @Test
    void any_variable_can_be_a_file_less_one_trailing_newline() throws IOException {
        variables.put("BACKPOP_TARGET_PASSWORD_FILE", written(" hush\n\n").toString());
        variables.put(
                "BACKPOP_REDIS_URL_FILE", written("redis://:hush@host\r\n").toString());

        Settings settings = Settings.of(Settings.Flags.NONE, environment);

        assertThat(settings.targetPassword()).isEqualTo(" hush\n");
        assertThat(settings.redisUrl()).isEqualTo("redis://:hush@host");
    }

    @Test
    void a_file_that_cannot_be_read_is_named_with_its_variable() {
        variables.put("BACKPOP_TARGET_PASSWORD_FILE", folder.resolve("gone").toString());

        assertThatThrownBy(() -> Settings.of(Settings.Flags.NONE, environment))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("BACKPOP_TARGET_PASSWORD_FILE")
                .hasMessageContaining("gone");
    }

    @Test
    void a_variable_and_its_file_together_are_refused_without_the_value() throws IOException {
        variables.put("BACKPOP_TARGET_PASSWORD", "hush");
        variables.put("BACKPOP_TARGET_PASSWORD_FILE", written("other").toString());

        assertThatThrownBy(() -> Settings.of(Settings.Flags.NONE, environment))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("BACKPOP_TARGET_PASSWORD_FILE")
                .message()
                .doesNotContain("hush");
    }

    @Test
    void a_prefix_with_braces_is_refused_for_it_would_move_the_hash_tag() {
        variables.put("BACKPOP_REDIS_PREFIX", "{mine}");

        assertThatThrownBy(() -> Settings.of(Settings.Flags.NONE, environment))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("BACKPOP_REDIS_PREFIX")
                .hasMessageContaining("{mine}");
    }

    @Test
    void a_target_that_nobody_named_is_asked_for() {
        assertThatThrownBy(() -> Settings.of(Settings.Flags.NONE, environment).target())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--target-url")
                .hasMessageContaining("BACKPOP_TARGET_URL");
    }

    @Test
    void no_setting_prints_itself() {
        Settings settings = new Settings("redis://:hush@host", "backpop", "postgresql://me:hush@db/shop", "me", "hush");

        assertThat(settings.toString()).doesNotContain("hush");
        assertThat(new Settings.Flags("redis://:hush@host", null, null).toString())
                .doesNotContain("hush");
    }

    private Path written(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "setting", ""), content);
    }
}
