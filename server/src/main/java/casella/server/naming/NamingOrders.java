package casella.server.naming;

import casella.authenticity.DkimKey;
import casella.base.Clock;
import casella.base.Fault;
import casella.directory.Brand;
import casella.directory.Registrar;
import casella.dns.Names;
import casella.dns.Resolver;
import casella.server.config.Config;
import casella.server.control.Json;
import casella.server.control.NamingOrder;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.naming.DnsCheck.Result;
import casella.server.naming.DnsCheck.State;
import casella.server.voice.BrandKeys;
import java.io.Reader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Says what our domains need in the DNS, and whether others find it there. Hands on all other orders.
public final class NamingOrders implements Operations {
    private static final int DOMAINS_MAX = 10_000;

    private final Operations operations;
    private final Registrar registrar;
    private final BrandKeys keys;
    private final Sources sources;

    /// @param dns where names are looked up
    /// @param certificate as [ServedCertificate#hash] has it
    public record Sources(Config config, Resolver dns, Optional<List<Byte>> certificate, Clock clock) {}

    /// @param operations carries out all others
    public NamingOrders(Operations operations, Registrar registrar, BrandKeys keys, Sources sources) {
        this.operations = operations;
        this.registrar = registrar;
        this.keys = keys;
        this.sources = sources;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof NamingOrder about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case NamingOrder.Dns(String domain, String brand, boolean check) -> dns(domain, brand, check,
                        out);
                case NamingOrder.DkimRotate(String brand, boolean activate, boolean unchecked) -> activate
                        ? rotation().activate(domains(brand), unchecked, out) : rotation()
                                .rotate(domains(brand), out);
                case NamingOrder.DkimRetire(String brand, int days) -> rotation().retire(domains(brand), days,
                        out);
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private RotationOrders rotation() {
        return new RotationOrders(keys, sources.dns(), sources.clock().now());
    }

    private List<String> domains(String brand) {
        return meant(null, brand).stream().map(Ours::domain).toList();
    }

    /// A domain with its brand.
    private record Ours(String domain, String brand) {}

    private List<Ours> meant(@Nullable String domain, @Nullable String brand) {
        List<String> brands = registrar.brands().stream().map(Brand::name).toList();
        if (brand != null
                && !brands.contains(brand)) throw new IllegalArgumentException("brand: there is no '" + brand
                + "'");
        String name = domain == null ? null : Names.ascii(domain).orElse("");
        var out = new ArrayList<Ours>();
        for (String one : brands) {
            if (brand != null && !brand.equals(one)) continue;
            for (String of : registrar.domains(one)) {
                if (name == null || name.equals(of)) out.add(new Ours(of, one));
            }
        }
        if (out.isEmpty() && domain != null) {
            throw new IllegalArgumentException("domain: '" + domain
                    + "' is no domain of ours; casella brand domain add enters it");
        }
        if (out.size() > DOMAINS_MAX) throw new IllegalArgumentException("brand: name one; there are more than " + DOMAINS_MAX + " domains");
        return out;
    }

    private Outcome dns(@Nullable String domain, @Nullable String brand, boolean check, Output out) {
        Map<State, Integer> counts = new EnumMap<>(State.class);
        List<Ours> all = meant(domain, brand);
        for (Ours one : all) {
            Map<DkimKey, String> published = new LinkedHashMap<>();
            keys.published(one.domain()).forEach(key -> published.put(key, keys.stage(key)));
            List<Needed> needed = DomainZone.of(sources.config(), one.domain(), one.brand(), published,
                    sources.certificate());
            if (!check) needed.forEach(record -> out.row(row(one, record)));
            else checked(one, needed, counts, out);
            if (!out.heard()) break;
        }
        ObjectNode facts = Json.object().put("domains", all.size());
        if (!check) return new Outcome.Done(facts);
        for (State state : State.values()) facts.put(state.word(), counts.getOrDefault(state, 0));
        boolean whole = counts.keySet().stream().allMatch(state -> state == State.PRESENT);
        return whole ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    private static ObjectNode row(Ours of, Needed needed) {
        return Json.object().put("brand", of.brand()).put("domain", of.domain()).put("name", needed.name())
                .put("type", needed.type()).put("data", needed.data()).put("zone", needed.zone()).put("why",
                        needed.why());
    }

    /// Asks for all records of a domain at once: where nobody answers the longest wait counts, not the sum.
    private void checked(Ours of, List<Needed> needed, Map<State, Integer> counts, Output out) {
        var check = new DnsCheck(sources.dns(), sources.config(), sources.clock());
        List<Needed> asked = needed.stream().filter(one -> !(one instanceof Needed.Advice)).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Result>> questions = asked.stream().map(one -> (Callable<Result>) () ->
                    check.of(one)).toList();
            List<Future<Result>> results = threads.invokeAll(questions);
            for (int i = 0; i < asked.size(); i++) {
                Result result = results.get(i).get();
                counts.merge(result.state(), 1, Integer::sum);
                ObjectNode row = row(of, asked.get(i)).put("state", result.state().word());
                ArrayNode found = row.putArray("found");
                result.found().forEach(found::add);
                out.row(row);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Unavailable("Ended while the DNS was asked", Map.of("domain", of.domain()), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
