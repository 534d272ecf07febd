package dev.backpop.producer.driver;

/** The right to drive a campaign is gone, with its database session: another process may have taken over. */
public final class DriverLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DriverLostException(String id) {
        super("this process no longer drives campaign " + id + ": its session with the target ended, or another"
                + " process was faster. It carries on when it can");
    }
}
