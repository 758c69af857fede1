package casella.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What this process used since this was made: cores, bytes read and written, as Linux counts them.
final class Busy {
    private final long start = System.nanoTime();
    private final long cpu = cpu();
    private final long read = counted("rchar: ");
    private final long written = counted("wchar: ");

    private static long cpu() {
        var bean = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return bean.getProcessCpuTime();
    }

    private static long counted(String what) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
                if (line.startsWith(what)) return Long.parseLong(line.substring(what.length()));
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    double cores() {
        return (cpu() - cpu) / 1e9 / seconds();
    }

    long read() {
        return counted("rchar: ") - read;
    }

    long written() {
        return counted("wchar: ") - written;
    }

    /// Returns what else the machine is doing: the load of the last minute and of the last five.
    static String load() {
        try {
            List<String> load = List.of(Files.readString(Path.of("/proc/loadavg")).split(" "));
            return String.format(Locale.ROOT, "# load %s, %s", load.get(0), load.get(1));
        } catch (IOException e) {
            return "# load unknown";
        }
    }

    /// Returns the bytes of objects in use, after they were collected.
    static long heap() {
        for (int i = 0; i < 3; i++) System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
