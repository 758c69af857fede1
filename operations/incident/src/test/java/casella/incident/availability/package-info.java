@NullMarked
package casella.incident.availability;

import org.jspecify.annotations.NullMarked;
