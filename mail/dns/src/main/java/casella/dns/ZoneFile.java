package casella.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Answers from a file and asks nobody: for tests and closed networks. RFC 1035 §5.
///
/// One file has as many zones as `$ORIGIN` begins; a record without a time to live has five minutes; wildcards are as in
/// RFC 4592. `$INCLUDE` and `$GENERATE` are refused. Names that the file does not know do not exist. A comment of this form says what records
/// cannot, of a name or of one type of it:
///
/// ```text
/// ; casella: secure example.com           this name and those below it are proven by DNSSEC
/// ; casella: servfail broken.example      the servers cannot find out
/// ; casella: timeout slow.example MX      nobody answers (at once: nothing waits)
/// ; casella: bogus forged.example         the signature is wrong
/// ```
public final class ZoneFile implements Resolver {
    private static final int FILE_BYTES_MAX = 16 << 20;
    private static final long TTL_SECONDS = 300;
    private static final Pattern MARK =
            Pattern.compile("^;\\s*casella:\\s*(\\w+)\\s+(\\S+)(?:\\s+(\\w+))?\\s*$", Pattern.MULTILINE);

    /// @param type its number, or ANY
    private record Broken(Name name, int type) {}

    private final Map<Name, List<Record>> records = new HashMap<>();
    /// Names with records, and those above them.
    private final Set<Name> names = new HashSet<>();

    private final Set<Name> secure = new HashSet<>();
    private final Map<Broken, Answer.Why> broken = new HashMap<>();

    private ZoneFile() {}

    /// @throws IllegalArgumentException with the line, if it cannot be read
    public static ZoneFile read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) throw new IllegalArgumentException("zone file: more than 16 MiB");
        return of(new String(Files.readAllBytes(file), ISO_8859_1));
    }

    /// @param text as the file has it; a character is a byte
    /// @throws IllegalArgumentException with the line, if it cannot be read
    public static ZoneFile of(String text) {
        var zone = new ZoneFile();
        var bytes = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
        try (var master = new Master(bytes, Name.root, TTL_SECONDS)) {
            master.disableIncludes(true);
            master.expandGenerate(false);
            @Nullable Record next;
            while ((next = master.nextRecord()) != null) zone.add(next);
            if (master.generators().hasNext()) throw new IllegalArgumentException("zone file: $GENERATE is not known");
        } catch (IOException e) {
            throw new IllegalArgumentException("zone file: " + e.getMessage(), e);
        }
        Matcher marks = MARK.matcher(text);
        while (marks.find()) zone.mark(marks);
        return zone;
    }

    private void add(Record record) {
        records.computeIfAbsent(record.getName(), _ -> new ArrayList<>()).add(record);
        for (Name at = record.getName(); names.add(at) && at.labels() > 1;) at = new Name(at, 1);
    }

    private void mark(Matcher mark) {
        Name name = Names.of(mark.group(2))
                .orElseThrow(() -> new IllegalArgumentException("zone file: no name: " + mark.group()));
        int type = mark.group(3) == null ? Type.ANY : Type.value(mark.group(3));
        if (type < 0) throw new IllegalArgumentException("zone file: no type: " + mark.group());
        switch (mark.group(1)) {
            case "secure" -> secure.add(name);
            case "servfail" -> broken.put(new Broken(name, type), Answer.Why.SERVER_FAILURE);
            case "timeout" -> broken.put(new Broken(name, type), Answer.Why.TIME_OUT);
            case "bogus" -> broken.put(new Broken(name, type), Answer.Why.BOGUS);
            default -> throw new IllegalArgumentException("zone file: not understood: " + mark.group());
        }
    }

    @Override
    public <T> Answer<T> ask(String name, Kind<T> kind) {
        Optional<Name> asked = Names.of(name);
        if (asked.isEmpty()) return new Answer.NoSuchName<>(Duration.ZERO, false);
        return kind.of(answer(asked.get(), kind.type()));
    }

    private Answer<Record> answer(Name asked, int type) {
        Name at = asked;
        boolean proven = true;
        long ttl = Integer.MAX_VALUE;
        for (int aliases = 0; aliases <= Reply.ALIASES_MAX; aliases++) {
            Answer.Why why = broken.getOrDefault(new Broken(at, type), broken.get(new Broken(at, Type.ANY)));
            if (why != null) return new Answer.TryLater<>(why);
            proven &= proven(at);
            Optional<Name> owner = owner(at);
            if (owner.isEmpty()) return new Answer.NoSuchName<>(Duration.ofSeconds(TTL_SECONDS), proven);
            List<Record> found = of(owner.get(), type);
            for (Record record : found) ttl = Math.min(ttl, record.getTTL());
            if (!found.isEmpty()) {
                return new Answer.Found<>(Names.text(at), found, Duration.ofSeconds(ttl), proven);
            }
            List<Record> alias = type == Type.CNAME ? List.of() : of(owner.get(), Type.CNAME);
            if (alias.isEmpty()) return new Answer.NoData<>(Duration.ofSeconds(TTL_SECONDS), proven);
            ttl = Math.min(ttl, alias.getFirst().getTTL());
            at = ((CNAMERecord) alias.getFirst()).getTarget();
        }
        return new Answer.TryLater<>(Answer.Why.MALFORMED);
    }

    /// Returns whose records a name has: its own, or those of the wildcard next to it. RFC 4592.
    private Optional<Name> owner(Name name) {
        if (names.contains(name)) return Optional.of(name);
        for (Name at = name; at.labels() > 1;) {
            Name wild = at.wild(1);
            at = new Name(at, 1);
            if (names.contains(wild)) return Optional.of(wild);
            if (names.contains(at)) return Optional.empty();
        }
        return Optional.empty();
    }

    private List<Record> of(Name name, int type) {
        return records.getOrDefault(name, List.of()).stream()
                .filter(record -> record.getType() == type).toList();
    }

    private boolean proven(Name name) {
        for (Name at = name; at.labels() > 1; at = new Name(at, 1)) if (secure.contains(at)) return true;
        return false;
    }
}
