package casella.server.ladder;

import casella.base.Bulkhead;
import casella.base.Fault;
import casella.continuity.ladder.Climb;
import casella.server.config.DataConfig;
import casella.store.disk.Disk;
import casella.store.disk.SmallFile;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which vaults came into the place of others, and how far the one is that is on its way. Kept in two files with the same
/// lines, on what may be two disks, one written after the other: whichever is whole and newer counts.
///
/// ```text
/// casella-vaults 1
/// generation 12                                    one more with every change
/// came nuovo pack rocksdb %2Fsrv%2Fnuovo 2027-01-31T09:00:00Z     name, kind, in whose place, folder, since
/// climb …                                          a line of [Climb]
/// crc32c 1a2b3c4d
/// ```
///
/// Page: docs/formats/vaults.md.
public final class VaultsFile {
    private static final String FIRST = "casella-vaults 1";
    private static final Duration TIME = Duration.ofSeconds(30);

    /// A vault that came into the place of another.
    ///
    /// @param replaced that one; its files are left alone
    public record Came(VaultPlace place, String replaced, Instant since) {}

    /// What is written down.
    ///
    /// @param came oldest first: a later one may stand in the place of an earlier one
    /// @param climb the vault that is on its way; null when none is
    public record Known(long generation, List<Came> came, @Nullable Climb climb) {
        public static final Known NOTHING = new Known(0, List.of(), null);

        public Known {
            came = List.copyOf(came);
        }

        /// Returns the vaults there are: those configured, or what came into their place.
        public List<VaultPlace> vaults(List<VaultPlace> configured) {
            var all = new ArrayList<>(configured);
            for (Came one : came) {
                all.replaceAll(place -> place.name().equals(one.replaced()) ? one.place() : place);
            }
            return all;
        }

        Known with(@Nullable Climb next) {
            return new Known(generation + 1, came, next);
        }

        Known with(Came one) {
            var all = new ArrayList<>(came);
            all.add(one);
            return new Known(generation + 1, all, null);
        }
    }

    private final List<SmallFile> files;
    private final Bulkhead threads;

    /// @param threads where files are read and written
    public VaultsFile(DataConfig data, Bulkhead threads) {
        this.files = List.of(
                new SmallFile(Disk.real(), data.registry().resolve("vaults"), FIRST),
                new SmallFile(Disk.real(), data.care().resolve("vaults"), FIRST));
        this.threads = threads;
    }

    /// Returns what was written down last.
    ///
    /// @throws Fault.Corrupt if something was, and neither file can be read: which vaults there are is not guessed
    public Known read() {
        return threads.call(TIME, () -> {
            @Nullable Known newest = null;
            boolean damaged = false;
            for (SmallFile file : files) {
                Optional<Known> known = read(file);
                if (known.isEmpty()) damaged |= there(file);
                else if (newest == null || known.get().generation() > newest.generation()) newest =
                        known.get();
            }
            if (newest != null) return newest;
            if (!damaged) return Known.NOTHING;
            Path place = files.getFirst().path();
            throw new Fault.Corrupt(
                    "Which vaults there are cannot be read: put back one of these files from a copy",
                    Map.of("file", place, "or", files.getLast().path()));
        });
    }

    private static boolean there(SmallFile file) {
        try {
            Path folder = file.path().toAbsolutePath().getParent();
            Path name = file.path().getFileName();
            return folder != null && name != null && file.disk().list(folder).contains(name.toString());
        } catch (IOException e) {
            return true;
        }
    }

    private static Optional<Known> read(SmallFile file) {
        try {
            return file.read().map(VaultsFile::known);
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Known known(List<String> lines) {
        long generation = -1;
        var came = new ArrayList<Came>();
        var climb = new ArrayList<String>();
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "generation" -> generation = Long.parseLong(words[1]);
                case "came" -> came.add(came(words[1].split(" ")));
                case "climb" -> climb.add(words[1]);
                default -> throw new IllegalArgumentException("vaults: an unknown line");
            }
        }
        if (generation < 0) throw new IllegalArgumentException("vaults: no generation");
        return new Known(generation, came, climb.isEmpty() ? null : Climb.of(climb));
    }

    private static Came came(String[] words) {
        Path folder = Path.of(URLDecoder.decode(words[3], StandardCharsets.UTF_8));
        return new Came(new VaultPlace(words[0], VaultPlace.Kind.of(words[1]), folder), words[2],
                Instant.parse(words[4]));
    }

    /// Writes it down; in both places when this returns.
    ///
    /// @throws Fault.Unavailable if it is not
    public void write(Known known) {
        var lines = new ArrayList<String>();
        lines.add("generation " + known.generation());
        for (Came one : known.came()) {
            lines.add("came " + one.place().name() + " " + one.place().kind().word() + " " + one.replaced()
                    + " "
                    + URLEncoder.encode(one.place().folder().toString(), StandardCharsets.UTF_8) + " "
                            + one.since());
        }
        Climb climb = known.climb();
        if (climb != null) climb.lines().forEach(line -> lines.add("climb " + line));
        threads.call(TIME, () -> {
            for (SmallFile file : files) {
                try {
                    file.write(lines);
                } catch (IOException e) {
                    throw new Fault.Unavailable("Which vaults there are cannot be written down",
                            Map.of("file", file.path()), e);
                }
            }
            return known;
        });
    }
}
