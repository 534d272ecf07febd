package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkerAbsenceTest {
    private final AtomicLong now = new AtomicLong(-5);

    private void pass(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void where_nobody_is_on_the_way_it_is_said_at_once_and_once() {
        WorkerAbsence absence = new WorkerAbsence(false, now::get);

        assertThat(absence.isNews(0)).isTrue();
        pass(100);
        assertThat(absence.isNews(0)).isFalse();
    }

    @Test
    void workers_that_never_come_and_workers_that_die_are_news_after_a_while() {
        WorkerAbsence absence = new WorkerAbsence(true, now::get);
        pass(19);
        assertThat(absence.isNews(0)).isFalse();
        pass(1);
        assertThat(absence.isNews(0)).as("never came").isTrue();
        assertThat(absence.isNews(1)).isFalse();
        pass(5);
        assertThat(absence.isNews(0)).as("forgotten by Redis").isFalse();
        assertThat(absence.isNews(1)).isFalse();
        pass(20);
        assertThat(absence.isNews(0)).as("died").isTrue();
        assertThat(absence.isNews(0)).isFalse();
    }
}
