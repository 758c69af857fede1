package casella.server.ladder;

import casella.server.config.Config;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A vault that can be opened.
///
/// @param name lower case letters, digits, hyphens; at most 32
/// @param folder where it keeps its files
public record VaultPlace(String name, Kind kind, Path folder) {
    /// The technologies there are.
    public enum Kind {
        PACK,
        ROCKSDB,
        FILES;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static Kind of(String word) {
            return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("kind: must be "
                            + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "))));
        }
    }

    public VaultPlace {
        if (!name.matches("[a-z][a-z0-9-]{0,31}")) {
            throw new IllegalArgumentException("name: must be 1 to 32 of a-z 0-9 -, beginning with a letter");
        }
    }

    /// Returns the vaults that the configuration names, in its order.
    public static List<VaultPlace> configured(Config config) {
        return config.store().vaults().stream().map(name -> {
            Kind kind = Kind.of(name);
            return new VaultPlace(name, kind, switch (kind) {
                case PACK -> config.data().pack();
                case ROCKSDB -> config.data().rocksdb();
                case FILES -> config.data().files();
            });
        }).toList();
    }
}
