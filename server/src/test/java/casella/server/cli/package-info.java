@NullMarked
package casella.server.cli;

import org.jspecify.annotations.NullMarked;
