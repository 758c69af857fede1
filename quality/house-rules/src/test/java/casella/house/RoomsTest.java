package casella.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Proves that the rooms are those of ARCHITECTURE.md and that arrows only go down.
final class RoomsTest {
    /// Every room with its package, ground up: a room may use only what stands before it.
    private static final List<Room> ROOMS =
            List.of(
                    new Room("base", "casella.base.."),
                    new Room("message", "casella.message.."),
                    new Room("account", "casella.store.."),
                    new Room("engine-memory", "casella.engine.memory.."),
                    new Room("rocksdb", "casella.rocksdb.."),
                    new Room("sqlite", "casella.sqlite.."),
                    new Room("engine-rocksdb", "casella.engine.rocksdb.."),
                    new Room("vault-pack", "casella.vault.pack.."),
                    new Room("vault-rocksdb", "casella.vault.rocksdb.."),
                    new Room("vault-files", "casella.vault.files.."),
                    new Room("dns", "casella.dns.."),
                    new Room("authenticity", "casella.authenticity.."),
                    new Room("scanning", "casella.scanning.."),
                    new Room("directory", "casella.directory.."),
                    new Room("queue", "casella.queue.."),
                    new Room("delivery", "casella.delivery.."),
                    new Room("relay", "casella.relay.."),
                    new Room("wire", "casella.wire.."),
                    new Room("smtp", "casella.smtp.."),
                    new Room("imap", "casella.imap.."),
                    new Room("pop3", "casella.pop3.."),
                    new Room("jmap", "casella.jmap.."),
                    new Room("continuity", "casella.continuity.."),
                    new Room("incident", "casella.incident.."),
                    new Room("server", "casella.server.."),
                    new Room("bench", "casella.bench.."));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("/testkit/") && !location.contains("/house/"))
                    .importPackages("casella");

    private record Room(String name, String packages) {}

    @Test
    void theImportFoundTheHouse() {
        assertThat(CLASSES).hasSizeGreaterThan(500);
        for (Room room : ROOMS) {
            assertThat(CLASSES.that(resideInAPackage(room.packages()))).as(room.name()).isNotEmpty();
        }
    }

    @Test
    void everyClassIsInARoom() {
        var homeless = new TreeSet<String>();
        for (JavaClass type : CLASSES) {
            boolean housed = ROOMS.stream().anyMatch(room -> resideInAPackage(room.packages()).test(type));
            if (!housed) homeless.add(type.getName());
        }
        assertThat(homeless).isEmpty();
    }

    @Test
    void arrowsOnlyGoDown() {
        for (int i = 0; i < ROOMS.size(); i++) {
            String[] above = ROOMS.subList(i + 1, ROOMS.size()).stream().map(Room::packages)
                    .toArray(String[]::new);
            if (above.length == 0) continue;
            noClasses()
                    .that()
                    .resideInAPackage(ROOMS.get(i).packages())
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(CLASSES);
        }
    }

    @Test
    void protocolsDoNotKnowEachOther() {
        List<String> protocols = List.of("casella.smtp..", "casella.imap..", "casella.pop3..", "casella.jmap..");
        for (String one : protocols) {
            String[] others = protocols.stream().filter(other -> !other.equals(one)).toArray(String[]::new);
            noClasses().that().resideInAPackage(one).should().dependOnClassesThat().resideInAnyPackage(others)
                    .check(CLASSES);
        }
    }

    @Test
    void onlyTheServerNamesEnginesAndVaults() {
        noClasses()
                .that()
                .resideOutsideOfPackages("casella.server..", "casella.engine..", "casella.vault..", "casella.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("casella.engine..", "casella.vault..")
                .check(CLASSES);
    }

    @Test
    void theBaseKnowsTheJdkAlone() {
        noClasses()
                .that()
                .resideInAPackage("casella.base..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("casella.base..", "java..", "javax..", "org.jspecify..", "")
                .check(CLASSES);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("casella.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = new ArrayList<String>();
        Set<String> names = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (!type.getPackageName().equals("casella.store.stored") && !type.getPackageName().endsWith(".message.stored")) {
                names.add(type.getPackageName());
            }
        }
        for (String name : names) {
            JavaPackage found = CLASSES.getPackage(name);
            if (!found.isAnnotatedWith(NullMarked.class)) unmarked.add(name);
        }
        assertThat(unmarked).isEmpty();
    }
}
