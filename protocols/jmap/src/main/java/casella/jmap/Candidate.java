package casella.jmap;

import casella.base.ArrivalId;
import casella.base.ThreadId;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Email;
import casella.store.Placement;
import casella.store.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One email that a query looks at. What a condition needs is read when it first asks, and kept.
final class Candidate {
    /// What the candidates of one query share: the keywords of each thread's emails, read once.
    static final class Threads {
        private final Map<ThreadId, List<Set<String>>> known = new HashMap<>();
    }

    private final View view;
    private final Threads threads;
    final Email email;
    final List<Placement> shown;
    private final Set<String> keywords;
    private @Nullable Summary summary;
    private @Nullable Text text;

    /// What a search in bodies needs, read outside the engine.
    interface Text {
        /// Returns header and body as words, lower case.
        String words();

        /// Returns the mail's header.
        casella.message.Headers headers();
    }

    /// @param view valid while the candidate is looked at for the first time only
    Candidate(View view, Threads threads, Email email, List<Placement> shown) {
        this.view = view;
        this.threads = threads;
        this.email = email;
        this.shown = shown;
        this.keywords = EmailJson.keywords(shown);
    }

    /// Returns the candidate, null if there is no such email that JMAP shows.
    static @Nullable Candidate of(View view, Threads threads, ArrivalId id) {
        Email email = view.email(id);
        if (email == null) return null;
        List<Placement> shown = view.shownPlacements(email);
        return shown.isEmpty() ? null : new Candidate(view, threads, email, shown);
    }

    boolean hasKeyword(String keyword) {
        return keywords.contains(keyword);
    }

    Summary summary() {
        if (summary == null) {
            Summary read = view.summary(email.id());
            if (read == null) {
                throw new casella.base.Fault.Corrupt("An email has no summary", Map.of("email", email.id()));
            }
            summary = read;
        }
        return summary;
    }

    /// Returns how many emails of its thread have `keyword`, and how many there are.
    int[] threadWith(String keyword) {
        List<Set<String>> each = threads.known.computeIfAbsent(email.thread(), this::threadKeywords);
        int with = 0;
        for (Set<String> one : each) if (one.contains(keyword)) with++;
        return new int[] {with, each.size()};
    }

    private List<Set<String>> threadKeywords(ThreadId thread) {
        var each = new ArrayList<Set<String>>();
        for (ArrivalId id : view.thread(thread)) {
            Email one = view.email(id);
            List<Placement> placements = one == null ? List.of() : view.shownPlacements(one);
            if (!placements.isEmpty()) each.add(EmailJson.keywords(placements));
        }
        return each;
    }

    /// Gives the candidate its mail, for the conditions that look into it.
    void open(Account account, java.util.function.BiFunction<Account, Candidate, Text> reader) {
        text = reader.apply(account, this);
    }

    /// Lets the mail go again.
    void close() {
        text = null;
    }

    /// Returns the opened mail, null before it is opened.
    @Nullable Text text() {
        return text;
    }
}
