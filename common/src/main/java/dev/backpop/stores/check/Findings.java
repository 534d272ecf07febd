package dev.backpop.stores.check;

import dev.backpop.plan.PlanLines;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.problem.Secrets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What was found so far about one entity, or about the whole plan. Not thread-safe. */
final class Findings {
    private final PlanLines lines;
    private final List<Finding> found = new ArrayList<>();

    Findings(PlanLines lines) {
        this.lines = lines;
    }

    void ok(String place, String message) {
        add(Severity.OK, place, message);
    }

    void note(String place, String message) {
        add(Severity.NOTE, place, message);
    }

    void warning(String place, String message) {
        add(Severity.WARNING, place, message);
    }

    void error(String place, String message) {
        add(Severity.ERROR, place, message);
    }

    /**
     * Takes problems over as errors.
     *
     * @param otherwise the place of those that name none of the plan
     */
    void errors(InvalidInputException invalid, String otherwise) {
        for (Problem problem : invalid.problems()) {
            if (problem.place().startsWith("entities.")) {
                error(problem.place(), problem.message());
            } else {
                error(otherwise, problem.toString());
            }
        }
    }

    /** Runs one group of checks; what a database refuses in it becomes a finding, so that the others still run. */
    void group(String place, Group group) throws SQLException {
        try {
            group.check();
        } catch (SQLException e) {
            if (SqlFailure.of(e) == SqlFailure.UNAVAILABLE) {
                throw e;
            }
            warning(place, "could not be checked, because the database says: " + SqlFailure.message(e));
        }
    }

    /** Checks that ask a database. */
    interface Group {
        void check() throws SQLException;
    }

    void add(Severity severity, String place, String message) {
        found.add(new Finding(severity, lines.place(place), Secrets.mask(message)));
    }

    List<Finding> found() {
        return List.copyOf(found);
    }
}
