package casella.store.archive;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.Shelf;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What several vaults list, asked side by side. One that answers nobody is not waited for where another has answered: it hangs, and
/// whoever waits for the account would hang with it.
final class SideBySide {
    /// How often it is looked whether those that are waited for answer anybody.
    private static final Duration LOOK = Duration.ofMillis(50);

    private SideBySide() {}

    /// @param page null where it failed
    private record Answer<T>(Shelf shelf, @Nullable List<T> page, @Nullable Fault why) {}

    /// Returns the page of each vault that answered.
    ///
    /// @param question has a time of its own
    /// @throws Fault.Unavailable if none answers
    static <T> List<List<T>> pages(List<Shelf> shelves, Function<Vault, List<T>> question) {
        var answers = new LinkedBlockingQueue<Answer<T>>();
        for (Shelf shelf : shelves) {
            if (shelves.size() == 1) answers.add(ask(shelf, question));
            else Thread.ofVirtual().name("list-" + shelf.name()).start(() -> answers.add(ask(shelf, question)));
        }
        List<Shelf> waiting = new ArrayList<>(shelves);
        List<List<T>> pages = new ArrayList<>();
        @Nullable Fault last = null;
        while (!waiting.isEmpty()) {
            @Nullable Answer<T> answer = next(answers);
            if (answer == null) {
                boolean silent = waiting.stream().allMatch(shelf -> shelf.latency().silent());
                if (silent && !pages.isEmpty()) break;
                continue;
            }
            waiting.remove(answer.shelf());
            if (answer.page() != null) pages.add(answer.page());
            if (answer.why() != null) last = answer.why();
        }
        if (pages.isEmpty()) throw new Fault.Unavailable("No vault lists its objects", Map.of(), last);
        return pages;
    }

    private static <T> @Nullable Answer<T> next(LinkedBlockingQueue<Answer<T>> answers) {
        try {
            return answers.poll(LOOK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Unavailable("Interrupted while waiting", Map.of(), e);
        }
    }

    private static <T> Answer<T> ask(Shelf shelf, Function<Vault, List<T>> question) {
        shelf.latency().asked();
        try {
            List<T> page = question.apply(shelf.vault());
            shelf.latency().answered();
            return new Answer<>(shelf, page, null);
        } catch (Fault e) {
            Log.event(Event.VAULT_READ_FAILED, "vault", shelf.name(), "why", e);
            return new Answer<>(shelf, null, e);
        } catch (RuntimeException e) {
            Log.event(Event.VAULT_READ_FAILED, e, "vault", shelf.name());
            return new Answer<>(shelf, null, new Fault.Unavailable("The list failed", Map.of("vault", shelf.name()), e));
        } finally {
            shelf.latency().ended();
        }
    }
}
