package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.Body;
import casella.store.Copies;
import casella.store.Shelf;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where objects are read: all vaults under the policy, or one alone.
public interface Holdings {
    /// Names a page holds at most.
    int PAGE = 1_000;

    /// Returns the contents of an object, checked against its name.
    ///
    /// @throws Fault.Unavailable if no vault answers
    /// @throws Fault.Corrupt if none has it right
    byte[] read(ObjectName name);

    /// Returns names of one account and kind in order, at most [#PAGE] after `after`; empty only at the end.
    ///
    /// @throws Fault.Unavailable if no vault answers
    List<ObjectName> names(AccountId account, ObjectName.Kind kind, @Nullable ObjectName after);

    /// Returns accounts that have objects, in id order, at most [#PAGE] after `after`; empty only at the end.
    List<AccountId> accounts(@Nullable AccountId after);

    /// Returns every name of one account and kind, in order.
    default List<ObjectName> all(AccountId account, ObjectName.Kind kind) {
        var all = new ArrayList<ObjectName>();
        List<ObjectName> page = names(account, kind, null);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = names(account, kind, page.getLast());
        }
        return all;
    }

    /// All vaults: what one lacks, another may have. Each is waited for, but one whose breaker is open, which is asked only when
    /// all are.
    static Holdings of(Copies copies, Duration time) {
        return new Union(time) {
            @Override
            List<Vault> vaults() {
                return well(copies).stream().map(Shelf::vault).toList();
            }

            @Override
            public byte[] read(ObjectName name) {
                return body(copies, name);
            }
        };
    }

    /// As [#of(Copies, Duration)], for an owner who waits: a vault that is silent is not waited for where another answers. What
    /// is listed may then lack what only that one has: good where the end is known by other means ([JournalEnd]), and for
    /// nothing that says what there is, or takes something away.
    static Holdings prompt(Copies copies, Duration time) {
        return new Union(time) {
            @Override
            List<Vault> vaults() {
                return copies.vaults();
            }

            @Override
            <T> List<List<T>> pages(Listing<T> listing) {
                return SideBySide.pages(answering(), listing::page);
            }

            private List<Shelf> answering() {
                List<Shelf> well = well(copies);
                List<Shelf> answering = well.stream().filter(shelf -> !shelf.latency().silent()).toList();
                return answering.isEmpty() ? well : answering;
            }

            @Override
            public byte[] read(ObjectName name) {
                return body(copies, name);
            }
        };
    }

    private static List<Shelf> well(Copies copies) {
        List<Shelf> well = copies.shelves().stream().filter(shelf -> shelf.breaker().closed()).toList();
        return well.isEmpty() ? copies.shelves() : well;
    }

    private static byte[] body(Copies copies, ObjectName name) {
        return switch (copies.read(name)) {
            case Body.Present(byte[] bytes) -> bytes;
            case Body.Unavailable(Fault why) -> throw why;
        };
    }

    /// All vaults of the policy, none left out: where one does not answer, nothing is listed.
    static Holdings every(Copies copies, Duration time) {
        Holdings any = of(copies, time);
        return new Union(time) {
            @Override
            List<Vault> vaults() {
                for (Shelf home : copies.homes()) {
                    if (home.breaker().closed()) continue;
                    throw new Fault.Unavailable("A vault is away", Map.of("vault", home.name()));
                }
                return copies.homes().stream().map(Shelf::vault).toList();
            }

            @Override
            boolean mayMiss() {
                return false;
            }

            @Override
            public byte[] read(ObjectName name) {
                return any.read(name);
            }
        };
    }

    /// Several vaults, whichever has an object right.
    static Holdings of(List<Vault> vaults, Duration time) {
        return new Union(time) {
            @Override
            List<Vault> vaults() {
                return vaults;
            }

            @Override
            public byte[] read(ObjectName name) {
                Fault last = new Fault.Corrupt("No vault has the object", Map.of("object", name));
                for (Vault vault : vaults) {
                    try {
                        return Holdings.of(vault, time).read(name);
                    } catch (Fault e) {
                        last = e;
                    }
                }
                throw last;
            }
        };
    }

    /// One vault alone.
    static Holdings of(Vault vault, Duration time) {
        return new Union(time) {
            @Override
            List<Vault> vaults() {
                return List.of(vault);
            }

            @Override
            public byte[] read(ObjectName name) {
                byte[] object = vault.get(name, 0, Integer.MAX_VALUE, time);
                if (object == null) {
                    throw new Fault.Corrupt("Vault has no such object", Map.of("vault", vault.name(),
                            "object", name));
                }
                return StoredObject.read(name, object);
            }
        };
    }

    /// What `first` has, and what only `second` has.
    static Holdings of(Holdings first, Holdings second) {
        return new Holdings() {
            @Override
            public byte[] read(ObjectName name) {
                try {
                    return first.read(name);
                } catch (Fault e) {
                    Log.event(Event.VAULT_READ_FAILED, "object", name, "why", e);
                    return second.read(name);
                }
            }

            @Override
            public List<ObjectName> names(
                    AccountId account, ObjectName.Kind kind, @Nullable ObjectName after) {
                return both(first.names(account, kind, after), second.names(account, kind, after));
            }

            @Override
            public List<AccountId> accounts(@Nullable AccountId after) {
                return both(first.accounts(after), second.accounts(after));
            }

            // Behind the end of its page each may have more.
            private <T extends Comparable<T>> List<T> both(List<T> one, List<T> other) {
                if (one.isEmpty()) return other;
                if (other.isEmpty()) return one;
                NavigableSet<T> found = new TreeSet<>(one);
                found.addAll(other);
                T end = one.getLast().compareTo(other.getLast()) < 0 ? one.getLast() : other.getLast();
                return List.copyOf(found.headSet(end, true));
            }
        };
    }

    /// The lists of several vaults as one.
    abstract class Union implements Holdings {
        private final Duration time;

        Union(Duration time) {
            this.time = time;
        }

        abstract List<Vault> vaults();

        /// Says whether the others tell enough where one does not answer.
        boolean mayMiss() {
            return true;
        }

        interface Listing<T> {
            List<T> page(Vault vault);
        }

        @Override
        public List<ObjectName> names(AccountId account, ObjectName.Kind kind, @Nullable ObjectName after) {
            return union(vault ->
                    vault.list(account, kind, after, PAGE, time).stream().map(Vault.Entry::name).toList());
        }

        @Override
        public List<AccountId> accounts(@Nullable AccountId after) {
            return union(vault -> vault.accounts(after, PAGE, time));
        }

        /// Returns what each vault that answered lists.
        <T> List<List<T>> pages(Listing<T> listing) {
            var pages = new ArrayList<List<T>>();
            @Nullable Fault last = null;
            for (Vault vault : vaults()) {
                try {
                    pages.add(listing.page(vault));
                } catch (Fault e) {
                    if (!mayMiss()) throw e;
                    last = e;
                    Log.event(Event.VAULT_READ_FAILED, "vault", vault.name(), "why", e);
                }
            }
            if (pages.isEmpty() && last != null) throw new Fault.Unavailable("No vault lists its objects",
                    Map.of(), last);
            return pages;
        }

        private <T extends Comparable<T>> List<T> union(Listing<T> listing) {
            NavigableSet<T> found = new TreeSet<>();
            @Nullable T end = null;
            for (List<T> page : pages(listing)) {
                found.addAll(page);
                // Beyond the end of a full page this vault may have more that is not seen yet.
                boolean earlier = page.size() == PAGE && (end == null || page.getLast().compareTo(end) < 0);
                if (earlier) end = page.getLast();
            }
            return List.copyOf(end == null ? found : found.headSet(end, true));
        }
    }
}
