@NullMarked
package casella.incident.compensation;

import org.jspecify.annotations.NullMarked;
