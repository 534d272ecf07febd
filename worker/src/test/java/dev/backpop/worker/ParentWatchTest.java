package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {
    @Test
    void tells_once_the_input_ends_and_not_before() throws IOException, InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        PipedInputStream input = new PipedInputStream();
        try (PipedOutputStream parent = new PipedOutputStream(input)) {
            ParentWatch.start(input, gone::countDown);
            parent.write('x');
            parent.flush();

            assertThat(gone.getCount()).isEqualTo(1);
        }
        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
