@NullMarked
package casella.server.telemetry;

import org.jspecify.annotations.NullMarked;
