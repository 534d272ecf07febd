package dev.backpop.producer.selftest;

/** Where a self-test says what it is at. Used by one thread. */
public interface SelfTestScreen {
    /** One line that stays. */
    void note(String text);

    /**
     * How far a verification is; call it as often as you like.
     *
     * @param state what it waits for; empty when it does not wait
     */
    void progress(String label, long done, long total, String state);

    /** What progress was shown of has ended. */
    void endProgress();
}
