package dev.backpop.producer.discussions;

import dev.backpop.testing.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** The files of the plans for Open Discussions. */
public final class DiscussionsFiles {
    private DiscussionsFiles() {}

    public static Path path(String name) {
        return Path.of(System.getProperty("backpop.root", ".."), "deploy", "plans", "discussions", name)
                .toAbsolutePath()
                .normalize();
    }

    public static String text(String name) {
        try {
            return Files.readString(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the tables, and the functions of the trees, in a database. */
    public static Database install(Database database) throws SQLException {
        database.run(text("schema.sql"), text("nodes.sql"));
        return database;
    }
}
