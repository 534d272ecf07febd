package dev.backpop.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import dev.backpop.problem.Secrets;

/** The stack trace of a log event without secrets; {@code %maskedTrace} in logback.xml. */
public final class MaskedStackTrace extends ThrowableProxyConverter {
    @Override
    protected String throwableProxyToString(IThrowableProxy thrown) {
        return Secrets.mask(super.throwableProxyToString(thrown));
    }
}
