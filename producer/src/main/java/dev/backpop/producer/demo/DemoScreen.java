package dev.backpop.producer.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the demo shows what happens. Used by one thread at a time. */
public interface DemoScreen {
    /** One line that stays. */
    void line(String text);

    /** A table that stays; numbers go to the right. */
    void table(List<String> headers, List<? extends List<? extends @Nullable Object>> rows);

    /** How far a campaign is; call it as often as you like. */
    void progress(DemoProgress progress);

    /** The campaign that progress was shown of has ended. */
    void endProgress();
}
