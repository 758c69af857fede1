package casella.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Proves that native and blocking file calls are made where a bulkhead stands before them, and nowhere else.
final class ThreadsTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("/testkit/")
                            && !location.contains("/house/"))
                    .importPackages("casella");

    @Test
    void platformThreadsAreMadeByBulkheadsAlone() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("casella.base.Bulkhead")
                .and()
                .doNotHaveFullyQualifiedName("casella.base.Committer")
                // The log's caretaker looks after hung committers, so it cannot be one of their threads.
                .and()
                .doNotHaveFullyQualifiedName("casella.store.append.AppendLog")
                // The process's own ending runs beside everything else.
                .and()
                .resideOutsideOfPackages("casella.server.cli..", "casella.bench..")
                .should()
                .callMethod(Thread.class, "ofPlatform")
                .check(CLASSES);
    }

    @Test
    void rocksDbIsCalledInItsRooms() {
        noClasses()
                .that()
                .resideOutsideOfPackages("casella.rocksdb..", "casella.engine.rocksdb..",
                        "casella.vault.rocksdb..", "casella.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(CLASSES);
    }

    @Test
    void sqliteIsCalledBehindBulkheads() {
        noClasses()
                .that()
                .resideOutsideOfPackages("casella.sqlite..", "casella.directory..", "casella.queue..",
                        "casella.incident..", "casella.server.scanning..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.sqlite..")
                .check(CLASSES);
    }

    @Test
    void filesOfOurOwnAreWrittenThroughTheDiskDoor() {
        noClasses()
                .that()
                // The directory syncs whole snapshot files, behind its own bulkhead.
                .resideOutsideOfPackages(
                        "casella.store.disk..", "casella.directory..", "casella.server..", "casella.bench..")
                // RocksDB writes its own files; these lock its folder, mend a log before it opens and keep evidence.
                .and()
                .doNotHaveFullyQualifiedName("casella.rocksdb.LogGuard")
                .and()
                .doNotHaveFullyQualifiedName("casella.rocksdb.Evidence")
                .and()
                .doNotHaveFullyQualifiedName("casella.vault.rocksdb.Generations")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.channels.FileChannel")
                .check(CLASSES);
    }

    @Test
    void nobodySleepsOrPrints() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("casella.server..", "casella.bench..")
                .should()
                .accessField(System.class, "out")
                .check(CLASSES);
    }
}
