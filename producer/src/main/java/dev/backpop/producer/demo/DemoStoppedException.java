package dev.backpop.producer.demo;

/** The demo was told to stop while it was still starting things. */
final class DemoStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoStoppedException() {
        super("the demo was told to stop");
    }
}
