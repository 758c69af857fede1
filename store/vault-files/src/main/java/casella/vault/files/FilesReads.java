package casella.vault.files;

import casella.base.AccountId;
import casella.base.Fault;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.Vault;
import casella.vault.files.FileHead.Damaged;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds and lists what lies in the folders. Keeps nothing: the folders are the index. Blocks; any thread that may.
final class FilesReads {
    private final Disk disk;
    private final Layout layout;
    private final Consumer<ObjectName> damaged;

    /// @param damaged is told of objects whose file is not what was written; must not block
    FilesReads(Disk disk, Layout layout, Consumer<ObjectName> damaged) {
        this.disk = disk;
        this.layout = layout;
        this.damaged = damaged;
    }

    byte @Nullable [] get(ObjectName name, long from, int length) throws IOException {
        for (Path place : layout.places(name)) {
            try (OneFile file = OneFile.open(disk, place, name)) {
                return file.object(from, length);
            } catch (NoSuchFileException e) {
                // It may lie in the next place.
            } catch (Damaged e) {
                damaged.accept(name);
                throw new Fault.Corrupt("File is not what was written", Map.of("object", name), e);
            }
        }
        return null;
    }

    /// Is shown names in their order, and says whether it wants more.
    interface Visitor {
        boolean wants(ObjectName name) throws IOException;
    }

    List<Vault.Entry> list(AccountId account, Kind kind, @Nullable ObjectName after, int limit)
            throws IOException {
        boolean inside = after != null && after.account().equals(account) && after.kind() == kind;
        var found = new ArrayList<Vault.Entry>();
        visit(account, kind, inside ? after : null, name -> {
            entry(name).ifPresent(found::add);
            return found.size() < limit;
        });
        return found;
    }

    /// Returns an object as a listing shows it; none if its file went meanwhile or is damaged.
    Optional<Vault.Entry> entry(ObjectName name) throws IOException {
        for (Path place : layout.places(name)) {
            try (OneFile file = OneFile.open(disk, place, name)) {
                FileHead head = file.head();
                return Optional.of(new Vault.Entry(name, head.objectBytes(), head.receipt()));
            } catch (NoSuchFileException e) {
                // It may lie in the next place.
            } catch (Damaged e) {
                damaged.accept(name);
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    List<AccountId> accounts(@Nullable AccountId after, int limit) throws IOException {
        String from = after == null ? "" : after.toString();
        var found = new ArrayList<AccountId>();
        for (String prefix : disk.list(layout.accounts())) {
            if (!from.isEmpty() && prefix.compareTo(from.substring(0, 2)) < 0) continue;
            for (String folder : disk.list(layout.accounts().resolve(prefix))) {
                Optional<AccountId> account = Layout.account(folder);
                if (account.isEmpty() || folder.compareTo(from) <= 0 || !holds(account.get())) continue;
                found.add(account.get());
                if (found.size() == limit) return found;
            }
        }
        return found;
    }

    private boolean holds(AccountId account) throws IOException {
        for (Kind kind : Kind.values()) if (!visit(account, kind, null, _ -> false)) return true;
        return false;
    }

    /// Shows names of one kind in their order until nobody wants more.
    ///
    /// @param after exclusive; null for all
    /// @return whether all were wanted
    boolean visit(AccountId account, Kind kind, @Nullable ObjectName after, Visitor visitor)
            throws IOException {
        List<String> from = after == null ? List.of() : Layout.steps(after);
        return visit(new Walk(account, kind, after, visitor), layout.kind(account, kind), from,
                kind == Kind.MAIL ? 2 : 1);
    }

    private record Walk(AccountId account, Kind kind, @Nullable ObjectName after, Visitor visitor) {}

    /// @param from the steps that lead to the first folder wanted; empty for all
    /// @param depth steps down to files
    private boolean visit(Walk walk, Path folder, List<String> from, int depth) throws IOException {
        if (depth == 0) return walk.kind() == Kind.MAIL ? day(walk, folder) : files(walk, disk.list(folder));
        List<String> steps = disk.list(folder).stream().sorted(Layout.ORDER).toList();
        for (String step : steps) {
            int by = from.isEmpty() ? 1 : Layout.ORDER.compare(step, from.getFirst());
            if (by < 0) continue;
            List<String> below = by == 0 ? from.subList(1, from.size()) : List.of();
            if (!visit(walk, folder.resolve(step), below, depth - 1)) return false;
        }
        return true;
    }

    /// A day's own files and those in its folders of a minute, minute for minute.
    private boolean day(Walk walk, Path folder) throws IOException {
        var own = new TreeMap<String, List<String>>();
        var minutes = new TreeSet<String>();
        for (String name : disk.list(folder)) {
            String minute = Layout.minute(name);
            if (!minute.isEmpty()) own.computeIfAbsent(minute, _ -> new ArrayList<>()).add(name);
            else if (name.length() == 4) minutes.add(name);
        }
        minutes.addAll(own.keySet());
        for (String minute : minutes) {
            var files = new TreeSet<>(own.getOrDefault(minute, List.of()));
            files.addAll(disk.list(folder.resolve(minute)));
            if (!files(walk, files)) return false;
        }
        return true;
    }

    private static boolean files(Walk walk, Iterable<String> files) throws IOException {
        ObjectName after = walk.after();
        for (String file : files) {
            Optional<ObjectName> name = Layout.object(walk.account(), walk.kind(), file);
            if (name.isEmpty() || (after != null && name.get().compareTo(after) <= 0)) continue;
            if (!walk.visitor().wants(name.get())) return false;
        }
        return true;
    }
}
