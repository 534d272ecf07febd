package dev.backpop.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class MaskedMessageTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void a_log_line_is_one_line_without_secrets() {
        assertThat(new MaskedMessage().convert(event("lost redis://:hush@host\nagain", null)))
                .isEqualTo("lost redis://***@host\\nagain");
    }

    @Test
    void a_stack_trace_has_no_secrets_either() {
        MaskedStackTrace converter = new MaskedStackTrace();
        converter.setContext(context);
        converter.start();

        String trace = converter.convert(event("x", new IllegalStateException("at postgresql://me:hush@db/shop")));

        assertThat(trace)
                .contains("IllegalStateException: at postgresql://***@db/shop")
                .doesNotContain("hush");
    }

    private LoggingEvent event(String message, @org.jspecify.annotations.Nullable Throwable thrown) {
        return new LoggingEvent(getClass().getName(), context.getLogger("test"), Level.INFO, message, thrown, null);
    }
}
