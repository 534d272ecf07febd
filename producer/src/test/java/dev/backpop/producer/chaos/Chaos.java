package dev.backpop.producer.chaos;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of attacks: left out of the plain {@code mvn verify}, run by {@code -Pchaos}, every attack with a hard limit and
 * a line in the table at the end.
 */
@Tag("chaos")
@ExtendWith(OutcomeTable.class)
@Timeout(value = 200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Chaos {}
