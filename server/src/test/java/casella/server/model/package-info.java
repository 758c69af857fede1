@NullMarked
package casella.server.model;

import org.jspecify.annotations.NullMarked;
