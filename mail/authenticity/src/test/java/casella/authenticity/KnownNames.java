package casella.authenticity;

import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Names;
import casella.dns.Resolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Names that a test says there are, with what it says they have.
final class KnownNames implements Resolver {
    private static final Duration TTL = Duration.ofMinutes(5);

    private final Map<String, Map<String, List<Object>>> records = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    final AtomicInteger asked = new AtomicInteger();

    <T> KnownNames with(String name, Kind<T> kind, T record) {
        types(name).computeIfAbsent(kind.toString(), _ -> new ArrayList<>()).add(record);
        return this;
    }

    KnownNames txt(String name, String text) {
        return with(name, Kind.TXT, text);
    }

    /// Makes a name of which nothing can be found out.
    KnownNames failing(String name, Kind<?> kind) {
        types(name).put(kind.toString(), List.of());
        return this;
    }

    KnownNames alias(String name, String target) {
        var _ = types(name);
        aliases.put(key(name), key(target));
        return this;
    }

    Map<String, List<Object>> types(String name) {
        return records.computeIfAbsent(key(name), _ -> new HashMap<>());
    }

    private static String key(String name) {
        return Names.ascii(name).orElse(name);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Answer<T> ask(String name, Kind<T> kind) {
        asked.incrementAndGet();
        Optional<String> at = Names.ascii(name);
        if (at.isEmpty()) return new Answer.NoSuchName<>(TTL, false);
        String key = aliases.getOrDefault(at.get(), at.get());
        @Nullable Map<String, List<Object>> types = records.get(key);
        if (types == null) return new Answer.NoSuchName<>(TTL, false);
        @Nullable List<Object> found = types.get(kind.toString());
        if (found == null) return new Answer.NoData<>(TTL, false);
        if (found.isEmpty()) return new Answer.TryLater<>(Answer.Why.TIME_OUT);
        return new Answer.Found<>(key, (List<T>) found, TTL, false);
    }
}
