package dev.backpop.producer.selftest;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a self-test says. */
final class QuietScreen implements SelfTestScreen {
    final List<String> notes = new ArrayList<>();

    @Override
    public void note(String text) {
        notes.add(text);
    }

    @Override
    public void progress(String label, long done, long total, String state) {}

    @Override
    public void endProgress() {}
}
