package dev.backpop.plan;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads where the two stores of a plan are. */
final class StoreReader {
    static final String DEFAULT_TARGET_URL = "${BACKPOP_TARGET_URL}";

    private static final List<String> POSTGRESQL = List.of("jdbc:postgresql:", "postgresql://", "postgres://");

    private static final String NOT_POSTGRESQL =
            "is not a PostgreSQL URL: write postgresql://HOST:PORT/DATABASE or jdbc:postgresql://HOST:PORT/DATABASE";

    private final Path directory;
    private final Variables variables;

    /** @param directory the plan file's own; absolute */
    StoreReader(Path directory, Variables variables) {
        this.directory = directory;
        this.variables = variables;
    }

    @Nullable
    LegacySource legacy(Section legacy) {
        List<LegacyKind> named = LegacyKind.in(legacy);
        if (named.isEmpty()) {
            legacy.whole()
                    .problem("name the legacy store: jdbc: { url: … }, file: { directory: … } or reddit: { url: … }");
            return null;
        }
        LegacyKind kind = named.get(0);
        Element element = legacy.required(kind.word());
        if (named.size() > 1 || element == null) {
            legacy.whole()
                    .problem("a plan has one legacy store: keep one of "
                            + String.join(
                                    ", ", named.stream().map(LegacyKind::word).toList()));
            return null;
        }
        return switch (kind) {
            case JDBC -> jdbc(element);
            case FILE -> files(element);
            case REDDIT -> RedditReader.read(element);
        };
    }

    private static LegacySource.@Nullable Jdbc jdbc(Element jdbc) {
        Section section = jdbc.section(List.of("url", "user", "password", StatementTimeout.NAME));
        return section == null ? null : database(section);
    }

    /** A database behind JDBC, whatever else the section holds. */
    static LegacySource.@Nullable Jdbc database(Section section) {
        Element urlElement = section.required("url");
        String url = urlElement == null ? null : url(urlElement);
        if (urlElement != null && url != null && !isPostgresql(url) && !startsWith(url, "jdbc:")) {
            urlElement.problem("is not a database URL: write postgresql://HOST:PORT/DATABASE or jdbc:…");
        }
        String user = section.optionalText("user");
        String password = Secrets.password(section);
        Duration timeout = StatementTimeout.read(section);
        return url == null ? null : new LegacySource.Jdbc(url, user, password, timeout);
    }

    private @Nullable LegacySource files(Element file) {
        Section section = file.section(List.of("directory"));
        Element element = section == null ? null : section.required("directory");
        String text = element == null ? null : element.text();
        if (element == null || text == null) {
            return null;
        }
        try {
            return new LegacySource.Files(directory.resolve(text).normalize());
        } catch (InvalidPathException e) {
            element.problem("is not a path");
            return null;
        }
    }

    /** @param target null when the plan says nothing of its target */
    @Nullable
    TargetSource target(Element root, @Nullable Element target) {
        if (target == null) {
            String url = defaultUrl(root, "target.url");
            return url == null ? null : new TargetSource(url, null, null);
        }
        Section section = target.section(List.of("url", "user", "password", StatementTimeout.NAME));
        if (section == null) {
            return null;
        }
        Element element = section.optional("url");
        String url = element == null ? defaultUrl(target, "url") : url(element);
        if (element != null && url != null && !isPostgresql(url)) {
            element.problem(NOT_POSTGRESQL);
        }
        String user = section.optionalText("user");
        String password = Secrets.password(section);
        Duration timeout = StatementTimeout.read(section);
        return url == null ? null : new TargetSource(url, user, password, timeout);
    }

    private @Nullable String defaultUrl(Element above, String place) {
        String url = variables.expand(DEFAULT_TARGET_URL, problem -> above.problemOf(place, problem));
        if (url != null && !isPostgresql(url.strip())) {
            above.problemOf(place, "BACKPOP_TARGET_URL " + NOT_POSTGRESQL);
        }
        return url == null ? null : url.strip();
    }

    private static @Nullable String url(Element element) {
        Secrets.checkUrl(element);
        return element.text();
    }

    private static boolean isPostgresql(String url) {
        return POSTGRESQL.stream().anyMatch(prefix -> startsWith(url, prefix));
    }

    private static boolean startsWith(String url, String prefix) {
        return url.toLowerCase(Locale.ROOT).startsWith(prefix);
    }
}
