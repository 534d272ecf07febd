package dev.backpop.producer.selftest;

/** A self-test could not come to a verdict. The message says why. */
public final class SelfTestFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message for people, with what to do */
    public SelfTestFailedException(String message) {
        super(message);
    }
}
