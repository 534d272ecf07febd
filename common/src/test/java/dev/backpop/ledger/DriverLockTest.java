package dev.backpop.ledger;

import static dev.backpop.ledger.LedgerFixture.newDatabase;
import static dev.backpop.ledger.LedgerFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DriverLockTest {
    private static DataSource database;
    private static Ledger ledger;

    @BeforeAll
    static void open() {
        database = newDatabase();
        ledger = Ledger.open(database);
    }

    @Test
    void one_driver_at_a_time_and_the_next_when_it_lets_go() {
        DriverLock lock = ledger.tryDrive("c1").orElseThrow();

        assertThat(lock.held()).isTrue();
        assertThat(ledger.tryDrive("c1")).isEmpty();
        try (DriverLock another = ledger.tryDrive("c2").orElseThrow()) {
            assertThat(another.held()).isTrue();
        }
        lock.close();
        lock.close();
        assertThat(lock.held()).isFalse();
        try (DriverLock next = ledger.tryDrive("c1").orElseThrow()) {
            assertThat(next.held()).isTrue();
        }
    }

    @Test
    void a_driver_that_is_cut_off_knows_it_and_another_takes_over() throws Exception {
        DriverLock lock = ledger.tryDrive("c3").orElseThrow();
        run(
                database,
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = "
                        + DriverLock.SPACE
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

        Optional<DriverLock> next = Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> ledger.tryDrive("c3"), Optional::isPresent);

        assertThat(lock.held()).isFalse();
        lock.close();
        assertThat(next.orElseThrow().held()).isTrue();
        next.orElseThrow().close();
    }
}
