package dev.backpop.producer.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How the demo waits between two looks; a test need not. */
interface DemoPause {
    void pause(Duration time) throws InterruptedException;

    static DemoPause real() {
        CountDownLatch never = new CountDownLatch(1);
        return time -> {
            boolean ignored = never.await(time.toMillis(), TimeUnit.MILLISECONDS);
            assert !ignored;
        };
    }
}
