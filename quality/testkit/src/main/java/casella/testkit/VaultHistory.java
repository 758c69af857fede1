package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.Vault;
import casella.testkit.VaultContract.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/// A random life of a vault beside a sorted map that says what must be there. Every failure names the seed.
public final class VaultHistory {
    private final long seed;
    private final Random random;
    private final Supplier<Vault> vault;
    private final TreeMap<ObjectName, Piece> model = new TreeMap<>();
    private int order;

    public VaultHistory(long seed, Supplier<Vault> vault) {
        this.seed = seed;
        this.random = new Random(seed);
        this.vault = vault;
    }

    /// Does `steps` random things, each waited for.
    public void go(int steps) {
        for (int i = 0; i < steps; i++) {
            int dice = random.nextInt(100);
            if (dice < 65) put();
            else if (dice < 75) putAgain();
            else if (dice < 97) delete();
            else erase();
        }
    }

    private void put() {
        Kind kind = Kind.of(1 + random.nextInt(5));
        byte[] content = new byte[random.nextInt(random.nextInt(20) == 0 ? 600_000 : 3_000)];
        random.nextBytes(content);
        Piece piece = Piece.of(account(), kind, order++, content);
        VaultContract.await(vault.get().put(piece.name(), piece.object()));
        model.put(piece.name(), piece);
    }

    private void putAgain() {
        if (model.isEmpty()) return;
        Piece piece = any();
        VaultContract.await(vault.get().put(piece.name(), piece.object()));
    }

    private void delete() {
        if (model.isEmpty()) return;
        ObjectName name = any().name();
        VaultContract.await(vault.get().delete(name));
        model.remove(name);
    }

    private void erase() {
        AccountId account = account();
        VaultContract.await(vault.get().erase(account));
        model.keySet().removeIf(name -> name.account().equals(account));
    }

    private AccountId account() {
        return new AccountId(random.nextInt(8) - 4);
    }

    private Piece any() {
        List<Piece> all = new ArrayList<>(model.values());
        return all.get(random.nextInt(all.size()));
    }

    /// Compares all the vault says with the model.
    public void check() {
        String told = "seed " + seed;
        List<ObjectName> listed = new ArrayList<>();
        List<AccountId> accounts = vault.get().accounts(null, 100, VaultContract.TIME);
        for (AccountId account : accounts) {
            for (Kind kind : Kind.values()) {
                for (Vault.Entry entry : vault.get().list(account, kind, null, 10_000, VaultContract.TIME)) {
                    listed.add(entry.name());
                    Piece piece = model.get(entry.name());
                    if (piece == null) throw new AssertionError(told + ": listed, but not there: " + entry.name());
                    assertThat(entry.receipt()).describedAs(told).isEqualTo(piece.receipt());
                    assertThat(entry.storedBytes()).describedAs(told).isEqualTo(piece.object().length);
                }
            }
        }
        assertThat(listed).describedAs(told).isEqualTo(List.copyOf(model.keySet()));
        long bytes = 0;
        for (Piece piece : model.values()) {
            byte[] whole = vault.get().get(piece.name(), 0, 80 << 20, VaultContract.TIME);
            assertThat(whole).describedAs("%s: %s", told, piece.name()).isEqualTo(piece.object());
            bytes += piece.object().length;
        }
        Deadline deadline = Deadline.in(VaultContract.TIME);
        while (!deadline.over() && vault.get().figures().objects() != model.size()) Thread.onSpinWait();
        assertThat(vault.get().figures().objects()).describedAs(told).isEqualTo(model.size());
        assertThat(vault.get().figures().bytes()).describedAs(told).isEqualTo(bytes);
    }
}
