package dev.backpop.legacy.reddit;

import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.plan.LegacySource;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Looks up in another database what names stand for: each distinct question once, as long as there is room to remember the
 * answer. Thread-safe; close it to give its sessions back.
 */
final class Lookups implements AutoCloseable {
    /** The one that fills no field: it lists the names of channels that somebody knows. */
    static final String CHANNEL_NAMES = "channel_names";

    private static final int MOST_NAMES = 100_000;
    private static final int MOST_REMEMBERED = 20_000;
    private static final int SESSIONS = 4;
    private static final Pattern PARAMETER = Pattern.compile("(?<![:\\w]):([A-Za-z_][A-Za-z0-9_]*)");
    /** What SQL does not read: texts, quoted names, and remarks. */
    private static final Pattern QUOTED = Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*");

    private final Map<String, String> queries;
    private final Map<String, Set<String>> parameters = new HashMap<>();
    private final @Nullable PostgresPool pool;
    private final Map<List<@Nullable String>, Optional<String>> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<@Nullable String>, Optional<String>> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    Lookups(LegacySource.Lookups source) {
        queries = source.queries();
        queries.forEach((field, query) -> parameters.put(field, parametersOf(query)));
        LegacySource.Jdbc database = source.source();
        pool = database == null
                ? null
                : PostgresPool.legacy(
                        PostgresAddress.parse("lookups", database.url(), database.user(), database.password()),
                        "lookups",
                        SESSIONS,
                        database.statementTimeout());
    }

    boolean has(String field) {
        return queries.containsKey(field);
    }

    /** The fields that lookups fill. */
    Collection<String> fields() {
        return queries.keySet().stream()
                .filter(field -> !field.equals(CHANNEL_NAMES))
                .toList();
    }

    /**
     * The names of channels that the database knows; none where the plan has no query for them.
     *
     * @throws LegacyUnavailableException when the database cannot be asked
     */
    List<String> channelNames() {
        if (!has(CHANNEL_NAMES)) {
            return List.of();
        }
        List<String> names = rows(CHANNEL_NAMES, Map.of(), MOST_NAMES + 1).stream()
                .flatMap(Optional::stream)
                .toList();
        if (names.size() > MOST_NAMES) {
            throw new IllegalArgumentException("lookup " + CHANNEL_NAMES + " lists more than " + MOST_NAMES
                    + " names, and each costs a request: leave the lookup out, or let it list fewer");
        }
        return names;
    }

    /** The fields that a lookup asks with. */
    Set<String> parameters(String field) {
        return parameters.getOrDefault(field, Set.of());
    }

    /** The fields that any lookup asks with. */
    Set<String> asking() {
        return parameters.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> parametersOf(String query) {
        Set<String> names = new LinkedHashSet<>();
        Matcher matcher = PARAMETER.matcher(QUOTED.matcher(query).replaceAll(" "));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /**
     * The answer to one question; null when there is none.
     *
     * @param values of its parameters; those that are not there are null
     * @throws IllegalArgumentException when there are several, or the database does not take the question
     * @throws LegacyUnavailableException when the database cannot be asked
     */
    @Nullable
    String of(String field, Map<String, @Nullable String> values) {
        List<@Nullable String> question = new java.util.ArrayList<>();
        question.add(field);
        Set<String> asking = parameters(field);
        asking.forEach(name -> question.add(values.get(name)));
        synchronized (remembered) {
            Optional<String> known = remembered.get(question);
            if (known != null) {
                return known.orElse(null);
            }
        }
        Map<String, @Nullable String> bound = new HashMap<>();
        asking.forEach(name -> bound.put(name, values.get(name)));
        String answer = ask(field, bound);
        synchronized (remembered) {
            remembered.put(question, Optional.ofNullable(answer));
        }
        return answer;
    }

    /** Asks once with nothing, so that a query that the database does not take is found before anything is moved. */
    void probe(String field) {
        Map<String, @Nullable String> nothing = new HashMap<>();
        parameters(field).forEach(name -> nothing.put(name, null));
        ask(field, nothing);
    }

    void check() {
        PostgresPool open = pool;
        if (open != null) {
            open.check();
        }
    }

    private @Nullable String ask(String field, Map<String, @Nullable String> values) {
        List<Optional<String>> found = rows(field, values, 2);
        if (found.size() > 1 && !field.equals(CHANNEL_NAMES)) {
            throw new IllegalArgumentException("lookup " + field + " finds several rows for " + values);
        }
        return found.isEmpty() ? null : found.get(0).orElse(null);
    }

    private List<Optional<String>> rows(String field, Map<String, @Nullable String> values, int most) {
        PostgresPool open = pool;
        if (open == null) {
            throw new IllegalStateException("no database to look " + field + " up in");
        }
        try (Connection connection = open.connection();
                Handle handle = Jdbi.open(connection)) {
            var query = handle.createQuery(queries.getOrDefault(field, ""));
            // Without a type, so that the database takes each for what the query needs.
            values.forEach((name, value) -> query.bindBySqlType(name, value, Types.OTHER));
            return query.setMaxRows(most)
                    .map((row, context) -> {
                        if (row.getMetaData().getColumnCount() != 1) {
                            throw new IllegalArgumentException("lookup " + field + " gives more than one column");
                        }
                        return Optional.ofNullable(row.getString(1));
                    })
                    .list();
        } catch (SQLException e) {
            throw failure(open, field, e);
        } catch (JdbiException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw failure(open, field, cause);
            }
            throw new IllegalArgumentException("lookup " + field + " cannot be asked: " + e.getMessage(), e);
        }
    }

    private static RuntimeException failure(PostgresPool pool, String field, SQLException cause) {
        SqlFailure failure = SqlFailure.of(cause);
        if (failure == SqlFailure.ROW || failure == SqlFailure.PERMANENT) {
            return new IllegalArgumentException("lookup " + field + ": " + SqlFailure.message(cause), cause);
        }
        return new LegacyUnavailableException(
                "the database of lookups at " + pool.address() + " does not serve: " + SqlFailure.message(cause),
                cause);
    }

    @Override
    public void close() {
        PostgresPool open = pool;
        if (open != null) {
            open.close();
        }
    }
}
