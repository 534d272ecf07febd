package dev.backpop.worker;

/** What the command line starts once it has understood its arguments. */
@FunctionalInterface
interface Runner {
    /**
     * Runs until the process is told to stop.
     *
     * @return the exit code
     */
    int run(WorkerOptions options) throws InterruptedException;
}
