/// The whole server as its owners' clients see it: real processes, real files, real clients, real trouble.
@NullMarked
package casella.server.whole;

import org.jspecify.annotations.NullMarked;
