package dev.backpop.producer.demo;

/** The demo cannot go on, for a reason that no store has given. */
final class DemoFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoFailedException(String message) {
        super(message);
    }
}
