package casella.store.disk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/// The memory in which the operating system keeps what was read of files: [#forget] has it dropped, so that the next read
/// comes from the disk and says what is there. The JDK has no call for it; `posix_fadvise` of the C library does it
/// (POSIX.1-2024, `posix_fadvise`), on Linux. Elsewhere nothing is forgotten, and scrubs read what is in memory.
///
/// Blocks: platform threads of a bulkhead only.
public final class PageCache {
    private static final int O_RDONLY = 0;
    /// `POSIX_FADV_DONTNEED` of Linux: clean pages of the range are dropped; what is not written yet stays.
    private static final int DONT_NEED = 4;
    private static final Optional<Calls> CALLS = Calls.find();

    private PageCache() {}

    private record Calls(MethodHandle open, MethodHandle advise, MethodHandle close) {
        @SuppressWarnings("restricted") // three calls of the C library, with the types its headers give them
        static Optional<Calls> find() {
            if (!System.getProperty("os.name", "").equals("Linux")) return Optional.empty();
            Linker linker = Linker.nativeLinker();
            SymbolLookup library = linker.defaultLookup();
            var open = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
            var advise = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT);
            var close = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
            return library.find("open").flatMap(o -> library.find("posix_fadvise").flatMap(a -> library.find("close")
                    .map(c -> new Calls(
                            linker.downcallHandle(o, open, Linker.Option.firstVariadicArg(2)),
                            linker.downcallHandle(a, advise),
                            linker.downcallHandle(c, close)))));
        }
    }

    /// Has what memory holds of a file dropped.
    ///
    /// @return whether the system said that it did; false also where there is no such file
    public static boolean forget(Path file) {
        return CALLS.filter(calls -> forget(calls, file)).isPresent();
    }

    private static boolean forget(Calls calls, Path file) {
        try (Arena arena = Arena.ofConfined()) {
            int opened = (int) calls.open().invokeExact(arena.allocateFrom(file.toAbsolutePath().toString()), O_RDONLY);
            if (opened < 0) return false;
            int failed = (int) calls.advise().invokeExact(opened, 0L, 0L, DONT_NEED);
            int _ = (int) calls.close().invokeExact(opened);
            return failed == 0;
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the C library threw", e); // it cannot: a descriptor is wrong
        }
    }
}
