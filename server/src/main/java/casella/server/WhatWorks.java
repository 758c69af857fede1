package casella.server;

import casella.base.Metric;
import casella.continuity.cohort.Cohort;
import casella.continuity.reopen.Plan;
import casella.continuity.reopen.Progress;
import casella.continuity.reopen.Reopening;
import casella.incident.availability.Cause;
import casella.incident.availability.Conditions;
import casella.incident.availability.Scope;
import casella.server.health.Figures;
import casella.server.reopen.Reopenings;
import casella.store.Copies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Says what does not work for whole scopes, out of breakers and of the figures that Prometheus is shown. One thread's.
final class WhatWorks implements Conditions {
    private static final Standing NO_VAULT = new Standing(new Scope.Everybody(), Cause.VAULTS);
    private static final Standing NO_QUEUE = new Standing(new Scope.Everybody(), Cause.QUEUE);

    private final Looks looks;
    private final Figures figures;
    /// Counters as they were at the last look.
    private final Map<List<String>, Double> before = new HashMap<>();
    private final Set<String> unchecked = new HashSet<>();
    private boolean refusing;
    private @Nullable Progress progress;
    private List<Standing> notLetIn = List.of();

    /// What is looked at beside the figures. None of it waits.
    ///
    /// @param vaultAnswers whether a home of the policy answers
    /// @param queueAnswers whether the queue answers its probe
    /// @param directoryAnswers whether the directory answers its probe
    /// @param reopening the one under way
    /// @param doorsFree whether whoever asks is let in at once
    record Looks(
            BooleanSupplier vaultAnswers, BooleanSupplier queueAnswers, BooleanSupplier directoryAnswers,
            Supplier<Optional<Reopening.Status>> reopening, BooleanSupplier doorsFree) {}

    WhatWorks(Looks looks, Figures figures) {
        this.looks = looks;
        this.figures = figures;
    }

    static WhatWorks of(Copies copies, Reopenings reopenings, Figures figures, Lanes lanes) {
        var looks = new Looks(
                () -> copies.homes().stream().anyMatch(home -> home.breaker().answers()),
                () -> lanes.well("queue"), () -> lanes.goneSince("directory") == null,
                reopenings::status, reopenings::free);
        return new WhatWorks(looks, figures);
    }

    @Override
    public Now look(long now) {
        var standing = new HashMap<Standing, Long>();
        if (!looks.vaultAnswers().getAsBoolean()) standing.put(NO_VAULT, now);
        if (refuses()) standing.put(NO_QUEUE, now);
        for (String protocol : unchecked()) {
            standing.put(new Standing(new Scope.OfProtocol(protocol), Cause.DIRECTORY), now);
        }
        looks.reopening().get().filter(status -> status.state() != Reopening.State.OVER).ifPresent(status -> {
            long since = status.progress().begun().toEpochMilli();
            notLetIn(status.progress()).forEach(one -> standing.put(one, since));
        });
        return new Now(standing, looks.doorsFree().getAsBoolean());
    }

    /// Returns by how much each line of a counter grew since the last look.
    private Map<List<String>, Double> grown(Metric metric) {
        var grown = new HashMap<List<String>, Double>();
        figures.lines(metric).forEach((labels, value) -> {
            var key = new ArrayList<>(labels);
            key.add(metric.id());
            Double last = before.put(key, value);
            grown.put(labels, value - (last == null ? 0 : last));
        });
        return grown;
    }

    private boolean refuses() {
        Map<List<String>, Double> grown = grown(Metric.DELIVERY_RECIPIENTS);
        double refused = grown.getOrDefault(List.of("try-later"), 0.0);
        double accepted = grown.getOrDefault(List.of("kept"), 0.0) + grown.getOrDefault(List.of("queued"), 0.0);
        boolean room = !figures.lines(Metric.QUEUE_TAKES).containsValue(0.0);
        boolean takes = room && looks.queueAnswers().getAsBoolean();
        if (takes || accepted > 0) refusing = false;
        else if (refused > 0) refusing = true;
        return refusing;
    }

    /// Returns the protocols whose log-ins cannot be checked.
    private Set<String> unchecked() {
        var away = new HashSet<String>();
        var checked = new HashSet<String>();
        grown(Metric.DIRECTORY_LOGINS).forEach((labels, count) -> {
            if (count <= 0) return;
            switch (labels.getLast()) {
                case "away" -> away.add(labels.getFirst());
                case "granted", "denied", "disabled" -> checked.add(labels.getFirst());
                default -> {}
            }
        });
        boolean answers = looks.directoryAnswers().getAsBoolean();
        unchecked.removeIf(protocol -> checked.contains(protocol) || (answers && !away.contains(protocol)));
        away.removeAll(checked);
        unchecked.addAll(away);
        return unchecked;
    }

    /// Returns the cohorts whose step has not come.
    private List<Standing> notLetIn(Progress now) {
        if (now.equals(progress)) return notLetIn;
        progress = now;
        Plan plan = Plan.of(now.paidFirst());
        var cohorts = new ArrayList<Cohort>(List.of(new Cohort.Staff(), new Cohort.Volunteers()));
        for (int i = 0; i < Cohort.SLICES; i++) cohorts.add(new Cohort.Slice(i));
        var out = new ArrayList<Standing>();
        for (Cohort cohort : cohorts) {
            if (plan.step(cohort, false) < now.in()) continue;
            boolean unpaid = plan.step(cohort, true) < now.in();
            out.add(new Standing(new Scope.OfCohort(cohort, unpaid), Cause.NOT_LET_IN));
        }
        notLetIn = List.copyOf(out);
        return notLetIn;
    }
}
