package dev.backpop.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.backpop.problem.Secrets;

/** The message of a log event without secrets and on one line; {@code %masked} in logback.xml. */
public final class MaskedMessage extends MessageConverter {
    @Override
    public String convert(ILoggingEvent event) {
        return Secrets.mask(super.convert(event)).replace("\r", "\\r").replace("\n", "\\n");
    }
}
