package dev.backpop.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnAccessTest {
    private final OwnAccess access = new OwnAccess(System::nanoTime);

    private Allowance allowance(int requests, Duration per) {
        return access.allowance("reddit-test", new RequestLimit(requests, per, Duration.ofSeconds(20)));
    }

    private static RequestResult answered(@Nullable Double remaining, @Nullable Duration reset) {
        return new RequestResult(RequestResult.Kind.ANSWERED, "answered 200", remaining, reset, null);
    }

    @Test
    void a_process_by_itself_keeps_to_the_plan() {
        Allowance allowance = allowance(3, Duration.ofMillis(300));
        long begin = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            allowance.take(null).answered(answered(null, null));
        }

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isGreaterThanOrEqualTo(900);
    }

    @Test
    void it_obeys_the_server_and_says_so() {
        allowance(100, Duration.ofSeconds(1)).take(null).answered(answered(0.0, Duration.ofSeconds(60)));

        assertThatThrownBy(() -> allowance(100, Duration.ofSeconds(1)).take(null))
                .isInstanceOf(LegacyHeldException.class)
                .hasMessageContaining("used up");
    }

    @Test
    void of_a_name_one_is_under_way() {
        Allowance allowance = allowance(1_000, Duration.ofSeconds(1));
        Permit first = allowance.take("more");
        CompletableFuture<Permit> second = CompletableFuture.supplyAsync(() -> allowance.take("more"));
        allowance.take(null);
        allowance.take("other");
        assertThat(second).isNotDone();

        first.answered(answered(null, null));

        second.join().answered(answered(null, null));
    }
}
