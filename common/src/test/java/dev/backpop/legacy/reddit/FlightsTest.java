package dev.backpop.legacy.reddit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlightsTest {
    private static boolean waited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void others_ask_on_while_an_answer_is_read_even_with_one_request_in_flight() {
        CountDownLatch asked = new CountDownLatch(1);
        boolean[] read = new boolean[1];
        try (Flights flights = new Flights(1)) {
            flights.all(List.of(() -> read[0] = waited(asked), asked::countDown));
        }
        assertThat(read[0]).isTrue();
    }
}
