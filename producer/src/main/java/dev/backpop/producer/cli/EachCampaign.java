package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.producer.driver.Session;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/** Does the same to several campaigns. */
final class EachCampaign {
    private EachCampaign() {}

    /**
     * Does it to every one that takes it.
     *
     * @throws InvalidInputException when one is unknown, before anything was done; or when some refused, after the others were done
     */
    static void run(Session session, List<String> ids, Consumer<Campaign> work) {
        List<Problem> problems = new ArrayList<>();
        List<Campaign> campaigns = new ArrayList<>();
        for (String id : new LinkedHashSet<>(ids)) {
            collect(problems, () -> campaigns.add(session.office().require(id)));
        }
        if (problems.isEmpty()) {
            campaigns.forEach(campaign -> collect(problems, () -> work.accept(campaign)));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private static void collect(List<Problem> problems, Runnable work) {
        try {
            work.run();
        } catch (InvalidInputException e) {
            problems.addAll(e.problems());
        }
    }
}
