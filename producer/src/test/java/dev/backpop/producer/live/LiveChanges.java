package dev.backpop.producer.live;

import dev.backpop.producer.live.Change.Form;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** What a writer does next, by chance. For one thread. */
final class LiveChanges {
    private static final int MOST_CHANGES = 3;
    private static final int MOST_ROWS = 20;
    private static final int TRIES = 20;

    private final LiveKeys keys;
    private final List<Form> forms;
    private final Random random;
    private final AtomicLong versions;
    private final int lastMovedTo;
    private final List<Integer> taken = new ArrayList<>();

    /** @param lastMovedTo the greatest key that another is changed to */
    LiveChanges(LiveKeys keys, Collection<Form> forms, Random random, AtomicLong versions, int lastMovedTo) {
        this.keys = keys;
        this.forms = forms.stream().sorted().toList();
        this.random = random;
        this.versions = versions;
        this.lastMovedTo = lastMovedTo;
    }

    /** Changes for one transaction, of different keys, which this thread has taken until {@link #release}. */
    List<Change> take() {
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
            Form form = forms.get(random.nextInt(forms.size()));
            boolean many = form != Form.MOVE && random.nextInt(3) == 0;
            List<Integer> chosen = take(form, many ? 2 + random.nextInt(MOST_ROWS - 1) : 1, keys.last());
            List<Integer> free = form == Form.MOVE ? take(Form.INSERT, 1, lastMovedTo) : List.of(0);
            if (!chosen.isEmpty() && !free.isEmpty()) {
                changes.add(new Change(form, chosen, free.get(0), versions.incrementAndGet()));
            }
        }
        return changes;
    }

    private List<Integer> take(Form form, int count, int last) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < TRIES + count && chosen.size() < count; i++) {
            int key = 1 + random.nextInt(last);
            if (keys.tryTake(key)) {
                if (form.fits(keys.present(key))) {
                    chosen.add(key);
                } else {
                    keys.release(List.of(key));
                }
            }
        }
        taken.addAll(chosen);
        chosen.sort(null);
        return chosen;
    }

    void release() {
        keys.release(taken);
        taken.clear();
    }
}
