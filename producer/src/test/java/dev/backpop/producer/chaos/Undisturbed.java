package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** The run that nothing happens to, once a suite. */
final class Undisturbed {
    /** Done, with rejects. */
    static final int EXIT_CODE = 1;

    private Undisturbed() {}

    static Books books() {
        return Run.BOOKS;
    }

    private static final class Run {
        static final Books BOOKS = run();

        private static Books run() {
            try (Scene scene = Scene.open()) {
                scene.worker();
                JavaProcess driver = scene.backfill();
                assertThat(driver.awaitEnd(Duration.ofSeconds(90)))
                        .as(driver::said)
                        .isEqualTo(EXIT_CODE);
                assertThat(Things.lost(scene.database)).isZero();
                Books books = Books.of(scene.database, Scene.CAMPAIGN);
                assertThat(books.accountedFor()).isEqualTo(books.keys()).isEqualTo(Things.ROWS);
                return books;
            } catch (Exception e) {
                throw new IllegalStateException("the undisturbed run failed", e);
            }
        }
    }
}
