package casella.testkit;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// A gate inside a part: shut, it holds the part's own threads as a native call or a disk that hangs does, whatever
/// interrupts them.
public final class Gate implements Runnable {
    private Predicate<String> holds = _ -> false;
    private final Set<Thread> held = new java.util.HashSet<>();

    /// Holds from now on every thread that comes by.
    public void shut() {
        shut(_ -> true);
    }

    /// Holds from now on the threads with such names that come by, and lets the others go.
    public synchronized void shut(Predicate<String> names) {
        holds = names;
        notifyAll();
    }

    /// Lets everything pass.
    public void open() {
        shut(_ -> false);
    }

    /// Returns the names of the threads that are held now.
    public synchronized Set<String> held() {
        var names = new TreeSet<String>();
        for (Thread thread : held) names.add(thread.getName());
        return names;
    }

    /// Comes by on the current thread.
    @Override
    public synchronized void run() {
        boolean interrupted = false;
        Thread thread = Thread.currentThread();
        held.add(thread);
        while (holds.test(thread.getName())) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // a hung call does not hear it
            }
        }
        held.remove(thread);
        if (interrupted) thread.interrupt();
    }
}
