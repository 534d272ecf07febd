package dev.backpop.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.legacy.LegacyHeldException;
import dev.backpop.legacy.Permit;
import dev.backpop.legacy.RequestClass;
import dev.backpop.legacy.RequestLimit;
import dev.backpop.legacy.RequestResult;
import dev.backpop.testing.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The budget on a real Redis, with a clock that runs ahead of it as a test wants. */
class BudgetTest {
    private static final RequestLimit A_HUNDRED_A_MINUTE =
            new RequestLimit(100, Duration.ofMinutes(1), Duration.ofSeconds(20));
    private static final RequestResult ANSWERED = answered(null, null);

    private final AtomicLong shift = new AtomicLong();
    private final AtomicInteger ids = new AtomicInteger();
    private RedisConnection redis;
    private Budget budget;

    @BeforeEach
    void open() {
        redis = RedisConnection.open(Servers.redis().url());
        budget = budget(A_HUNDRED_A_MINUTE);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private Budget budget(RequestLimit limit) {
        return new Budget(redis, new RedisKeys(Servers.newPrefix()), "reddit-test", limit, shift::get);
    }

    private static RequestResult answered(@Nullable Double remaining, @Nullable Duration reset) {
        return new RequestResult(RequestResult.Kind.ANSWERED, "answered 200", remaining, reset, null);
    }

    private static RequestResult refused(@Nullable Duration retryAfter) {
        return new RequestResult(RequestResult.Kind.REFUSED, "answered 429", null, null, retryAfter);
    }

    private void pass(Duration time) {
        shift.addAndGet(time.toNanos() / 1_000);
    }

    private Budget.Answer ask(RequestClass requestClass) {
        return budget.take(requestClass, "id-" + ids.incrementAndGet(), null);
    }

    private Budget.Answer.Refused refusal(RequestClass requestClass) {
        Budget.Answer answer = ask(requestClass);
        assertThat(answer).isInstanceOf(Budget.Answer.Refused.class);
        return (Budget.Answer.Refused) answer;
    }

    /** Lets the budget's clock run until it gives. */
    private Budget.Answer.Granted granted(RequestClass requestClass) {
        String id = "id-" + ids.incrementAndGet();
        for (int i = 0; i < 10_000; i++) {
            Budget.Answer answer = budget.take(requestClass, id, null);
            if (answer instanceof Budget.Answer.Granted granted) {
                return granted;
            }
            pass(((Budget.Answer.Refused) answer).time());
        }
        throw new AssertionError("nothing is given");
    }

    private void request(RequestClass requestClass, RequestResult result) {
        budget.settle(granted(requestClass), result);
    }

    @Test
    void no_window_holds_more_than_the_allowance_and_a_busy_one_nearly_all_of_it() {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Budget.Answer.Granted granted = granted(RequestClass.BACKFILL);
            times.add(shift.get());
            budget.settle(granted, ANSWERED);
        }

        // The clock is Redis' own and what was added; a test that takes a second itself sees windows a second longer.
        for (int i = 100; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 100)).isGreaterThan(58_000_000L);
        }
        assertThat(times.get(399) - times.get(0)).isLessThan(4 * 60_000_000L * 102 / 100);
    }

    @Test
    void campaigns_are_paced_and_live_callers_are_not() {
        request(RequestClass.BACKFILL, ANSWERED);

        assertThat(refusal(RequestClass.BACKFILL).time()).isBetween(Duration.ofMillis(1), Duration.ofMillis(600));
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void what_campaigns_have_spent_leaves_one_for_a_live_caller() {
        List<Budget.Answer.Granted> underWay = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            underWay.add(granted(RequestClass.BACKFILL));
            // None of these is over: answers take up to 20 seconds here.
            budget.settle(underWay.get(i), ANSWERED);
        }
        pass(Duration.ofMillis(600));

        assertThat(refusal(RequestClass.BACKFILL).why()).contains("the budget of 100 requests in 60 s");
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Refused.class);
        assertThat(budget.state().spent()).isEqualTo(100);
    }

    @Test
    void a_request_of_which_nothing_is_heard_counts_until_it_must_be_over() {
        budget = budget(new RequestLimit(2, Duration.ofSeconds(10), Duration.ofSeconds(20)));
        granted(RequestClass.LIVE);
        granted(RequestClass.LIVE);
        pass(Duration.ofSeconds(15));
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Refused.class);
        assertThat(budget.state().underWay()).isEqualTo(2);

        pass(Duration.ofSeconds(10));
        assertThat(budget.state().underWay()).isZero();
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Refused.class);

        pass(Duration.ofSeconds(6));
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void a_long_silence_and_another_window_lose_no_count() {
        budget = budget(new RequestLimit(2, Duration.ofMinutes(10), Duration.ofSeconds(20)));
        request(RequestClass.LIVE, ANSWERED);
        granted(RequestClass.LIVE);
        pass(Duration.ofMinutes(5));

        assertThat(budget.state().spent()).isEqualTo(2);
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Refused.class);
        pass(Duration.ofMinutes(6));
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void classes_are_served_in_their_order_and_none_starves() {
        Map<RequestClass, Integer> served = new EnumMap<>(RequestClass.class);
        List<RequestClass> waiting = List.of(RequestClass.VERIFY, RequestClass.BACKFILL, RequestClass.REPAIR);
        // Each class has one caller that wants the next one again and again.
        for (int i = 0; i < 2_000; i++) {
            for (RequestClass one : waiting) {
                Budget.Answer answer = budget.take(one, "caller-" + one, null);
                if (answer instanceof Budget.Answer.Granted granted) {
                    budget.settle(granted, ANSWERED);
                    served.merge(one, 1, Integer::sum);
                }
            }
            pass(Duration.ofMillis(200));
        }

        int all = served.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(all).isGreaterThan(600);
        assertThat(served.get(RequestClass.REPAIR)).isGreaterThan(all * 7 / 10);
        assertThat(served.get(RequestClass.BACKFILL)).isGreaterThan(all / 20);
        assertThat(served.get(RequestClass.VERIFY)).isGreaterThan(all / 50);
    }

    @Test
    void a_live_caller_goes_before_every_campaign() {
        budget = budget(new RequestLimit(10, Duration.ofSeconds(1), Duration.ofSeconds(20)));
        for (int i = 0; i < 10; i++) {
            budget.settle((Budget.Answer.Granted) ask(RequestClass.LIVE), ANSWERED);
        }
        assertThat(budget.take(RequestClass.LIVE, "live", null)).isInstanceOf(Budget.Answer.Refused.class);

        pass(Duration.ofMillis(1_020));

        assertThat(budget.take(RequestClass.REPAIR, "repair", null)).isInstanceOf(Budget.Answer.Refused.class);
        assertThat(budget.take(RequestClass.LIVE, "live", null)).isInstanceOf(Budget.Answer.Granted.class);
        pass(Duration.ofSeconds(1));
        assertThat(budget.take(RequestClass.REPAIR, "repair", null)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void a_waiting_caller_that_died_holds_nobody_up() {
        request(RequestClass.BACKFILL, ANSWERED);
        budget.take(RequestClass.REPAIR, "dies", null);
        pass(Duration.ofMillis(601));
        assertThat(ask(RequestClass.BACKFILL)).isInstanceOf(Budget.Answer.Refused.class);

        pass(Duration.ofMillis(1_300));
        assertThat(ask(RequestClass.BACKFILL)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void the_servers_own_count_lowers_it() {
        request(RequestClass.BACKFILL, answered(11.0, Duration.ofSeconds(100)));

        // Ten for campaigns and one kept, in a hundred seconds.
        assertThat(budget.state().interval()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
        assertThat(budget.state().remaining()).isEqualTo(11);

        request(RequestClass.BACKFILL, answered(1.4, Duration.ofSeconds(90)));
        assertThat(refusal(RequestClass.BACKFILL))
                .satisfies(refused -> assertThat(refused.time()).isGreaterThan(Duration.ofSeconds(80)))
                .satisfies(refused -> assertThat(refused.why()).contains("own allowance is used up until 2"));
        budget.settle((Budget.Answer.Granted) ask(RequestClass.LIVE), answered(0.0, Duration.ofSeconds(89)));
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Refused.class);

        pass(Duration.ofSeconds(100));
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void answers_that_overtake_each_other_do_not_raise_the_servers_count() {
        Budget.Answer.Granted one = granted(RequestClass.LIVE);
        Budget.Answer.Granted two = granted(RequestClass.LIVE);
        budget.settle(two, answered(5.0, Duration.ofSeconds(100)));
        budget.settle(one, answered(6.0, Duration.ofSeconds(100)));

        // Five, less the one that was under way when that was said.
        assertThat(budget.state().remaining()).isEqualTo(4);
        budget.settle(granted(RequestClass.LIVE), answered(99.0, Duration.ofSeconds(500)));
        assertThat(budget.state().remaining()).isEqualTo(99);
    }

    @Test
    void a_server_that_says_for_how_long_is_left_alone_for_so_long() {
        request(RequestClass.VERIFY, refused(Duration.ofSeconds(30)));

        Budget.Answer.Refused refused = refusal(RequestClass.LIVE);
        assertThat(refused.time()).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(30));
        assertThat(refused.why()).contains("wants no requests until 2").contains("answered 429");
        pass(Duration.ofSeconds(30));
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void a_server_that_does_not_is_left_alone_for_longer_each_time() {
        for (int seconds : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
            request(RequestClass.LIVE, refused(null));
            assertThat(refusal(RequestClass.LIVE).time())
                    .isBetween(Duration.ofMillis(seconds * 1_000L - 900), Duration.ofSeconds(seconds));
        }
        request(RequestClass.LIVE, ANSWERED);
        request(RequestClass.LIVE, refused(null));
        assertThat(refusal(RequestClass.LIVE).time()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void repeated_failures_open_a_circuit_that_one_probe_closes() {
        fail(5);

        Duration hold = Duration.ofSeconds(10);
        for (int i = 0; i < 8; i++) {
            Budget.Answer.Refused refused = refusal(RequestClass.LIVE);
            assertThat(refused.time()).isBetween(hold.minusMillis(900), hold);
            assertThat(refused.why()).contains("gets no requests until 2").contains("answered 503");
            pass(hold);
            Budget.Answer.Granted probe = (Budget.Answer.Granted) ask(RequestClass.LIVE);
            assertThat(probe.probe()).isTrue();
            assertThat(refusal(RequestClass.LIVE).why()).contains("one request is finding out");
            budget.settle(probe, RequestResult.failed("answered 503"));
            hold = hold.multipliedBy(2).compareTo(Duration.ofMinutes(10)) > 0
                    ? Duration.ofMinutes(10)
                    : hold.multipliedBy(2);
        }
        pass(Duration.ofMinutes(10));
        budget.settle((Budget.Answer.Granted) ask(RequestClass.LIVE), ANSWERED);

        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
        fail(4);
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            request(RequestClass.LIVE, RequestResult.failed("answered 503"));
        }
    }

    @Test
    void an_answer_in_between_keeps_the_circuit_closed() {
        for (int i = 0; i < 3; i++) {
            fail(4);
            request(RequestClass.LIVE, ANSWERED);
        }

        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void what_was_sent_before_the_circuit_opened_does_not_change_it() {
        Budget.Answer.Granted early = granted(RequestClass.LIVE);
        Budget.Answer.Granted other = granted(RequestClass.LIVE);
        fail(5);

        budget.settle(early, ANSWERED);
        budget.settle(other, RequestResult.failed("answered 503"));

        assertThat(refusal(RequestClass.LIVE).time()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    }

    @Test
    void a_probe_that_died_is_followed_by_another() {
        fail(5);
        pass(Duration.ofSeconds(10));
        ask(RequestClass.LIVE);
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Refused.class);

        pass(Duration.ofSeconds(21));
        assertThat(ask(RequestClass.LIVE)).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void of_a_name_one_is_under_way_and_others_pass_it_by() {
        Budget.Answer.Granted one = (Budget.Answer.Granted) budget.take(RequestClass.LIVE, "one", "more");
        assertThat(budget.take(RequestClass.LIVE, "two", "more")).isInstanceOf(Budget.Answer.Refused.class);
        assertThat(budget.take(RequestClass.LIVE, "three", "other")).isInstanceOf(Budget.Answer.Granted.class);
        assertThat(budget.take(RequestClass.LIVE, "four", null)).isInstanceOf(Budget.Answer.Granted.class);

        budget.settle(one, ANSWERED);
        assertThat(budget.take(RequestClass.LIVE, "two", "more")).isInstanceOf(Budget.Answer.Granted.class);
        // Whoever died with it keeps it no longer than a request can take.
        pass(Duration.ofSeconds(21));
        assertThat(budget.take(RequestClass.LIVE, "five", "more")).isInstanceOf(Budget.Answer.Granted.class);
    }

    @Test
    void the_state_tells_how_long_so_many_requests_take() {
        assertThat(budget.state().timeFor(1_000)).isEqualTo(Duration.ofMinutes(10));

        request(RequestClass.LIVE, refused(Duration.ofSeconds(30)));

        assertThat(budget.state().why()).isEqualTo("answered 429");
        assertThat(budget.state().timeFor(1_000))
                .isBetween(
                        Duration.ofMinutes(10).plusSeconds(28),
                        Duration.ofMinutes(10).plusSeconds(30));
    }

    @Test
    void whoever_would_wait_long_is_told_so_at_once_and_until_when() {
        BudgetAllowance allowance = new BudgetAllowance(budget, RequestClass.BACKFILL, System::nanoTime);
        allowance.take(null).answered(refused(Duration.ofSeconds(60)));

        assertThatThrownBy(() -> allowance.take(null))
                .isInstanceOfSatisfying(
                        LegacyHeldException.class,
                        held -> assertThat(held.time()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whoever_waits_shortly_waits(int requests) {
        budget = budget(new RequestLimit(requests, Duration.ofMillis(300), Duration.ofSeconds(20)));
        BudgetAllowance allowance = new BudgetAllowance(budget, RequestClass.LIVE, System::nanoTime);
        long begin = System.nanoTime();
        for (int i = 0; i < 3 * requests + 1; i++) {
            Permit permit = allowance.take(null);
            permit.answered(ANSWERED);
        }

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isGreaterThanOrEqualTo(900);
    }

    @Test
    void tokens_are_shared_until_they_run_out_and_renewed_by_one() {
        RedisKeys keys = new RedisKeys(Servers.newPrefix());
        RedisTokens one = new RedisTokens(redis, keys, "reddit-test");
        RedisTokens two = new RedisTokens(redis, keys, "reddit-test");

        one.keep("access", "sealed", Duration.ofMinutes(1));
        assertThat(two.find("access")).contains("sealed");
        Long kept = redis.once(jedis -> jedis.pttl(keys.token("reddit-test", "access")));
        assertThat(kept).isBetween(1L, 60_000L);
        two.forget("access", "another");
        assertThat(two.find("access")).contains("sealed");
        two.forget("access", "sealed");
        assertThat(one.find("access")).isEmpty();

        assertThat(one.begin("access", Duration.ofMinutes(1))).isTrue();
        assertThat(two.begin("access", Duration.ofMinutes(1))).isFalse();
        two.end("access");
        assertThat(two.begin("access", Duration.ofMinutes(1))).isFalse();
        one.end("access");
        assertThat(two.begin("access", Duration.ofMinutes(1))).isTrue();
    }
}
