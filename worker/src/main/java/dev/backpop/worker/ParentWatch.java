package dev.backpop.worker;

import java.io.IOException;
import java.io.InputStream;

/** Notices that the parent process has gone: the pipe to our standard input then ends. */
final class ParentWatch {
    private ParentWatch() {}

    /**
     * Reads on a daemon thread until there is no more.
     *
     * @param gone called once, when the input ends or cannot be read
     */
    static Thread start(InputStream input, Runnable gone) {
        Thread thread = new Thread(() -> watch(input, gone), "parent-watch");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void watch(InputStream input, Runnable gone) {
        try {
            long ignored = input.transferTo(java.io.OutputStream.nullOutputStream());
            assert ignored >= 0;
        } catch (IOException e) {
            // An input that cannot be read any more has ended as well.
        } finally {
            gone.run();
        }
    }
}
