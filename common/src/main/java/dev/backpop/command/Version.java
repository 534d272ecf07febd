package dev.backpop.command;

import org.jspecify.annotations.Nullable;

/** The version of the running build. */
public final class Version {
    private Version() {}

    /** As the jar's manifest has it; {@code development} when running from class folders. */
    public static String current() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
