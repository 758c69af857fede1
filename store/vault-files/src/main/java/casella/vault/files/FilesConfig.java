package casella.vault.files;

import java.time.Duration;

/// What can be set about a files vault. Its users change none of it today; tests do.
///
/// @param freeShareMin share of the file system that stays free of new objects, 0 to 0.5
/// @param filesInFolderMax files in the folder of a day before more of them go to folders of a minute; 1 to 1,000,000
/// @param readThreads threads that read; 1 to 32
/// @param breakerAge how long one batch may take before callers are refused
public record FilesConfig(double freeShareMin, int filesInFolderMax, int readThreads, Duration breakerAge) {
    public FilesConfig {
        if (!(freeShareMin >= 0 && freeShareMin <= 0.5)) {
            throw new IllegalArgumentException("free share: 0 to 0.5");
        }
        if (filesInFolderMax < 1 || filesInFolderMax > 1_000_000) {
            throw new IllegalArgumentException("files in a folder: 1 to 1,000,000");
        }
        if (readThreads < 1 || readThreads > 32) throw new IllegalArgumentException("read threads: 1 to 32");
    }

    public static FilesConfig standard() {
        return new FilesConfig(0.05, 4_096, 4, Duration.ofSeconds(5));
    }
}
