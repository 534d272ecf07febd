package dev.backpop.producer.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for whatever the demo writes, with a list of the processes that it has started: the next demo ends those of a
 * demo that was killed, and removes its folder.
 */
public final class DemoScratch {
    private static final Logger LOG = LoggerFactory.getLogger(DemoScratch.class);
    private static final String NAME = "backpop-demo-";
    private static final String PROCESSES = "processes";

    private final Path folder;

    private DemoScratch(Path folder) {
        this.folder = folder;
    }

    /**
     * Removes what killed demos left, and makes a new folder.
     *
     * @param parent where
     */
    public static DemoScratch create(Path parent) {
        try {
            sweep(parent);
            DemoScratch scratch = new DemoScratch(Files.createTempDirectory(parent, NAME));
            scratch.remember(ProcessHandle.current());
            return scratch;
        } catch (IOException e) {
            throw new UncheckedIOException("the demo cannot make a folder in " + parent, e);
        }
    }

    Path folder() {
        return folder;
    }

    /** Has a process ended by the next demo, should this one not come to it; the first one is the demo's own. */
    void remember(ProcessHandle process) {
        try {
            Files.writeString(
                    folder.resolve(PROCESSES),
                    DemoProcess.of(process).line() + "\n",
                    UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("the demo cannot write to " + folder, e);
        }
    }

    /** Removes the folder and all that is in it. */
    public void remove() {
        try {
            removeTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the demo cannot remove " + folder, e);
        }
    }

    private static void sweep(Path parent) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, NAME + "*")) {
            for (Path left : folders) {
                if (Files.isWritable(left)) {
                    sweepOne(left);
                }
            }
        }
    }

    private static void sweepOne(Path left) {
        try {
            List<DemoProcess> processes = Files.readAllLines(left.resolve(PROCESSES), UTF_8).stream()
                    .map(DemoProcess::parse)
                    .toList();
            if (processes.isEmpty() || processes.get(0).alive()) {
                return;
            }
            processes.forEach(DemoProcess::end);
            removeTree(left);
            LOG.info("removed {}, which a demo that was killed had left", left);
        } catch (IOException | IllegalArgumentException e) {
            // Another demo's business, or half made this moment: not ours to judge.
            LOG.debug("left {} alone", left, e);
        }
    }

    private static void removeTree(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
