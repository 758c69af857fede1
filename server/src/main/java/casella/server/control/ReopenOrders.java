package casella.server.control;

import casella.base.Clock;
import casella.base.Fault;
import casella.continuity.cohort.Cohort;
import casella.continuity.cohort.NamedCohorts;
import casella.continuity.reopen.Gates;
import casella.continuity.reopen.Plan;
import casella.continuity.reopen.Progress;
import casella.continuity.reopen.Reopening;
import casella.directory.Registrar;
import casella.server.config.Units;
import casella.server.health.Audit;
import casella.server.reopen.ReopenFile;
import casella.server.reopen.Reopenings;
import java.io.Reader;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on a reopening, on the running server's or in the folder of one that does not run: then the next start
/// lets nobody in but as it says. Hands on all other orders.
public final class ReopenOrders implements Operations {
    private final Operations operations;
    private final Registrar registrar;
    private final Place place;

    /// Where a reopening is begun and ended.
    private interface Place {
        boolean begin(String by, boolean paidFirst, Duration soak);

        boolean end();

        ObjectNode status();
    }

    private ReopenOrders(Operations operations, Registrar registrar, Place place) {
        this.operations = operations;
        this.registrar = registrar;
        this.place = place;
    }

    /// @param operations carries out all others
    public static ReopenOrders live(Operations operations, Registrar registrar, Reopenings reopenings) {
        return new ReopenOrders(operations, registrar, new Place() {
            @Override
            public boolean begin(String by, boolean paidFirst, Duration soak) {
                reopenings.accounts(ReopenOrders.accounts(registrar));
                return reopenings.begin(by, paidFirst, soak);
            }

            @Override
            public boolean end() {
                return reopenings.end();
            }

            @Override
            public ObjectNode status() {
                return reopenings.status().map(ReopenOrders::json).orElseGet(() -> {
                    ObjectNode none = Json.object().put("underWay", false);
                    reopenings.ended().ifPresent(at -> none.put("ended", at.toString()));
                    return none;
                });
            }
        });
    }

    /// @param file of a folder that no server has
    public static ReopenOrders inFolder(
            Operations operations, Registrar registrar, ReopenFile file, Clock clock) {
        return new ReopenOrders(operations, registrar, new Place() {
            private boolean underWay() {
                return file.read().filter(kept -> kept.ended().isEmpty()).isPresent();
            }

            @Override
            public boolean begin(String by, boolean paidFirst, Duration soak) {
                if (underWay()) return false;
                keep(new ReopenFile.Kept(
                        Progress.begin(clock.now(), by, paidFirst, soak), Optional.empty()));
                return true;
            }

            @Override
            public boolean end() {
                if (!underWay()) return false;
                Progress progress = file.read().orElseThrow().progress();
                keep(new ReopenFile.Kept(progress, Optional.of(clock.now())));
                return true;
            }

            private void keep(ReopenFile.Kept kept) {
                if (!file.keep(kept)) throw new Fault.Unavailable("The reopening cannot be kept", Map.of());
            }

            @Override
            public ObjectNode status() {
                ObjectNode out = Json.object().put("underWay", underWay());
                if (underWay()) file.read().ifPresent(kept -> progress(out.put("state", "no server"), kept.progress()));
                return out;
            }
        });
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof Order.Reopen about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case Order.ReopenPlan(String first, String soak) -> plan(paidFirst(first), soak(soak), out);
                case Order.ReopenStart(String first, String soak) -> {
                    boolean begun = place.begin(Audit.by(), paidFirst(first), soak(soak));
                    yield new Outcome.Done(place.status().put("begun", begun));
                }
                case Order.ReopenStop _ -> {
                    boolean ended = place.end();
                    yield new Outcome.Done(place.status().put("stopped", ended));
                }
                case Order.ReopenStatus _ -> new Outcome.Done(place.status());
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private static boolean paidFirst(@Nullable String first) {
        if (first == null) return false;
        if (first.equals("paid")) return true;
        throw new IllegalArgumentException("first: must be paid");
    }

    private static Duration soak(@Nullable String text) {
        if (text == null) return Progress.SOAK;
        return Units.duration(text)
                .filter(time -> time.compareTo(Duration.ofSeconds(1)) >= 0 && time.compareTo(Duration.ofDays(1)) <= 0)
                .orElseThrow(() -> new IllegalArgumentException("soak: must be 1s to 24h, like 10m"));
    }

    /// Returns how many accounts there are. Reads all of the directory.
    public static long accounts(Registrar registrar) {
        return count(registrar).accounts();
    }

    private static CohortCount count(Registrar registrar) {
        return CohortCount.of(registrar, new NamedCohorts(registrar::cohort), null, null);
    }

    /// A row for each step; changes nothing.
    private Outcome plan(boolean paidFirst, Duration soak, Output out) {
        Plan plan = Plan.of(paidFirst);
        long[] accounts = new long[plan.steps().size()];
        Set<String> paid = registrar.plans().stream().filter(one -> one.paid()).map(one -> one.name())
                .collect(Collectors.toSet());
        CohortCount count = count(registrar);
        for (ObjectNode row : count.rows()) {
            var cohort = Cohort.of(row.path("cohort").asString()).orElseThrow();
            long paying = 0;
            for (Map.Entry<String, JsonNode> one : row.path("plans").properties()) {
                if (paid.contains(one.getKey())) paying += one.getValue().asLong();
            }
            accounts[plan.step(cohort, true)] += paying;
            accounts[plan.step(cohort, false)] += row.path("accounts").asLong() - paying;
        }
        long least = 0;
        for (int i = 0; i < accounts.length; i++) {
            // The soak before it: after the few a tenth.
            boolean few = i == 0 || plan.steps().get(i - 1).share() == 0;
            least += few ? soak.toSeconds() / 10 : soak.toSeconds();
            out.row(Json.object().put("step", i + 1).put("letsIn", plan.steps().get(i).word())
                    .put("accounts", accounts[i]).put("earliestSeconds", least));
        }
        return new Outcome.Done(Json.object().put("accounts", count.accounts()).put("soakSeconds", soak.toSeconds())
                .put("paidFirst", paidFirst).put("underWay", place.status().path("underWay").asBoolean()));
    }

    private static ObjectNode progress(ObjectNode out, Progress progress) {
        return out.put("since", progress.begun().toString()).put("by", progress.by())
                .put("paidFirst", progress.paidFirst()).put("soakSeconds", progress.soak().toSeconds())
                .put("step", progress.in()).put("stepped", progress.stepped().toString());
    }

    /// Returns a reopening as it is shown everywhere.
    static ObjectNode json(Reopening.Status status) {
        ObjectNode out = Json.object().put("underWay", true).put("state", status.state().name().toLowerCase(Locale.ROOT));
        progress(out, status.progress());
        out.put("steps", status.steps()).put("letIn", status.step()).put("nextSeconds", status.nextSeconds())
                .put("perSecond", Math.round(status.perSecond() * 10) / 10.0).put("entered", status.entered())
                .put("waiting", status.waiting());
        ArrayNode gates = out.putArray("gates");
        for (Gates.Gate gate : status.gates()) {
            gates.addObject().put("gate", gate.kind().word()).put("good", gate.good()).put("seen", gate.seen());
        }
        return out;
    }
}
