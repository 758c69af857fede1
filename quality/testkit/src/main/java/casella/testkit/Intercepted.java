package casella.testkit;

import casella.base.Fault;
import casella.base.Ticket;
import casella.store.disk.Disk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A part each of whose calls somebody looks at, and may spoil: engine, journal, vault or disk.
///
/// Closing it does not close the part: it was borrowed.
public final class Intercepted {
    private Intercepted() {}

    /// Stands around every call.
    public interface Around {
        /// Makes the call, or not.
        ///
        /// @param what the method's name
        /// @throws Fault if it is to fail: in the way of that method
        @Nullable Object call(String what, Callable<@Nullable Object> inner) throws Exception;
    }

    /// Returns `inner` with `around` around each call.
    ///
    /// @param type its interface
    public static <T> T part(Class<T> type, T inner, Around around) {
        Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (self, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) return ofObject(self, method, arguments);
            if (method.getName().equals("close") && !(inner instanceof Disk.File)) return null;
            return called(inner, method, arguments, around);
        });
        return type.cast(proxy);
    }

    private static @Nullable Object ofObject(Object self, Method method,
            @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "intercepted";
        };
    }

    private static @Nullable Object called(
            Object inner, Method method, @Nullable Object @Nullable [] arguments,
                    Around around) throws Throwable {
        try {
            Object result = around.call(method.getName(), () -> {
                try {
                    return method.invoke(inner, arguments);
                } catch (InvocationTargetException e) {
                    if (e.getCause() instanceof Exception cause) throw cause;
                    throw e;
                }
            });
            return result instanceof Disk.File file ? part(Disk.File.class, file, around) : result;
        } catch (Fault e) {
            if (method.getReturnType() == Ticket.class) return Ticket.failed(method.getName(), e);
            boolean disk = Arrays.asList(method.getExceptionTypes()).contains(IOException.class);
            if (disk) throw new IOException(e.getMessage(), e);
            throw e;
        }
    }
}
